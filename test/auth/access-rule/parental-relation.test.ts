import { afterEach, describe, expect, it } from 'vitest';
import { hasParentalRelation } from '../../../server/auth/access-rule/parental-relation.ts';
import type { Resource } from '../../../server/fhir/resource.ts';
import { onEachDatabase } from '../../support/stores.ts';
import { consentsOf, DIRECTORY, FOURTEEN, recordOf, TEN } from './matrix-record.ts';
import { NOW_MS } from './people.ts';
import { CODES, consentTo, deny, put } from './record-parts.ts';
import { type RuledServer, startRuledServer } from './ruled-server.ts';

const V3 = 'http://terminology.hl7.org/CodeSystem/v3-RoleCode';
const child = (birthDate: string | undefined, more: object = {}): Resource => ({
  resourceType: 'Patient',
  ...(birthDate === undefined ? {} : { birthDate }),
  ...more,
});
const relation = (relations: readonly (readonly [system: string, code: string])[], more: object = {}): Resource => ({
  resourceType: 'RelatedPerson',
  relationship: relations.map(([system, code]) => ({ coding: [{ system, code }] })),
  ...more,
});
const family = (code: string) => [CODES.familyRelation, code] as const;
const responsible = (code: string) => [CODES.responsibility, code] as const;
const mother = relation([family('mor'), responsible('felles')]);
const TEN_YEARS = '2015-06-01';

describe('a parental relation', () => {
  const relations: readonly (readonly [why: string, relation: Resource, counts: boolean])[] = [
    ['a mother with shared responsibility', mother, true],
    ['a father, by HL7’s code', relation([[V3, 'FTH'], responsible('felles')]), true],
    ['a co-mother with the responsibility alone', relation([family('medmor'), responsible('medmor')]), true],
    ['a father with the responsibility alone', relation([family('far'), responsible('far')]), true],
    ['a father while the mother has it alone', relation([family('far'), responsible('mor')]), false],
    ['a mother of whose responsibility nothing is known', relation([family('mor'), responsible('ukjent')]), false],
    ['a mother without a word on responsibility', relation([family('mor')]), false],
    ['a guardian who has it in their place', relation([[V3, 'GUARD'], responsible('andre')]), true],
    ['a mother while somebody else has it', relation([family('mor'), responsible('andre')]), false],
    ['a step-mother', relation([[V3, 'STPMTH'], responsible('felles')]), false],
    ['a grandmother', relation([[V3, 'GRMTH'], responsible('felles')]), false],
    ['a mother whose relation has ended', { ...mother, period: { end: '2026-03-09' } }, false],
    ['a mother whose relation ends today', { ...mother, period: { end: '2026-03-10' } }, true],
    ['a mother who is no longer active as such', { ...mother, active: false }, false],
  ];
  it.each(relations)('of %s', (_why, related, counts) => {
    expect(hasParentalRelation(related, child(TEN_YEARS), NOW_MS)).toBe(counts);
  });

  const birthdays: readonly (readonly [why: string, birthDate: string | undefined, now: string, counts: boolean])[] = [
    ['the last moment before the 16th birthday, in Norway', '2010-03-10', '2026-03-09T22:59:59.999Z', true],
    ['the first moment of the 16th birthday, in Norway', '2010-03-10', '2026-03-09T23:00:00.000Z', false],
    ['the last moment before it in summer time', '2010-07-01', '2026-06-30T21:59:59.999Z', true],
    ['the first moment of it in summer time', '2010-07-01', '2026-06-30T22:00:00.000Z', false],
    ['a leap day', '2012-02-29', '2028-02-28T12:00:00.000Z', true],
    ['the 16th birthday on a leap day', '2012-02-29', '2028-02-29T12:00:00.000Z', false],
    ['a month of birth, from its first day on', '2010-03', '2026-03-01T12:00:00.000Z', false],
    ['a year of birth, from its first day on', '2010', '2026-01-01T12:00:00.000Z', false],
    ['a year of birth, before', '2010', '2025-12-31T12:00:00.000Z', true],
    ['no birth date', undefined, '2026-03-10T12:00:00.000Z', false],
    ['a birth date that is none', '2015-13-41', '2026-03-10T12:00:00.000Z', false],
  ];
  it.each(birthdays)('on %s', (_why, birthDate, now, counts) => {
    expect(hasParentalRelation(mother, child(birthDate), Date.parse(now))).toBe(counts);
  });

  it('gives nothing to parents of a child whose address is protected', () => {
    for (const code of ['R', 'V']) {
      const security = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code }];
      expect(hasParentalRelation(mother, child(TEN_YEARS, { meta: { security } }), NOW_MS)).toBe(false);
    }
    const usual = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'N' }];
    expect(hasParentalRelation(mother, child(TEN_YEARS, { meta: { security: usual } }), NOW_MS)).toBe(true);
  });
});

onEachDatabase('a child and their parents', (open) => {
  let ruled: RuledServer | undefined;
  afterEach(() => ruled?.close());

  async function start(...more: readonly Resource[]) {
    const database = await open({ nowMs: () => NOW_MS });
    const fourteen = recordOf(FOURTEEN, []).filter(({ resourceType }) => resourceType !== 'Consent');
    await put(database.resources, ...DIRECTORY, ...recordOf(TEN, []), ...fourteen, ...consentsOf(FOURTEEN, 'active'), ...more);
    const started = await startRuledServer(database);
    ruled = started;
    const as = (fhirUser: string, patient: string) => started.as({ scope: 'patient/*.cruds', fhirUser, patient });
    return {
      child: await as('Patient/fourteen', 'fourteen'),
      mother: await as('RelatedPerson/fourteen-mother', 'fourteen'),
      nurse: await started.as({ scope: 'user/*.cruds', fhirUser: 'Practitioner/nurse', organization_number: '100000002' }),
      motherOfTen: await as('RelatedPerson/ten-mother', 'ten'),
    };
  }
  const objection = {
    ...consentTo('plan', 'fourteen'),
    provision: { type: 'permit', ...deny('RelatedPerson/fourteen-mother'), code: undefined },
  };

  it('the child’s objection is recorded by the child, followed at once, and taken back by the child alone', async () => {
    const { child, mother, nurse } = await start();
    expect((await mother('GET', 'CarePlan/fourteen-plan')).status).toBe(200);
    const recorded = await child('PUT', 'Consent/fourteen-plan', objection);
    expect(recorded.status, recorded.text).toBe(201);
    expect((await mother('GET', 'CarePlan/fourteen-plan')).status).toBe(404);
    expect((await mother('GET', 'Consent?patient=fourteen&_total=accurate')).body.total).toBe(0);
    expect((await nurse('GET', 'CarePlan/fourteen-plan')).status).toBe(200);
    expect((await child('PUT', 'Consent/fourteen-plan', { ...objection, status: 'inactive' })).status).toBe(200);
    expect((await mother('GET', 'CarePlan/fourteen-plan')).status).toBe(200);
  });

  it('a parent gives and withdraws consent for the child, and never takes a block away', async () => {
    const againstOther = { ...objection, provision: { type: 'permit', ...deny('RelatedPerson/fourteen-cousin') } };
    const { mother, nurse } = await start(againstOther);
    const active = consentsOf(FOURTEEN, 'active')[0]!;
    expect((await mother('PUT', 'Consent/fourteen-innsyn', { ...active, status: 'inactive' })).status).toBe(200);
    expect((await nurse('GET', 'CarePlan/fourteen-plan')).status).toBe(404);
    expect((await mother('PUT', 'Consent/fourteen-innsyn', active)).status).toBe(200);
    expect((await nurse('GET', 'CarePlan/fourteen-plan')).status).toBe(200);
    for (const without of [
      { ...againstOther, provision: { type: 'permit' } },
      { ...againstOther, status: 'inactive' },
    ]) {
      const refused = await mother('PUT', 'Consent/fourteen-plan', without);
      expect(refused.status).toBe(403);
      expect(refused.body.issue?.[0]).toMatchObject({ code: 'forbidden', expression: ['Consent'] });
      expect(refused.text).toContain('By the access rule \\"block\\"');
    }
    expect((await mother('DELETE', 'Consent/fourteen-plan')).status).toBe(403);
  });

  it('a consent that is withdrawn does not shut parents out, and no parent sees another child', async () => {
    const { motherOfTen } = await start();
    expect((await motherOfTen('GET', 'CarePlan/ten-plan')).status).toBe(200);
    expect((await motherOfTen('GET', 'CarePlan/fourteen-plan')).status).toBe(404);
  });
});
