/** Small valid resources for tests; each is made anew, so that a test may change it. */
import type { Resource } from '../../server/fhir/resource.ts';

export const patient = (over: Record<string, unknown> = {}): Resource => ({
  resourceType: 'Patient',
  identifier: [{ system: 'urn:test:patients', value: 'p-1' }],
  name: [{ family: 'Solvik', given: ['Ingrid'] }],
  birthDate: '1941-05-17',
  ...over,
});

export const observation = (over: Record<string, unknown> = {}): Resource => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'urn:test:codes', code: 'weight' }] },
  ...over,
});

export const carePlan = (over: Record<string, unknown> = {}): Resource => ({
  resourceType: 'CarePlan',
  status: 'active',
  intent: 'plan',
  subject: { reference: 'Patient/p1' },
  ...over,
});

export const task = (over: Record<string, unknown> = {}): Resource => ({
  resourceType: 'Task',
  status: 'requested',
  intent: 'order',
  ...over,
});

/** An entry of a transaction or batch. */
export const entry = (method: string, url: string, resource?: unknown, over: Record<string, unknown> = {}): Record<string, unknown> => ({
  request: { method, url, ...(over.request as object | undefined) },
  ...(resource === undefined ? {} : { resource }),
  ...(over.fullUrl === undefined ? {} : { fullUrl: over.fullUrl }),
});

export const bundle = (type: string, ...entries: readonly unknown[]): Resource => ({ resourceType: 'Bundle', type, entry: entries });
