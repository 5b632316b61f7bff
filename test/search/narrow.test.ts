/** Parts of resources [R4 search#summary, search#elements]. */
import { describe, expect, it } from 'vitest';
import { narrowing } from '../../server/search/narrow.ts';
import { definitions } from '../support/search-cases.ts';

const SUBSETTED = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
  display: 'subsetted',
};
const TEXT = { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">Plan</div>' };
const plan = {
  resourceType: 'CarePlan',
  id: 'p',
  meta: { versionId: '3', tag: [{ code: 'demo' }] },
  text: TEXT,
  extension: [{ url: 'http://x.example', valueString: 'x' }],
  status: 'active',
  intent: 'plan',
  title: 'Plan',
  _title: { id: 't' },
  subject: { reference: 'Patient/1' },
  goal: [{ reference: 'Goal/1' }],
  activity: [{ reference: { reference: 'Task/1' } }],
  note: [{ text: 'a' }],
};

const narrowed = (summary: Parameters<typeof narrowing>[1], elements?: readonly string[], resource: object = plan) =>
  JSON.parse(narrowing(definitions, summary, elements)?.(JSON.stringify(resource)) ?? 'null') as Record<string, unknown>;

describe('a summary', () => {
  it('is the elements marked so and the mandatory ones, with the tag', () => {
    expect(narrowed('true')).toEqual({
      resourceType: 'CarePlan',
      id: 'p',
      meta: { versionId: '3', tag: [{ code: 'demo' }, SUBSETTED] },
      status: 'active',
      intent: 'plan',
      title: 'Plan',
      _title: { id: 't' },
      subject: { reference: 'Patient/1' },
    });
  });

  it('goes into elements with parts of their own', () => {
    const valueSet = {
      resourceType: 'ValueSet',
      id: 'v',
      status: 'active',
      compose: { inactive: false, include: [{ system: 'a', concept: [{ code: '1' }] }] },
      contact: [{ name: 'x' }],
      expansion: { timestamp: '2024-01-01', total: 1 },
    };
    expect(Object.keys(narrowed('true', undefined, valueSet))).toEqual(['resourceType', 'id', 'meta', 'status', 'contact']);
  });

  it('of text is the narrative with what is mandatory', () => {
    expect(Object.keys(narrowed('text'))).toEqual(['resourceType', 'id', 'meta', 'text', 'status', 'intent', 'subject']);
  });

  it('of data is all but the narrative', () => {
    expect(narrowed('data')).toEqual({ ...plan, text: undefined, meta: { ...plan.meta, tag: [{ code: 'demo' }, SUBSETTED] } });
  });

  it('that is none leaves the stored text as it is', () => {
    expect(narrowing(definitions, 'false')).toBeUndefined();
    expect(narrowing(definitions, 'count')).toBeUndefined();
  });
});

describe('elements', () => {
  it('are those named, with the mandatory and modifier ones', () => {
    expect(Object.keys(narrowed('false', ['title', 'goal']))).toEqual([
      'resourceType',
      'id',
      'meta',
      'status',
      'intent',
      'title',
      '_title',
      'subject',
      'goal',
    ]);
  });

  it('that are choices are named without their type, or as they stand in JSON', () => {
    const observation = {
      resourceType: 'Observation',
      id: 'o',
      status: 'final',
      code: {},
      valueQuantity: { value: 1 },
      effectiveDateTime: '2024',
    };
    expect(Object.keys(narrowed('false', ['value'], observation))).toContain('valueQuantity');
    expect(Object.keys(narrowed('false', ['value[x]'], observation))).toContain('valueQuantity');
    expect(Object.keys(narrowed('false', ['valueQuantity'], observation))).toContain('valueQuantity');
    expect(Object.keys(narrowed('false', ['value'], observation))).not.toContain('effectiveDateTime');
  });

  it('keep decimals as they were written', () => {
    const narrow = narrowing(definitions, 'false', ['value']);
    expect(narrow?.('{"resourceType":"Observation","id":"o","valueQuantity":{"value":1.00}}')).toContain('"value":1.00');
  });

  it('are tagged once', () => {
    const tagged = narrowed('true', undefined, narrowed('true'));
    expect((tagged.meta as { tag: unknown[] }).tag).toEqual([{ code: 'demo' }, SUBSETTED]);
  });

  it('of a type that is not known are all of it', () => {
    expect(narrowed('true', undefined, { resourceType: 'Foo', a: 1 })).toEqual({ resourceType: 'Foo', a: 1 });
  });
});
