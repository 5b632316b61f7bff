/** What the text of a reference points at [R4 references#literal]. */
import { describe, expect, it } from 'vitest';
import { type ParsedReference, parseReference } from '../../server/fhir/reference.ts';

const CASES: readonly (readonly [text: string, parsed: ParsedReference])[] = [
  ['Patient/1', { kind: 'local', type: 'Patient', id: '1' }],
  ['Patient/1/_history/3', { kind: 'local', type: 'Patient', id: '1', versionId: '3' }],
  ['http://x.no/fhir/Patient/1', { kind: 'absolute', base: 'http://x.no/fhir', type: 'Patient', id: '1' }],
  ['https://x.no/Patient/1', { kind: 'absolute', base: 'https://x.no', type: 'Patient', id: '1' }],
  ['https://x.no/fhir/Patient/1/_history/2', { kind: 'absolute', base: 'https://x.no/fhir', type: 'Patient', id: '1', versionId: '2' }],
  ['#p1', { kind: 'contained', id: 'p1' }],
  ['#', { kind: 'contained', id: '' }],
  ['urn:uuid:1b4e28ba-2fa1-11d2-883f-0016d3cca427', { kind: 'urn', urn: 'urn:uuid:1b4e28ba-2fa1-11d2-883f-0016d3cca427' }],
  ['urn:oid:1.2.3', { kind: 'urn', urn: 'urn:oid:1.2.3' }],
  ['Patient?identifier=urn:x|1', { kind: 'conditional', type: 'Patient', query: 'identifier=urn:x|1' }],
  ['', { kind: 'other', text: '' }],
  ['Patient', { kind: 'other', text: 'Patient' }],
  ['Patient/', { kind: 'other', text: 'Patient/' }],
  ['/Patient/1', { kind: 'other', text: '/Patient/1' }],
  ['patient/1', { kind: 'other', text: 'patient/1' }],
  ['Patient/a b', { kind: 'other', text: 'Patient/a b' }],
  [`Patient/${'a'.repeat(65)}`, { kind: 'other', text: `Patient/${'a'.repeat(65)}` }],
  ['fhir/Patient/1', { kind: 'other', text: 'fhir/Patient/1' }],
  ['ftp://x.no/Patient/1', { kind: 'other', text: 'ftp://x.no/Patient/1' }],
  ['http://snomed.info/sct', { kind: 'other', text: 'http://snomed.info/sct' }],
  ['patient?identifier=1', { kind: 'other', text: 'patient?identifier=1' }],
];

describe('parseReference', () => {
  it.each(CASES)('reads %s', (text, parsed) => {
    expect(parseReference(text)).toEqual(parsed);
  });
});
