import { expect, it } from 'vitest';
import { parseResourceScopes } from '../../../server/auth/scopes.ts';
import { expectRefusal, keysOf } from '../../support/expect-answer.ts';
import { onEachDatabase } from '../../support/stores.ts';
import { bearer } from '../../support/test-server.ts';
import { CONSENTS, IN_AN_EMERGENCY, PEOPLE } from './people.ts';
import { startAmongPeople } from './server-among-people.ts';

const FHIR = { Accept: 'application/fhir+json' };
const binary = (id: string, context?: string, more: object = {}) => ({
  resourceType: 'Binary',
  id,
  contentType: 'text/plain',
  ...(context === undefined ? {} : { securityContext: { reference: context } }),
  data: Buffer.from(id).toString('base64'),
  ...more,
});
const CONTEXTS: Readonly<Record<string, string | undefined>> = {
  patient: 'Patient/ida',
  letter: 'DocumentReference/letter',
  need: 'ServiceRequest/need',
  other: 'Patient/other',
  'others-plan': 'CarePlan/other-plan',
  logo: 'Organization/solvik',
  missing: 'DocumentReference/gone',
  log: 'AuditEvent/some',
  none: undefined,
};
const ALL = Object.keys(CONTEXTS).sort();

/** Who sees which; those not named see none but what belongs to nobody in care. */
const SEEN: Readonly<Record<string, readonly string[]>> = {
  coordinator: ['patient', 'letter', 'need', 'logo'],
  'team nurse': ['patient', 'letter', 'need', 'logo'],
  patient: ['patient', 'letter', 'need', 'logo'],
  mother: ['patient', 'letter', 'need', 'logo'],
  'coordinating unit': ['patient', 'need', 'logo'],
  'breaking the glass': ['patient', 'letter', 'need', 'logo'],
  'team nurse with the patient in context': ['patient', 'letter', 'need', 'logo'],
  'team nurse with another patient in context': ['logo'],
  'another patient': ['other', 'others-plan', 'logo'],
  father: ['logo'],
  'outsider nurse, same unit': ['logo'],
  'nurse of another hospital': ['logo'],
  'system of the municipality': ['patient', 'letter', 'need', 'logo'],
  'system of another hospital': ['logo'],
  'system without an organisation': ['logo'],
};

onEachDatabase('a Binary and its security context [R4 binary#Binary.securityContext]', (open) => {
  async function start(consents = CONSENTS['active for all']!) {
    const { server, admin, by, close } = await startAmongPeople(await open(), { consents, emergencies: IN_AN_EMERGENCY, headers: FHIR });
    const letter = {
      resourceType: 'DocumentReference',
      id: 'letter',
      status: 'current',
      subject: { reference: 'Patient/ida' },
      content: [],
    };
    await admin('PUT', 'DocumentReference/letter', letter);
    for (const [id, context] of Object.entries(CONTEXTS)) {
      const made = await admin('PUT', `Binary/${id}`, binary(id, context));
      expect(made.status, made.text).toBe(201);
    }
    /** What the log tells of a client by an action: outcome, and who is named. */
    const told = async (clientId: string, action: string): Promise<readonly string[]> => {
      const found = await admin('GET', `AuditEvent?action=${action}&type=rest&_count=1000`);
      const events = ((found.body.entry ?? []) as { resource: Event }[]).map(({ resource }) => resource);
      return events
        .filter(({ agent }) => agent.some(({ who }) => who.display === clientId))
        .flatMap(({ outcome, entity = [] }) => {
          const named = entity.flatMap(({ what }) => (what === undefined ? [] : [what.reference]));
          const patient = named.find((each) => each.startsWith('Patient/')) ?? 'nobody';
          return named.filter((each) => each.startsWith('Binary/')).map((each) => `${outcome} ${each} ${patient}`);
        })
        .sort();
    };
    return { server, admin, by, as: (who: string) => by(PEOPLE[who]!), told, close };
  }

  it.each(Object.entries(SEEN))('is seen by who may read it, in every way of reading: %s', async (who, seen) => {
    const { as, close } = await start();
    const ask = as(who);
    const ways: Record<string, readonly string[]> = {};
    for (const [way, tail] of [
      ['read', ''],
      ['vread', '/_history/1'],
      ['history', '/_history'],
    ] as const) {
      const answers = await Promise.all(ALL.map(async (id) => ({ id, status: (await ask('GET', `Binary/${id}${tail}`)).status })));
      expect(answers.every(({ status }) => status === 200 || status === 404)).toBe(true);
      ways[way] = answers.filter(({ status }) => status === 200).map(({ id }) => id);
    }
    ways.search = keysOf(await ask('GET', 'Binary'))
      .map((key) => key.slice('Binary/'.length))
      .sort();
    ways.system = keysOf(await ask('GET', '?_type=Binary'))
      .map((key) => key.slice('Binary/'.length))
      .sort();
    const expected = [...seen].sort();
    expect(ways).toEqual({ read: expected, vread: expected, history: expected, search: expected, system: expected });
    await close();
  });

  it('is seen whole by systems that their scopes alone bind, and found by its context', async () => {
    const { admin, as, close } = await start();
    expect(keysOf(await admin('GET', 'Binary')).length).toBe(ALL.length);
    expect(keysOf(await admin('GET', 'Binary?security-context=DocumentReference/letter'))).toEqual(['Binary/letter']);
    expect(keysOf(await as('team nurse')('GET', 'Binary?security-context=Patient/other'))).toEqual([]);
    await close();
  });

  it('is seen where the scopes let in to Binary and to its context', async () => {
    const { by, close } = await start();
    const nurse = (scope: string) => by({ ...PEOPLE['team nurse'], scope, scopes: parseResourceScopes(scope) });
    const found = async (scope: string) =>
      keysOf(await nurse(scope)('GET', 'Binary'))
        .map((key) => key.slice(7))
        .sort();
    expect(await found('user/Binary.rs')).toEqual([]);
    expect(await found('user/Binary.rs user/Patient.r')).toEqual(['patient']);
    expect(await found('user/Binary.rs user/DocumentReference.rs user/Organization.rs')).toEqual(['letter', 'logo']);
    expectRefusal(await nurse('user/Patient.rs')('GET', 'Binary'), 403, 'forbidden');
    await close();
  });

  it('is hidden when the consent is withdrawn, and when its context is deleted', async () => {
    const { admin, as, close } = await start();
    const nurse = as('team nurse');
    await admin('DELETE', 'DocumentReference/letter');
    expect((await nurse('GET', 'Binary/letter')).status).toBe(404);
    expect((await nurse('GET', 'Binary/patient')).status).toBe(200);
    await close();
    const withdrawn = await start(CONSENTS.withdrawn);
    expect((await withdrawn.as('team nurse')('GET', 'Binary/patient')).status).toBe(404);
    await withdrawn.close();
  });

  it('is written by who may write about the patient, in its own media type and as FHIR', async () => {
    const { server, as, close } = await start();
    for (const context of ['Patient/ida', `${server.url}/Patient/ida`, 'DocumentReference/letter']) {
      const sent = await fetch(`${server.url}/Binary`, {
        method: 'POST',
        headers: { Authorization: bearer(PEOPLE['team nurse']!), 'Content-Type': 'text/plain', 'X-Security-Context': context },
        body: 'hei',
      });
      expect(sent.status, await sent.text()).toBe(201);
    }
    const nurse = as('team nurse');
    const changed = await nurse('PUT', 'Binary/letter', binary('letter', 'DocumentReference/letter', { contentType: 'text/html' }));
    expect(changed.status, changed.text).toBe(200);
    for (const [context, status] of [
      ['Patient/other', 403],
      ['CarePlan/other-plan', 403],
      ['Organization/solvik', 403],
      [undefined, 403],
    ] as const) {
      expectRefusal(await nurse('POST', 'Binary', binary('x', context)), status, 'forbidden');
    }
    expectRefusal(await as('patient')('PUT', 'Binary/letter', binary('letter', 'DocumentReference/letter')), 403, 'forbidden', 'Binary');
    expectRefusal(await nurse('DELETE', 'Binary/letter'), 403, 'forbidden', 'Binary');
    expectRefusal(await nurse('DELETE', 'Binary/other'), 404, 'not-found');
    expectRefusal(await nurse('PUT', 'Binary/other', binary('other', 'Patient/ida')), 404, 'not-found');
    expect((await as('coordinator')('DELETE', 'Binary/letter')).status).toBe(204);
    await close();
  });

  it('stays with its context', async () => {
    const { admin, close } = await start();
    const moved = await admin('PUT', 'Binary/patient', binary('patient', 'Patient/other'));
    expectRefusal(moved, 422, 'business-rule', 'Binary.securityContext');
    expect((await admin('PUT', 'Binary/none', binary('none', 'Patient/ida'))).status).toBe(200);
    await close();
  });

  it('comes with a new person in one transaction', async () => {
    const { as, close } = await start();
    const role = [{ coding: [{ system: 'https://fellesplan.example/fhir/CodeSystem/fp-team-role', code: 'koordinator' }] }];
    const person = { reference: 'urn:uuid:11111111-1111-4111-8111-111111111111' };
    const innsyn = [{ coding: [{ system: 'https://fellesplan.example/fhir/CodeSystem/fp-consent-purpose', code: 'innsyn' }] }];
    const member = { reference: 'PractitionerRole/coordinator-role' };
    const permit = { type: 'permit', actor: [{ reference: { reference: 'Organization/solvik' } }] };
    const of = (resource: { resourceType: string }, fullUrl?: string) => ({
      ...(fullUrl === undefined ? {} : { fullUrl }),
      request: { method: 'POST', url: resource.resourceType },
      resource,
    });
    const entry = [
      of({ resourceType: 'Patient' }, person.reference),
      of({ resourceType: 'CareTeam', status: 'active', subject: person, participant: [{ role, member }] } as never),
      of({ resourceType: 'Consent', status: 'active', category: innsyn, patient: person, provision: permit } as never),
      of({ ...binary('x', person.reference), id: undefined } as never),
    ];
    const begun = await as('system of the municipality')('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
    expect(begun.status, begun.text).toBe(200);
    await close();
  });

  it('names the patient in the log, however it is read, written or refused', async () => {
    const { admin, as, told, close } = await start();
    const nurse = as('team nurse');
    for (const id of ['patient', 'letter', 'logo']) await nurse('GET', `Binary/${id}`);
    await nurse('GET', 'Binary/letter');
    expect(await told('app', 'R')).toEqual([
      '0 Binary/letter/_history/1 Patient/ida',
      '0 Binary/logo/_history/1 nobody',
      '0 Binary/patient/_history/1 Patient/ida',
    ]);
    await as('outsider nurse, same unit')('GET', 'Binary/letter');
    expect((await told('app', 'R')).filter((line) => line.startsWith('8'))).toEqual(['8 Binary/letter Patient/ida']);
    await nurse('PUT', 'Binary/letter', binary('letter', 'DocumentReference/letter', { contentType: 'text/html' }));
    expect(await told('app', 'U')).toEqual(['0 Binary/letter/_history/2 Patient/ida']);
    await admin('DELETE', 'Binary/letter');
    expect(await told('admin', 'D')).toEqual(['0 Binary/letter/_history/3 Patient/ida']);
    expect((await told('admin', 'C')).filter((line) => line.endsWith('Patient/ida')).map((line) => line.split(' ')[1])).toEqual([
      'Binary/letter/_history/1',
      'Binary/need/_history/1',
      'Binary/patient/_history/1',
    ]);
    await close();
  });

  it('names the patient of what is written with it', async () => {
    const { admin, told, close } = await start();
    const entry = [
      {
        fullUrl: 'urn:uuid:11111111-1111-4111-8111-111111111111',
        request: { method: 'POST', url: 'DocumentReference' },
        resource: { resourceType: 'DocumentReference', status: 'current', subject: { reference: 'Patient/other' }, content: [] },
      },
      { request: { method: 'PUT', url: 'Binary/with' }, resource: binary('with', 'urn:uuid:11111111-1111-4111-8111-111111111111') },
    ];
    const made = await admin('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
    expect(made.status, made.text).toBe(200);
    expect(await told('admin', 'C')).toContain('0 Binary/with/_history/1 Patient/other');
    await close();
  });
});

interface Event {
  readonly outcome: string;
  readonly agent: readonly { readonly who: { readonly display?: string } }[];
  readonly entity?: readonly { readonly what?: { readonly reference: string } }[];
}
