/** Documents and messages found by what their first entry says, on both stores [R4 bundle#search]. */
import { expect, it } from 'vitest';
import type { Resource } from '../../server/fhir/resource.ts';
import { onEachServer } from '../support/each-server.ts';
import { keysOf } from '../support/expect-answer.ts';

const PERSON = 'urn:uuid:0b4ef6e0-6d5e-4b57-9b7c-9a3b7c1d2e3f';
const HOME = 'urn:uuid:0b4ef6e0-6d5e-4b57-9b7c-9a3b7c1d2e40';

const composition = (over: Record<string, unknown> = {}) => ({
  resourceType: 'Composition',
  status: 'final',
  type: { coding: [{ system: 'urn:types', code: 'plan' }] },
  title: 'Plan for Kari',
  date: '2026-02-01',
  extension: [{ url: 'urn:weight', valueDecimal: 1.5 }],
  subject: { reference: PERSON },
  author: [{ reference: 'Organization/acme' }],
  ...over,
});

const bundle = (id: string, type: string, first: unknown): Resource => ({
  resourceType: 'Bundle',
  id,
  type,
  entry: [
    { fullUrl: 'urn:uuid:0b4ef6e0-6d5e-4b57-9b7c-9a3b7c1d2e41', resource: first },
    {
      fullUrl: PERSON,
      resource: { resourceType: 'Patient', name: [{ family: 'Solvik' }], managingOrganization: { reference: HOME } },
    },
    { fullUrl: HOME, resource: { resourceType: 'Organization', name: 'Solvik kommune' } },
  ],
});

onEachServer('what a Bundle begins with', (start) => {
  it('is searched by chains, with the entries it leads to', async () => {
    const server = await start({ services: { writeValidation: 'off' } });
    const resources: readonly Resource[] = [
      { resourceType: 'Organization', id: 'acme', name: 'Acme' },
      bundle('doc', 'document', composition()),
      bundle('named', 'document', composition({ id: 'c1', title: 'Another', subject: { reference: 'Patient/p' } })),
      bundle('list', 'collection', composition()),
      bundle('message', 'message', {
        resourceType: 'MessageHeader',
        eventCoding: { system: 'urn:events', code: 'discharge' },
        source: { name: 'EHR', endpoint: 'urn:ehr' },
      }),
    ];
    for (const resource of resources) {
      const answer = await server.request('PUT', `${resource.resourceType}/${resource.id}`, resource);
      expect(answer.status, answer.text).toBe(201);
    }
    const found = async (query: string) => {
      const answer = await server.request('GET', `Bundle?${query}`);
      expect(answer.status, answer.text).toBe(200);
      return keysOf(answer).map((key) => key.slice('Bundle/'.length));
    };
    expect(await found('composition.title=plan')).toEqual(['doc']);
    expect(await found('composition.type=urn:types|plan')).toEqual(['doc', 'named']);
    expect(await found('composition.patient=Patient/p')).toEqual(['named']);
    expect(await found('composition.author:Organization.name=acme')).toEqual(['doc', 'named']);
    expect(await found('composition.patient.family=solvik')).toEqual(['doc']);
    expect(await found('composition.patient.organization.name=solvik')).toEqual(['doc']);
    expect(await found('composition.subject:Patient.family=solvik')).toEqual(['doc']);
    expect(await found('composition=Composition/c1')).toEqual(['named']);
    expect(await found('composition:missing=false&type=document')).toEqual(['doc', 'named']);
    expect(await found('message.event=urn:events|discharge')).toEqual(['message']);
    const other = bundle('doc', 'document', composition({ title: 'Later' }));
    expect((await server.request('PUT', 'Bundle/doc', other)).status).toBe(200);
    expect([await found('composition.title=plan'), await found('composition.title=later')]).toEqual([[], ['doc']]);
  });
});
