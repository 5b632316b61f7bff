import { expect, it } from 'vitest';
import type { IndexEntry } from '../../server/search/index-entry.ts';
import { entriesOf, entryText } from '../../server/store/sqlite/entry-text.ts';

const ENTRIES: Readonly<Record<string, IndexEntry>> = {
  token: { kind: 'token', param: 'code', system: 'http://x', code: 'a|b,c', text: 'blå' },
  'token without a system': { kind: 'token', param: 'code', system: null, code: 'a' },
  'token without a code': { kind: 'token', param: 'code', system: '', code: null, text: 'x' },
  string: { kind: 'string', param: 'name', value: ' Åse\n😀 ', normalized: 'ase 😀' },
  'string in an order of its own': { kind: 'string', param: 'name', value: 'Åsé', normalized: 'ase', order: '}se\u0001001' },
  'empty string': { kind: 'string', param: 'name', value: '', normalized: '' },
  reference: { kind: 'reference', param: 'subject', type: 'Patient', id: '1', url: null },
  'reference by URL': { kind: 'reference', param: 'subject', type: null, id: null, url: 'urn:uuid:1' },
  'reference to something contained': {
    kind: 'reference',
    param: 'subject',
    type: null,
    id: null,
    url: '#a',
    inside: { number: 7, type: 'Patient' },
  },
  'contained resource': {
    kind: 'contained',
    param: '#',
    number: 7,
    type: 'Patient',
    entries: [
      { kind: 'token', param: 'gender', system: null, code: 'male' },
      { kind: 'composite', param: 'pair', parts: [{ kind: 'uri', value: 'http://x' }] },
      { kind: 'reference', param: 'link', type: null, id: null, url: '#a', inside: { number: 7, type: 'Patient' } },
    ],
  },
  'contained resource without entries': { kind: 'contained', param: '#', number: 1_000, type: 'Basic', entries: [] },
  range: { kind: 'range', param: 'date', low: -1.5e300, high: 1767225600000.5 },
  'open range': { kind: 'range', param: 'date', low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY },
  quantity: { kind: 'quantity', param: 'value', low: 0.1, high: 0.3, system: null, code: 'mg' },
  uri: { kind: 'uri', param: 'url', value: 'http://x/y?z' },
  composite: {
    kind: 'composite',
    param: 'code-value',
    parts: [
      { kind: 'token', system: null, code: 'a' },
      { kind: 'quantity', low: 1, high: Number.POSITIVE_INFINITY, system: 's', code: null },
    ],
  },
};

it.each(Object.keys(ENTRIES))('a %s is the same after the way to the other thread', (name) => {
  const entry = ENTRIES[name] as IndexEntry;
  expect(entriesOf(entryText([entry, entry]))).toEqual([entry, entry]);
});

it('all entries together, and none, are the same', () => {
  expect(entriesOf(entryText(Object.values(ENTRIES)))).toEqual(Object.values(ENTRIES));
  expect(entriesOf(entryText([]))).toEqual([]);
});

it('loses a NUL, which no index row keeps', () => {
  const entry = { kind: 'string', param: 'name', value: 'a\0b', normalized: 'a\0b' } as const;
  expect(entriesOf(entryText([entry]))).toEqual([{ ...entry, value: 'ab', normalized: 'ab' }]);
});
