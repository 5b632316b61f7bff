import { afterEach, expect, it } from 'vitest';
import type { Resource } from '../../../server/fhir/resource.ts';
import { onEachDatabase } from '../../support/stores.ts';
import { consentsOf, DIRECTORY, IDA, recordOf } from './matrix-record.ts';
import { NOW_MS } from './people.ts';
import { put, ref } from './record-parts.ts';
import { type RuledServer, startRuledServer, type TokenClaims } from './ruled-server.ts';

const CALLERS = {
  system: { scope: 'system/*.cruds', organization_number: '100000001' },
  coordinator: { scope: 'user/*.cruds', fhirUser: 'Practitioner/coordinator', organization_number: '100000002' },
  patient: { scope: 'user/*.cruds', fhirUser: 'Patient/ida' },
  administration: { scope: 'system/*.cruds', scopes_alone: true },
} as const satisfies Readonly<Record<string, TokenClaims & { readonly scopes_alone?: boolean }>>;
type Caller = keyof typeof CALLERS;

const at = (type: string, element: string, organization: string) => ({
  resourceType: type,
  ...(organization === '' ? {} : { [element]: ref(`Organization/${organization}`) }),
});

/** Letters are create, update, delete: + done, - refused. Of what another organisation keeps, of one's own, of a unit of it. */
const ROWS: readonly (readonly [what: string, resource: Resource, allowed: Readonly<Record<Caller, string>>])[] = [
  ['a form', { resourceType: 'Questionnaire', status: 'active' }, of('+--')],
  ['a pathway', { resourceType: 'PlanDefinition', status: 'active' }, of('+--')],
  ['a list of codes', { resourceType: 'ValueSet', status: 'active' }, of('+--')],
  ['a medicine', { resourceType: 'Medication' }, of('+--')],
  ['a place of its own', at('Location', 'managingOrganization', 'solvik'), of('+++')],
  ['a place of a unit of it', at('Location', 'managingOrganization', 'home-care'), of('+++')],
  ['a place of another', at('Location', 'managingOrganization', 'other-hospital'), of('---')],
  ['a place of nobody', at('Location', 'managingOrganization', ''), of('---')],
  ['a service of its own', at('HealthcareService', 'providedBy', 'solvik'), of('+++')],
  ['a service of another', at('HealthcareService', 'providedBy', 'other-hospital'), of('---')],
  ['an address of another', at('Endpoint', 'managingOrganization', 'other-hospital'), of('---')],
  ['a role in a unit of it', at('PractitionerRole', 'organization', 'home-care'), of('+++')],
  ['a role at another', at('PractitionerRole', 'organization', 'other-hospital'), of('---')],
  ['a practitioner', { resourceType: 'Practitioner' }, of('++-')],
  ['an organisation', { resourceType: 'Organization' }, of('---')],
];

function of(system: string): Readonly<Record<Caller, string>> {
  return { system, coordinator: '---', patient: '---', administration: '+++' };
}

onEachDatabase('what is about no patient', (open) => {
  let ruled: RuledServer | undefined;
  afterEach(() => ruled?.close());

  it.each(ROWS)('is changed by whoever keeps it: %s', async (_what, resource, allowed) => {
    const database = await open({ nowMs: () => NOW_MS });
    await put(database.resources, ...DIRECTORY, ...recordOf(IDA, []), ...consentsOf(IDA, 'active'));
    ruled = await startRuledServer(database);
    const administration = await ruled.as(CALLERS.administration);
    const { resourceType: type } = resource;
    const found: Record<string, string> = {};
    for (const caller of Object.keys(CALLERS) as Caller[]) {
      const ask = await ruled.as(CALLERS[caller]);
      const made = async () => String((await administration('POST', type, resource)).body.id);
      const id = await made();
      const answers = [
        await ask('POST', type, resource),
        await ask('PUT', `${type}/${id}`, { ...resource, id, language: 'nn' }, { 'If-Match': 'W/"1"' }),
        await ask('DELETE', `${type}/${await made()}`, undefined, { 'If-Match': 'W/"1"' }),
      ];
      for (const { status, body } of answers) {
        if (status >= 300) expect([status, body.issue?.[0]?.code]).toEqual([403, 'forbidden']);
      }
      found[caller] = answers.map(({ status }) => (status < 300 ? '+' : '-')).join('');
    }
    expect(found).toEqual(allowed);
  });

  it('is not taken over by saying that it is one’s own', async () => {
    const database = await open({ nowMs: () => NOW_MS });
    await put(database.resources, ...DIRECTORY, { ...at('Location', 'managingOrganization', 'other-hospital'), id: 'place' });
    ruled = await startRuledServer(database);
    const system = await ruled.as(CALLERS.system);
    const taken = { ...at('Location', 'managingOrganization', 'solvik'), id: 'place' };
    const refused = await system('PUT', 'Location/place', taken, { 'If-Match': 'W/"1"' });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('By the access rule \\"shared\\", to update this Location');
  });
});
