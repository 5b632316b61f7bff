/**
 * Attacks that read what is another's: by its id, by searches of every kind, by operations. Each row is tried by three:
 * personnel of another hospital, the system of that hospital, and another patient.
 *
 * Spec: https://hl7.org/fhir/R4/security.html#6.1.0
 */
import { afterAll, beforeAll, describe } from 'vitest';
import { type Attack, areRefusedAndLogged, attack } from './attack.ts';
import { type Ask, openStronghold, STORES, type Stronghold, WHO } from './stronghold.ts';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
type Words = readonly [how: string, method: string, path: string, body?: unknown, headers?: Record<string, string>];

/** Whose attack it is, and how the log names them. */
const ATTACKERS = {
  outsider: 'Practitioner/stranger',
  'system of another hospital': 'other-system',
  'another patient': 'Patient/own',
} as const;

/** By id: as if it were not there, and in the log as denied, with whose it is. */
const BY_ID: readonly Words[] = [
  ['a plan by its id', 'GET', 'CarePlan/ida-plan'],
  ['a plan by HEAD', 'HEAD', 'CarePlan/ida-plan'],
  ['a version of a plan', 'GET', 'CarePlan/ida-plan/_history/1'],
  ['the history of a plan', 'GET', 'CarePlan/ida-plan/_history'],
  ['a plan, whether it has changed', 'GET', 'CarePlan/ida-plan', undefined, { 'If-None-Match': 'W/"1"' }],
  ['a plan, whether it has changed since', 'GET', 'CarePlan/ida-plan', undefined, { 'If-Modified-Since': 'Wed, 01 Jan 2020 00:00:00 GMT' }],
  ['a summary of a plan', 'GET', 'CarePlan/ida-plan?_summary=true'],
  ['one element of a plan', 'GET', 'CarePlan/ida-plan?_elements=status'],
  ['a person', 'GET', 'Patient/ida'],
  ['a goal', 'GET', 'Goal/ida-goal'],
  ['a task', 'GET', 'Task/ida-task'],
  ['a team', 'GET', 'CareTeam/ida-team'],
  ['a consent', 'GET', 'Consent/ida-innsyn'],
  ['a relative', 'GET', 'RelatedPerson/ida-mother'],
  ['a need', 'GET', 'ServiceRequest/ida-need'],
  ['all of a plan', 'GET', 'CarePlan/ida-plan/$everything'],
  ['all of a person', 'GET', 'Patient/ida/$everything'],
  ['what changed in a plan', 'GET', 'CarePlan/ida-plan/$diff'],
  ['the tags of a plan', 'GET', 'CarePlan/ida-plan/$meta'],
  ['whether a plan is valid', 'GET', 'CarePlan/ida-plan/$validate'],
];

/** By a search that names the person or something of theirs: nothing, and in the log as denied. */
const BY_NAME: readonly Words[] = [
  ['plans of a person', 'GET', 'CarePlan?patient=ida'],
  ['plans of a subject', 'GET', 'CarePlan?subject=Patient/ida'],
  ['plans of an absolute subject', 'GET', 'CarePlan?subject:Patient=ida'],
  ['plans by POST', 'POST', 'CarePlan/_search', 'patient=ida', FORM],
  ['a plan by id', 'GET', 'CarePlan?_id=ida-plan'],
  ['a person by id', 'GET', 'Patient?_id=ida'],
  ['the number of plans', 'GET', 'CarePlan?patient=ida&_summary=count'],
  ['the total of plans', 'GET', 'CarePlan?patient=ida&_total=accurate&_count=0'],
  ['an estimate of the total', 'GET', 'CarePlan?patient=ida&_total=estimate'],
  ['the compartment', 'GET', 'Patient/ida/CarePlan'],
  ['the whole compartment', 'GET', 'Patient/ida/*'],
  ['a chain to the person', 'GET', 'CarePlan?subject:Patient._id=ida'],
  ['a reverse chain from a plan', 'GET', 'Patient?_has:CarePlan:subject:_id=ida-plan&_id=ida'],
  ['a filter', 'GET', 'CarePlan?_filter=status eq active&patient=ida'],
  ['words of the content', 'GET', 'Patient?_content=Testnes&_id=ida'],
  ['sorted by birth date', 'GET', 'Patient?_id=ida&_sort=birthdate'],
  ['all types', 'GET', '?_type=CarePlan,Goal&_id=ida-plan'],
  ['tasks of a plan', 'GET', 'Task?based-on=CarePlan/ida-plan'],
  ['plans with what they point at', 'GET', 'CarePlan?patient=ida&_include=*&_include:iterate=*'],
  ['a person with all that points there', 'GET', 'Patient?_id=ida&_revinclude=*&_revinclude:iterate=*'],
  ['what was changed lately', 'GET', 'CarePlan?patient=ida&_lastUpdated=gt2000'],
];

/** By a search that names nobody: nothing of anyone is found, and the log has the search. */
const BY_DESCRIPTION: readonly Words[] = [
  ['by family name', 'GET', 'Patient?family=Testnes'],
  ['by national number', 'POST', 'Patient/_search', 'identifier=urn:oid:2.16.578.1.12.4.1.4.1|13717404089', FORM],
  ['by birth date', 'GET', 'Patient?birthdate=1950-01-01'],
  ['by words of the content', 'GET', 'Patient?_content=Testnes'],
  ['by a filter', 'GET', 'Patient?_filter=family eq "Testnes"'],
  ['by who is in the team', 'GET', 'CareTeam?participant=PractitionerRole/ke-role'],
  ['by a chain through what is hidden', 'GET', 'PractitionerRole?_has:CareTeam:participant:patient=ida'],
  ['by two chains through what is hidden', 'GET', 'Practitioner?_has:PractitionerRole:practitioner:_has:CareTeam:participant:patient=ida'],
  ['by the list of another', 'GET', 'Organization?_list=ida-list'],
  ['by the group of another', 'GET', 'Group?member=Patient/ida'],
  ['by who has changed it', 'GET', 'Provenance?target=CarePlan/ida-plan'],
  ['by who has seen it', 'GET', 'AuditEvent?patient=ida'],
];

const attempts = (rows: readonly Words[], refused: string, logged: (who: string) => string): readonly Attack[] =>
  rows.flatMap(([how, method, path, body, headers]) =>
    Object.entries(ATTACKERS).map(([who, name]) =>
      attack(`${how}, by ${who}`, refused, logged(name), async (place) =>
        (await place.as(WHO[who as keyof typeof ATTACKERS]))(method, path, body, headers),
      ),
    ),
  );

describe.each(STORES)('reading what is another’s on %s:', (store) => {
  let place: Stronghold;
  const as: Partial<Record<keyof typeof WHO, Ask>> = {};
  beforeAll(async () => {
    place = await openStronghold(store);
    for (const who of Object.keys(WHO) as (keyof typeof WHO)[]) as[who] = await place.as(WHO[who]);
  });
  afterAll(() => place.close());

  const withBody = BY_ID.filter(([, method]) => method !== 'HEAD');
  areRefusedAndLogged(
    attempts(withBody, '404 not-found', (who) => `8 ${who} … Patient/ida`),
    () => place,
  );
  areRefusedAndLogged(
    attempts(
      BY_ID.filter(([, method]) => method === 'HEAD'),
      '404',
      (who) => `8 ${who} read 404 not-found Patient/ida`,
    ),
    () => place,
  );
  areRefusedAndLogged(
    attempts(BY_NAME, '200 nothing', (who) => `8 ${who} … Patient/ida`),
    () => place,
  );
  areRefusedAndLogged(
    attempts(BY_DESCRIPTION, '200 nothing', () => ''),
    () => place,
  );
});
