import { afterEach, expect, it } from 'vitest';
import type { Resource } from '../../../server/fhir/resource.ts';
import { bundle, entry } from '../../support/fixtures.ts';
import { onEachDatabase } from '../../support/stores.ts';
import { DIRECTORY } from './matrix-record.ts';
import { NOW_MS } from './people.ts';
import { put } from './record-parts.ts';
import { type RuledServer, startRuledServer } from './ruled-server.ts';

const HPR = 'urn:oid:2.16.578.1.12.4.1.4.4';
const known = { system: HPR, value: '999012345' };

onEachDatabase('the number of a Practitioner', (open) => {
  let ruled: RuledServer | undefined;
  afterEach(() => ruled?.close());

  async function start() {
    const database = await open({ nowMs: () => NOW_MS });
    await put(database.resources, ...DIRECTORY, practitioner({ id: 'signs-in', identifier: [known] }));
    ruled = await startRuledServer(database);
    return ruled;
  }
  const system = async (claims: object = {}) =>
    (await start()).as({ scope: 'system/*.cruds', organization_number: '300000001', ...claims });
  const practitioner = (over: object): Resource => ({ resourceType: 'Practitioner', name: [{ family: 'Ny' }], ...over });
  const refused = { code: 'business-rule', expression: ['Practitioner.identifier'] };

  it('is not given to a second one by a system of an organisation, in whatever way', async () => {
    const ask = await system();
    const seconds = [{ identifier: [known] }, { identifier: [{ ...known, use: 'old' }] }, { identifier: [known], active: false }];
    for (const second of seconds) {
      const answer = await ask('POST', 'Practitioner', practitioner(second));
      expect(answer.status, answer.text).toBe(422);
      expect(answer.body.issue?.[0]).toMatchObject(refused);
      expect(answer.text).not.toContain('signs-in');
    }
    const chosen = await ask('PUT', 'Practitioner/chosen', practitioner({ id: 'chosen', identifier: [known] }));
    expect(chosen.status, chosen.text).toBe(422);
    expect(chosen.body.issue?.[0]).toMatchObject(refused);
    const whole = await ask('POST', '', bundle('transaction', entry('POST', 'Practitioner', practitioner({ identifier: [known] }))));
    expect(whole.status, whole.text).toBe(422);
    expect(whole.body.issue?.[0]).toMatchObject({ code: 'business-rule', expression: ['Bundle.entry[0].resource.identifier'] });
  });

  it('is not given to two in one transaction, nor by two systems at once', async () => {
    const ask = await system();
    const next = practitioner({ identifier: [{ system: HPR, value: '999054321' }] });
    const two = await ask('POST', '', bundle('transaction', entry('POST', 'Practitioner', next), entry('POST', 'Practitioner', next)));
    expect(two.status, two.text).toBe(422);
    expect(two.body.issue?.[0]).toMatchObject({ code: 'business-rule' });
    const both = await Promise.all([ask('POST', 'Practitioner', next), ask('POST', 'Practitioner', next)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 422]);
  });

  it('leaves other systems, other numbers and changes of the one who has it alone', async () => {
    const ask = await system();
    expect((await ask('POST', 'Practitioner', practitioner({ identifier: [{ system: 'urn:local', value: known.value }] }))).status).toBe(
      201,
    );
    expect((await ask('POST', 'Practitioner', practitioner({}))).status).toBe(201);
    const renamed = practitioner({ id: 'signs-in', identifier: [known], name: [{ family: 'Gift' }] });
    const changed = await ask('PUT', 'Practitioner/signs-in', renamed, { 'If-Match': 'W/"1"' });
    expect(changed.status, changed.text).toBe(200);
    const found = await ask('POST', 'Practitioner', practitioner({ identifier: [known] }), {
      'If-None-Exist': `identifier=${HPR}|${known.value}`,
    });
    expect(found.status, found.text).toBe(200);
  });

  it('is for those whom their scopes alone bind to answer for themselves', async () => {
    const ask = await system({ organization_number: undefined, scopes_alone: true });
    expect((await ask('POST', 'Practitioner', practitioner({ identifier: [known] }))).status).toBe(201);
  });
});
