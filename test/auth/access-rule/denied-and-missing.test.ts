import { afterEach, describe, expect, it } from 'vitest';
import { onEachDatabase } from '../../support/stores.ts';
import type { TestAnswer } from '../../support/test-server.ts';
import { consentsOf, DIRECTORY, IDA, recordOf } from './matrix-record.ts';
import { NOW_MS } from './people.ts';
import { consentTo, put, ref } from './record-parts.ts';
import { type Ask, type RuledServer, startRuledServer } from './ruled-server.ts';

/** `ida-…` is hidden from the one who asks, `eva-…` has never been there: nothing else may differ. */
const HIDDEN = 'ida';
const MISSING = 'eva';

const goal = (of: string, id?: string) => ({
  resourceType: 'Goal',
  ...(id === undefined ? {} : { id }),
  lifecycleStatus: 'active',
  description: { text: 'x' },
  subject: ref(`Patient/${of}`),
});
const plan = (of: string) => ({
  resourceType: 'CarePlan',
  id: `${of}-plan`,
  status: 'active',
  intent: 'plan',
  subject: ref(`Patient/${of}`),
});
const bundle = (type: string, entry: object) => ({ resourceType: 'Bundle', type, entry: [entry] });
const patch = JSON.stringify([{ op: 'replace', path: '/status', value: 'revoked' }]);
const ifMatch = { 'If-Match': 'W/"1"' };
const ofType = { 'Content-Type': 'application/json-patch+json' };
type Call = readonly [method: string, path: string, body?: unknown, headers?: Record<string, string>];

/** Each interaction, asked about somebody. */
const CALLS: Readonly<Record<string, (of: string) => Call>> = {
  read: (of) => ['GET', `CarePlan/${of}-plan`],
  'read of the person': (of) => ['GET', `Patient/${of}`],
  vread: (of) => ['GET', `CarePlan/${of}-plan/_history/1`],
  'vread of a version that is not there': (of) => ['GET', `CarePlan/${of}-plan/_history/9`],
  'conditional read': (of) => ['GET', `CarePlan/${of}-plan`, undefined, { 'If-None-Match': 'W/"1"' }],
  'history of an instance': (of) => ['GET', `CarePlan/${of}-plan/_history`],
  'search by patient': (of) => ['GET', `CarePlan?patient=${of}&_total=accurate`],
  'search by id': (of) => ['GET', `CarePlan?_id=${of}-plan&_total=accurate`],
  'search by POST': (of) => ['POST', 'CarePlan/_search', `patient=${of}`, { 'Content-Type': 'application/x-www-form-urlencoded' }],
  'search with a chain': (of) => ['GET', `CarePlan?subject:Patient._id=${of}`],
  'search with a reverse chain': (of) => ['GET', `PractitionerRole?_has:CareTeam:participant:patient=${of}`],
  'search with a reverse chain of the person': (of) => ['GET', `Organization?_has:Task:owner:patient=${of}`],
  'search in a compartment': (of) => ['GET', `Patient/${of}/CarePlan`],
  'search with an include': (of) => ['GET', `Task?_id=${of}-task&_include=Task:based-on`],
  'search with a reverse include': (of) => ['GET', `Patient?_id=${of}&_revinclude=CarePlan:subject`],
  'search of all types': (of) => ['GET', `?_type=CarePlan,Goal&_id=${of}-plan`],
  'create about them': (of) => ['POST', 'Goal', goal(of)],
  'conditional create': (of) => ['POST', 'Goal', goal(of), { 'If-None-Exist': `patient=${of}` }],
  update: (of) => ['PUT', `CarePlan/${of}-plan`, plan(of), ifMatch],
  'update without If-Match': (of) => ['PUT', `CarePlan/${of}-plan`, plan(of)],
  'update that must make it': (of) => ['PUT', `CarePlan/${of}-plan`, plan(of), { 'If-None-Match': '*' }],
  'update of a type without versions to name': (of) => [
    'PUT',
    `ServiceRequest/${of}-need`,
    { resourceType: 'ServiceRequest', id: `${of}-need`, status: 'active', intent: 'proposal', subject: ref(`Patient/${of}`) },
  ],
  'conditional update': (of) => ['PUT', `Goal?patient=${of}`, goal(of), ifMatch],
  'conditional update with an id': (of) => ['PUT', `Goal?patient=${of}`, goal(of, `${of}-goal`)],
  patch: (of) => ['PATCH', `CarePlan/${of}-plan`, patch, { ...ofType, ...ifMatch }],
  'patch without If-Match': (of) => ['PATCH', `CarePlan/${of}-plan`, patch, ofType],
  'conditional patch': (of) => ['PATCH', `CarePlan?patient=${of}`, patch, { ...ofType, ...ifMatch }],
  delete: (of) => ['DELETE', `CarePlan/${of}-plan`, undefined, ifMatch],
  'delete without If-Match': (of) => ['DELETE', `CarePlan/${of}-plan`],
  'delete of a type without versions to name': (of) => ['DELETE', `ServiceRequest/${of}-need`],
  'conditional delete': (of) => ['DELETE', `CarePlan?patient=${of}`],
  'entry of a batch': (of) => ['POST', '', bundle('batch', { request: { method: 'GET', url: `CarePlan/${of}-plan` } })],
  'entry of a transaction': (of) => [
    'POST',
    '',
    bundle('transaction', { resource: plan(of), request: { method: 'PUT', url: `CarePlan/${of}-plan`, ifMatch: 'W/"1"' } }),
  ],
  'entry that reads in a transaction': (of) => [
    'POST',
    '',
    bundle('transaction', { request: { method: 'GET', url: `CarePlan/${of}-plan` } }),
  ],
  'conditional reference': (of) => [
    'POST',
    '',
    bundle('transaction', {
      resource: { ...goal('own'), expressedBy: ref(`Patient?_id=${of}`) },
      request: { method: 'POST', url: 'Goal' },
    }),
  ],
  '$everything of the plan': (of) => ['GET', `CarePlan/${of}-plan/$everything`],
  '$everything of the person': (of) => ['GET', `Patient/${of}/$everything`],
  $diff: (of) => ['GET', `CarePlan/${of}-plan/$diff`],
  $meta: (of) => ['GET', `CarePlan/${of}-plan/$meta`],
  '$meta-add': (of) => [
    'POST',
    `CarePlan/${of}-plan/$meta-add`,
    { resourceType: 'Parameters', parameter: [{ name: 'meta', valueMeta: { tag: [{ code: 'x' }] } }] },
    ifMatch,
  ],
  $validate: (of) => ['GET', `CarePlan/${of}-plan/$validate`],
  $extract: (of) => ['POST', `QuestionnaireResponse/${of}-form/$extract`],
  '$access-log': (of) => ['GET', `Patient/${of}/$access-log`],
  '$export of a group': (of) => ['GET', `Group/${of}-group/$export`, undefined, { Prefer: 'respond-async' }],
};

/** An answer without what names the one or the other, and without what every answer has of its own. */
function leftOf({ status, headers, text }: TestAnswer, of: string): string {
  const own = ['date', 'x-request-id', 'content-length', 'last-modified'];
  const kept = [...headers].filter(([name]) => !own.includes(name));
  const body = text
    // First: three letters of a name may stand in a sealed link by chance.
    .replaceAll(/"id":"id-\d+"|_page=[\w-]+/g, '(id)')
    .replaceAll(of, '(who)')
    .replaceAll(/"lastUpdated":"[^"]+"/g, '(when)');
  return `${status} ${JSON.stringify(kept).replaceAll(of, '(who)')} ${body}`;
}

onEachDatabase('what is denied and what is not there', (open) => {
  let ruled: RuledServer | undefined;
  afterEach(() => ruled?.close());

  async function start() {
    const database = await open({ nowMs: () => NOW_MS });
    const own = { id: 'own', birthDate: '1940-01-01' };
    await put(
      database.resources,
      ...DIRECTORY,
      ...recordOf(IDA, ['ida-goal']),
      ...consentsOf(IDA, 'active'),
      // The outsider is not a stranger to the service: there is somebody whose plan they see.
      ...recordOf(own, []),
      consentTo('innsyn', 'own', { actor: ['Organization/other-hospital'] }),
      {
        resourceType: 'Task',
        id: 'accepted',
        status: 'accepted',
        intent: 'order',
        for: ref('Patient/own'),
        owner: ref('PractitionerRole/stranger-role'),
      },
      { resourceType: 'Group', id: 'ida-group', type: 'person', actual: true, member: [{ entity: ref('Patient/ida') }] },
      { resourceType: 'QuestionnaireResponse', id: 'ida-form', status: 'completed', subject: ref('Patient/ida') },
    );
    ruled = await startRuledServer(database);
    const claims = { scope: 'user/*.cruds', organization_number: '300000001', fhirUser: 'Practitioner/stranger' };
    return ruled.as(claims);
  }
  const left = async (ask: Ask, call: (of: string) => Call, of: string) => leftOf(await ask(...call(of)), of);

  describe('are told in the same bytes', () => {
    it('for every interaction', async () => {
      const ask = await start();
      expect((await ask('GET', 'CarePlan/own-plan')).status).toBe(200);
      const told: string[] = [];
      for (const [name, call] of Object.entries(CALLS)) {
        const [hidden, missing] = [await left(ask, call, HIDDEN), await left(ask, call, MISSING)];
        if (hidden !== missing) told.push(`${name}\n  hidden:  ${hidden}\n  missing: ${missing}`);
      }
      expect(told.join('\n')).toBe('');
    });
  });

  it('a hidden id is not taken over by a resource of one’s own, and a free one may be', async () => {
    const ask = await start();
    const task = (id: string) => ({ resourceType: 'Task', id, status: 'accepted', intent: 'order', for: ref('Patient/own') });
    const own = { owner: ref('PractitionerRole/stranger-role') };
    const taken = await ask('PUT', 'Task/ida-task', { ...task('ida-task'), ...own }, ifMatch);
    expect(taken.status, taken.text).toBe(404);
    expect(taken.body.issue?.[0]).toMatchObject({ code: 'not-found', diagnostics: 'Task/ida-task is not known' });
  });
});
