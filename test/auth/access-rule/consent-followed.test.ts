import { afterEach, expect, it } from 'vitest';
import { onEachDatabase } from '../../support/stores.ts';
import { consentsOf, DIRECTORY, IDA, recordOf } from './matrix-record.ts';
import { NOW_MS } from './people.ts';
import { consentTo, put, ref } from './record-parts.ts';
import { type RuledServer, startRuledServer } from './ruled-server.ts';

const PERMITTED = ['Organization/solvik', 'Organization/gp-office'];
const at = (reference: object) => [{ reference }];

/** What stands in a consent that this service would not follow, and the element it is told at. */
const rows: readonly (readonly [what: string, change: (base: string) => object, expression: string])[] = [
  ['a block of a full URL', (base) => blocks(ref(`${base}/Practitioner/nurse`)), 'provision.provision[0].actor[0].reference'],
  ['a block by a number', () => blocks({ identifier: { value: '999012345' } }), 'provision.provision[0].actor[0].reference'],
  ['a block by a name', () => blocks({ display: 'Kari' }), 'provision.provision[0].actor[0].reference'],
  ['a block of a group', () => blocks(ref('Group/all')), 'provision.provision[0].actor[0].reference'],
  ['a block of what is contained', () => blocks(ref('#nurse')), 'provision.provision[0].actor[0].reference'],
  ['a block of nobody', () => provision({ provision: [{ type: 'deny' }] }), 'provision.provision[0]'],
  ['a denial of nobody', () => ({ provision: { type: 'deny' } }), 'provision'],
  [
    'a block within a block',
    () => provision({ provision: [{ type: 'deny', actor: at(ref('Practitioner/nurse')), provision: [{ type: 'deny' }] }] }),
    'provision.provision[0].provision[0]',
  ],
  ['a permission by a number', () => provision({ actor: at({ identifier: { value: '1' } }) }), 'provision.actor[0].reference'],
  ['a permission for some types', () => provision({ class: [{ code: 'Goal' }] }), 'provision.class'],
  ['a permission for one purpose', () => provision({ purpose: [{ code: 'HRESCH' }] }), 'provision.purpose'],
  ['a permission for some resources', () => provision({ data: [{ meaning: 'instance', reference: ref('Goal/goal') }] }), 'provision.data'],
  ['a permission for old data', () => provision({ dataPeriod: { end: '2020-01-01' } }), 'provision.dataPeriod'],
  ['a permission for some labels', () => provision({ securityLabel: [{ code: 'L' }] }), 'provision.securityLabel'],
  ['a permission to do one thing', () => provision({ action: [{ text: 'correct' }] }), 'provision.action'],
  ['a permission for some codes', () => provision({ code: [{ text: 'x' }] }), 'provision.code'],
  ['a patient by a full URL', (base) => ({ patient: ref(`${base}/Patient/ida`) }), 'patient'],
  ['a patient by a number', () => ({ patient: { identifier: { value: '13717404089' } } }), 'patient'],
];

function provision(more: object) {
  return { provision: { type: 'permit', actor: PERMITTED.map((actor) => ({ reference: ref(actor) })), ...more } };
}

function blocks(reference: object) {
  return provision({ provision: [{ type: 'deny', actor: at(reference) }] });
}

onEachDatabase('a consent in force', (open) => {
  let ruled: RuledServer | undefined;
  afterEach(() => ruled?.close());

  async function start() {
    const database = await open({ nowMs: () => NOW_MS });
    await put(database.resources, ...DIRECTORY, ...recordOf(IDA, []), ...consentsOf(IDA, 'active'));
    ruled = await startRuledServer(database);
    const administration = await ruled.as({ scope: 'system/*.cruds', scopes_alone: true } as Parameters<RuledServer['as']>[0]);
    const patient = await ruled.as({ scope: 'patient/*.cruds', fhirUser: 'Patient/ida', patient: 'ida' });
    const nurse = await ruled.as({ scope: 'user/*.cruds', fhirUser: 'Practitioner/nurse', organization_number: '100000002' });
    return { administration, patient, nurse, base: ruled.server.url };
  }
  const consent = (more: object) => ({ ...consentTo('innsyn', 'ida', { actor: PERMITTED }), ...more });

  it('says nothing that would not be followed: by whoever it is written', async () => {
    const { administration, patient, nurse, base } = await start();
    for (const [what, change, expression] of rows) {
      for (const ask of expression === 'patient' ? [administration] : [administration, patient]) {
        const answer = await ask('PUT', 'Consent/ida-innsyn', consent(change(base)), { 'If-Match': 'W/"1"' });
        expect(answer.status, `${what}: ${answer.text}`).toBe(422);
        expect(answer.body.issue?.[0], what).toMatchObject({ code: 'business-rule', expression: [`Consent.${expression}`] });
      }
    }
    expect((await nurse('GET', 'CarePlan/ida-plan')).status).toBe(200);
  });

  it('may say of a draft, or of one that is over, what it likes', async () => {
    const { patient } = await start();
    const draft = consent({ id: 'draft', status: 'draft', ...blocks({ display: 'Kari' }) });
    expect((await patient('PUT', 'Consent/draft', draft)).status).toBe(201);
  });

  it('names a person, a role, an organisation or a team, in whatever version: a block of any is followed at once', async () => {
    const { patient, nurse } = await start();
    const named = [
      'Practitioner/nurse',
      'Practitioner/nurse/_history/1',
      'PractitionerRole/nurse-role/_history/7',
      'Organization/solvik',
      'CareTeam/ida-team',
    ];
    for (const [time, reference] of named.entries()) {
      const write = (content: object, version: number) =>
        patient('PUT', 'Consent/ida-innsyn', content, { 'If-Match': `W/"${version}"` }).then(({ status, text }) =>
          expect(status, text).toBe(200),
        );
      await write(consent(blocks(ref(reference))), 2 * time + 1);
      expect((await nurse('GET', 'CarePlan/ida-plan')).status, reference).toBe(404);
      await write(consent({}), 2 * time + 2);
      expect((await nurse('GET', 'CarePlan/ida-plan')).status).toBe(200);
    }
  });
});
