import { describe, expect, it } from 'vitest';
import type { AccessRecord } from '../../../server/audit/access-record.ts';
import { auditEvents } from '../../../server/audit/audit-event.ts';
import { readAccess } from '../../../server/audit/telling/noted-access.ts';
import { Visits } from '../../../server/audit/telling/visits.ts';
import { whatWasDone } from '../../../server/audit/telling/what-was-done.ts';
import { WORDS } from '../../../server/audit/telling/words.ts';
import type { Language } from '../../../server/fhir/language.ts';

type Done = Partial<AccessRecord>;

/** The visit that these records are told as. */
function visitOf(records: readonly Done[], purpose = 'TREAT') {
  const visits = new Visits();
  for (const [n, record] of records.entries()) {
    const whole: AccessRecord = {
      atMs: Date.UTC(2026, 2, 1) - n * 1000,
      caller: { clientId: 'app', user: 'Practitioner/nurse', purpose },
      interaction: 'read',
      action: 'R',
      outcome: '0',
      patients: ['ida'],
      ...record,
    };
    for (const event of auditEvents([whole], () => `e${n}`)) visits.add(readAccess(JSON.stringify(event)));
  }
  const [visit, another] = visits.list();
  expect(another).toBeUndefined();
  return visit!;
}

const read = (what: string): Done => ({ what });
const search = (query: string): Done => ({ interaction: 'search-type', action: 'E', query });
const launched: Done = { kind: 'authentication', interaction: 'token-exchange', action: 'E', origin: 'Fjordheim sykehus' };

/** What was done, and the sentence in bokmål, nynorsk and English. */
const SENTENCES: readonly (readonly [why: string, done: readonly Done[], nb: string, nn: string, en: string])[] = [
  ['opening a plan', [read('CarePlan/p/_history/2')], 'åpnet planen', 'opna planen', 'opened the plan'],
  ['a search', [search('Goal?patient=ida')], 'leste mål', 'las mål', 'read goals'],
  ['a search in the compartment', [search('Patient/ida/Task?')], 'leste tiltak', 'las tiltak', 'read measures'],
  ['a search over everything', [search('?_id=x')], 'leste andre opplysninger', 'las andre opplysningar', 'read other information'],
  [
    'a search that shows nothing',
    [{ ...search('CarePlan?patient=ida'), shown: 0 }],
    'så etter planen',
    'såg etter planen',
    'looked for the plan',
  ],
  [
    'a search that shows nothing besides another deed',
    [{ ...search('CarePlan?patient=ida'), shown: 0 }, search('Goal?')],
    'leste mål',
    'las mål',
    'read goals',
  ],
  [
    'several things, each once, in a set order',
    [search('Goal?'), search('CareTeam?'), search('Goal?_id=2'), read('CarePlan/p'), search('Basic?')],
    'åpnet planen og leste oppfølgingsteamet og mål',
    'opna planen og las oppfølgingsteamet og mål',
    'opened the plan and read the care team and goals',
  ],
  ['a change', [{ interaction: 'update', action: 'U', what: 'Task/t/_history/2' }], 'endret tiltak', 'endra tiltak', 'changed measures'],
  ['a creation', [{ interaction: 'create', action: 'C', what: 'Goal/g/_history/1' }], 'opprettet mål', 'oppretta mål', 'created goals'],
  [
    'a creation under an id that was chosen',
    [{ interaction: 'update', action: 'C', what: 'CarePlan/p/_history/1' }],
    'opprettet planen',
    'oppretta planen',
    'created the plan',
  ],
  ['a deletion', [{ interaction: 'delete', action: 'D', what: 'Goal/g/_history/3' }], 'slettet mål', 'sletta mål', 'deleted goals'],
  [
    'earlier versions',
    [{ interaction: 'history-instance', what: 'CarePlan/p' }],
    'så på tidligere versjoner av planen',
    'såg på tidlegare versjonar av planen',
    'looked at earlier versions of the plan',
  ],
  [
    'all that is recorded',
    [{ interaction: '$everything', action: 'E', what: 'Patient/ida', query: 'Patient/ida/$everything?' }],
    'hentet alt som er registrert',
    'henta alt som er registrert',
    'fetched all that is recorded',
  ],
  [
    'an operation of which nothing special is said',
    [{ interaction: '$something', action: 'E', what: 'CarePlan/p', query: 'CarePlan/p/$something?' }],
    'åpnet planen',
    'opna planen',
    'opened the plan',
  ],
  [
    'a transaction alone',
    [{ interaction: 'transaction', action: 'E' }],
    'brukte opplysningene',
    'brukte opplysningane',
    'used the information',
  ],
  [
    'coming from a record system, and what followed',
    [search('Goal?'), launched],
    'åpnet Fellesplan fra Fjordheim sykehus og leste mål',
    'opna Fellesplan frå Fjordheim sykehus og las mål',
    'opened Fellesplan from Fjordheim sykehus and read goals',
  ],
  [
    'a launch that came to nothing',
    [{ ...launched, outcome: '8' }],
    'prøvde å åpne Fellesplan fra Fjordheim sykehus, men fikk ikke tilgang',
    'prøvde å opne Fellesplan frå Fjordheim sykehus, men fekk ikkje tilgang',
    'tried to open Fellesplan from Fjordheim sykehus, but was refused access',
  ],
  [
    'a change that was refused',
    [{ interaction: 'update', action: 'U', outcome: '8', what: 'CareTeam/t' }],
    'prøvde å endre oppfølgingsteamet, men fikk ikke tilgang',
    'prøvde å endre oppfølgingsteamet, men fekk ikkje tilgang',
    'tried to change the care team, but was refused access',
  ],
  [
    'a fault of ours',
    [{ outcome: '12', what: 'CarePlan/p' }],
    'prøvde å åpne planen, men det lyktes ikke',
    'prøvde å opne planen, men det lukkast ikkje',
    'tried to open the plan, without success',
  ],
];

describe('what was done, in words', () => {
  it.each(SENTENCES)('tells of %s', (_why, done, nb, nn, en) => {
    const visit = visitOf(done);
    const sentence = (language: Language) => whatWasDone(visit, WORDS[language]);
    expect([sentence('nb'), sentence('nn'), sentence('en')]).toEqual([nb, nn, en]);
  });

  it('tells emergency access once, with its reason, and not the announcement of it', () => {
    const glass: Done = { interaction: '$break-the-glass', action: 'E', what: 'Patient/ida', reason: 'Innlagt bevisstløs' };
    const announcement: Done = { interaction: 'create', action: 'C', what: 'Communication/c/_history/1', reason: 'Innlagt bevisstløs' };
    const whole = visitOf([read('CarePlan/p'), glass, announcement], 'BTG');
    expect(whatWasDone(whole, WORDS.nb)).toBe('brukte nødtilgang og åpnet planen');
    expect(whole.reason).toBe('Innlagt bevisstløs');
    expect(whatWasDone(visitOf([glass, announcement], 'BTG'), WORDS.nb)).toBe('tok nødtilgang');
    const refused = visitOf([{ ...glass, outcome: '8', reason: '403 forbidden' }]);
    expect(whatWasDone(refused, WORDS.nb)).toBe('prøvde å få nødtilgang, men fikk ikke tilgang');
    expect(refused.reason).toBeUndefined();
  });

  it('has the same entries in every language', () => {
    const entries = ({ kinds, things, purposes }: (typeof WORDS)['nb']) => [kinds, things, purposes].map((table) => Object.keys(table));
    expect(entries(WORDS.nn)).toEqual(entries(WORDS.nb));
    expect(entries(WORDS.en)).toEqual(entries(WORDS.nb));
  });
});
