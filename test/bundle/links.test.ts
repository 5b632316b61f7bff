import { describe, expect, it } from 'vitest';
import { linkMap } from '../../server/bundle/full-url.ts';
import { conditionalReferences, rewriteLinks } from '../../server/bundle/rewrite-references.ts';
import { loadDefinitions } from '../../server/definitions/load.ts';
import type { Resource } from '../../server/fhir/resource.ts';

const definitions = loadDefinitions();
const URN = 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a';
const map = linkMap([
  { fullUrl: URN, target: { type: 'Patient', id: 'new-1' } },
  { fullUrl: 'http://other.example/fhir/Organization/o1', target: { type: 'Organization', id: 'new-2' } },
  { sentId: 'g1', target: { type: 'Goal', id: 'new-3' } },
  { target: { type: 'Task', id: 't1' }, sentId: 't1' },
]);

describe('links between entries', () => {
  it.each([
    ['a urn', URN, 'Patient/new-1'],
    ['a urn with a fragment', `${URN}#part`, 'Patient/new-1#part'],
    ['an absolute fullUrl', 'http://other.example/fhir/Organization/o1', 'Organization/new-2'],
    ['a relative link to an absolute fullUrl', 'Organization/o1', 'Organization/new-2'],
    ['a relative link to the id that was sent', 'Goal/g1', 'Goal/new-3'],
    ['a link with a version', 'Goal/g1/_history/2', 'Goal/new-3'],
    ['a link to an entry that keeps its id', 'Task/t1', 'Task/t1'],
    ['a link to what is no entry', 'Patient/elsewhere', undefined],
    ['a contained resource', '#inside', undefined],
  ])('rewrites %s [R4 http#trules]', (_what, link, expected) => {
    expect(map.rewrite(link)).toBe(expected);
  });

  it('rewrites references, uris and narrative links, and leaves canonicals and strings [R4 http#trules]', () => {
    const plan: Resource = {
      resourceType: 'CarePlan',
      status: 'active',
      intent: 'plan',
      text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml"><a href="${URN}">A</a> ${URN}</div>` },
      instantiatesCanonical: [URN],
      instantiatesUri: [URN],
      identifier: [{ system: 'urn:ietf:rfc:3986', value: URN }],
      subject: { reference: URN },
      contained: [{ resourceType: 'Goal', id: 'c', subject: { reference: URN } }],
      activity: [{ reference: { reference: 'Task/t9' } }, { detail: { performer: [{ reference: URN, display: URN }] } }],
      extension: [{ url: 'http://x.example/e', valueReference: { reference: URN } }],
    };
    expect(rewriteLinks(plan, definitions, map.rewrite)).toEqual({
      ...plan,
      text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml"><a href="Patient/new-1">A</a> ${URN}</div>` },
      instantiatesUri: ['Patient/new-1'],
      subject: { reference: 'Patient/new-1' },
      contained: [{ resourceType: 'Goal', id: 'c', subject: { reference: 'Patient/new-1' } }],
      activity: [{ reference: { reference: 'Task/t9' } }, { detail: { performer: [{ reference: 'Patient/new-1', display: URN }] } }],
      extension: [{ url: 'http://x.example/e', valueReference: { reference: 'Patient/new-1' } }],
    });
  });

  it('gives the same object back when there is nothing to rewrite', () => {
    const patient: Resource = { resourceType: 'Patient', name: [{ family: 'Solvik' }] };
    expect(rewriteLinks(patient, definitions, map.rewrite)).toBe(patient);
  });

  it('finds each conditional reference once', () => {
    const task: Resource = {
      resourceType: 'Task',
      for: { reference: 'Patient?identifier=a|1' },
      focus: { reference: 'Patient?identifier=a|1' },
      owner: { reference: 'Practitioner?identifier=b|2' },
      description: 'Patient?identifier=c|3',
    };
    expect(conditionalReferences(task, definitions)).toEqual(['Patient?identifier=a|1', 'Practitioner?identifier=b|2']);
  });
});
