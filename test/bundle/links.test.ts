import { describe, expect, it } from 'vitest';
import { linkMap } from '../../server/bundle/full-url.ts';
import { markNarratives, markOf } from '../../server/bundle/narrative-links.ts';
import { rewriteLinks } from '../../server/bundle/rewrite-references.ts';
import { linksIn, sentLinks } from '../../server/bundle/sent-links.ts';
import { loadDefinitions } from '../../server/definitions/load.ts';
import type { Resource } from '../../server/fhir/resource.ts';

const definitions = loadDefinitions();
const URN = 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a';
const map = linkMap([
  { fullUrl: URN, target: { type: 'Patient', id: 'new-1' }, versionId: () => 1, mark: markOf(7) },
  { fullUrl: 'http://other.example/fhir/Organization/o1', target: { type: 'Organization', id: 'new-2' }, versionId: () => 4 },
  { sentId: 'g1', target: { type: 'Goal', id: 'new-3' }, versionId: () => 1 },
  { target: { type: 'Task', id: 't1' }, sentId: 't1', versionId: () => 3 },
]);

const severalServers = linkMap([
  { fullUrl: 'http://a.example/fhir/Patient/1', target: { type: 'Patient', id: 'of-a' }, versionId: () => 1, sentId: '1' },
  { fullUrl: 'http://b.example/fhir/Patient/1', target: { type: 'Patient', id: 'of-b' }, versionId: () => 1, sentId: '1' },
  { fullUrl: 'http://a.example/fhir/Device/d', target: { type: 'Device', id: 'of-a' }, versionId: () => 1 },
  { fullUrl: 'http://a.example/fhir/Goal/g', target: { type: 'Goal', id: 'g' }, versionId: () => 1 },
  { sentId: 't', target: { type: 'Task', id: 'new' }, versionId: () => 1 },
]);

describe('links between entries', () => {
  it.each([
    ['a urn', URN, 'Patient/new-1'],
    ['a urn with a fragment', `${URN}#part`, 'Patient/new-1#part'],
    ['an absolute fullUrl', 'http://other.example/fhir/Organization/o1', 'Organization/new-2'],
    ['a relative link to an absolute fullUrl', 'Organization/o1', 'Organization/new-2'],
    ['a relative link to the id that was sent', 'Goal/g1', 'Goal/new-3'],
    ['a link to a version as one', 'Goal/g1/_history/2', 'Goal/new-3/_history/1'],
    ['an absolute link to a version as one', 'http://other.example/fhir/Organization/o1/_history/9', 'Organization/new-2/_history/4'],
    ['a link to an earlier version of an entry that keeps its id', 'Task/t1/_history/2', undefined],
    ['what stands for an entry in a narrative', `${markOf(7)}#part`, 'Patient/new-1#part'],
    ['a link to an entry that keeps its id', 'Task/t1', 'Task/t1'],
    ['a link to what is no entry', 'Patient/elsewhere', undefined],
    ['a contained resource', '#inside', undefined],
  ])('rewrites %s [R4 http#trules]', (_what, link, expected) => {
    expect(map.from()(link)).toBe(expected);
  });

  it.each([
    ['from its own server', 'Patient/1', 'http://b.example/fhir/Observation/9', 'Patient/of-b'],
    ['from the other server', 'Patient/1', 'http://a.example/fhir/Observation/9', 'Patient/of-a'],
    ['to a version from its own server', 'Patient/1/_history/4', 'http://b.example/fhir/Observation/9', 'Patient/of-b/_history/1'],
    ['from a server that the entry is not of', 'Patient/1', 'http://c.example/fhir/Observation/9', undefined],
    ['to what is kept under that id here', 'Goal/g', 'http://c.example/fhir/Observation/9', 'Goal/g'],
    ['to what was sent with that id and no server', 'Task/t', 'http://c.example/fhir/Observation/9', 'Task/new'],
    ['from an entry without a server, to the only one', 'Device/d', 'urn:uuid:1', 'Device/of-a'],
  ])('reads a relative link %s [R4 bundle#references]', (_what, link, fullUrl, expected) => {
    expect(severalServers.from(fullUrl)(link)).toBe(expected);
  });

  it('refuses a relative link that may mean entries of two servers', () => {
    expect(() => severalServers.from('urn:uuid:1')('Patient/1')).toThrow('may mean more than one entry');
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
    expect(rewriteLinks(plan, definitions, map.from())).toEqual({
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
    expect(rewriteLinks(patient, definitions, map.from())).toBe(patient);
  });

  it('finds the references of a resource and of a patch, with their places', () => {
    const task: Resource = {
      resourceType: 'Task',
      for: { reference: 'Patient?identifier=a|1' },
      note: [{ text: 'reference', authorReference: { reference: URN } }],
      contained: [
        {
          entry: [{ resource: { resourceType: 'Goal', subject: { reference: 'Patient/inner' } } }],
          resourceType: 'Bundle',
          signature: [URN],
        },
      ],
    };
    expect(sentLinks({ place: 2, method: 'PUT', resource: task })).toEqual([
      { link: 'Patient?identifier=a|1', at: 'Bundle.entry[2].resource.for.reference' },
      { link: URN, at: 'Bundle.entry[2].resource.note[0].authorReference.reference' },
    ]);
    const data = Buffer.from(JSON.stringify([{ op: 'add', path: '/subject', value: { reference: URN } }])).toString('base64');
    expect(sentLinks({ place: 0, method: 'PATCH', resource: { resourceType: 'Binary', data } })).toEqual([
      { link: URN, at: 'Bundle.entry[0].resource.data' },
    ]);
    expect(sentLinks({ place: 0, method: 'PATCH', resource: { resourceType: 'Binary', data: '?' } })).toEqual([]);
    expect(linksIn('PUT', task)).toEqual(['Patient?identifier=a|1', URN]);
    expect(linksIn('PATCH', { resourceType: 'Binary', data })).toEqual([URN]);
    expect(linksIn('GET', undefined)).toEqual([]);
  });

  it('marks links by urn in narratives, whatever stands beside them in the tag', () => {
    const div = `<div xmlns="http://www.w3.org/1999/xhtml"><a title="a > b" href='${URN}'>A</a><img alt="href=x" src="${URN}#i"/></div>`;
    const resource: Resource = { resourceType: 'Goal', text: { status: 'additional', div }, subject: { reference: URN } };
    const [marked] = markNarratives(
      [{ place: 7, method: 'POST', url: 'Goal', headers: {}, links: [URN], fullUrl: URN, resource }],
      definitions,
    );
    const expected = div.replace(`href='${URN}'`, `href='${markOf(7)}'`).replace(`src="${URN}#i"`, `src="${markOf(7)}#i"`);
    expect(marked?.resource).toEqual({ ...resource, text: { status: 'additional', div: expected } });
  });
});
