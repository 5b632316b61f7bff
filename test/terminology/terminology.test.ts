import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import type { Expansion } from '../../terminology/terminology-service.ts';

const terminology = createTerminology();
const GENDER = 'http://hl7.org/fhir/ValueSet/administrative-gender';
const GENDER_SYSTEM = 'http://hl7.org/fhir/administrative-gender';
const ACT = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

function expanded(request: Parameters<typeof terminology.expand>[0]): Expansion {
  const expansion = terminology.expand(request);
  if ('problem' in expansion) throw new Error(expansion.message);
  return expansion;
}

describe('membership and validate-code [R4 valueset-operation-validate-code]', () => {
  it.each<[valueSet: string, system: string | undefined, code: string, membership: string]>([
    [GENDER, GENDER_SYSTEM, 'male', 'in'],
    [GENDER, undefined, 'male', 'in'],
    [`${GENDER}|4.0.1`, GENDER_SYSTEM, 'x', 'out'],
    [GENDER, 'http://other.example', 'male', 'out'],
    ['http://hl7.org/fhir/ValueSet/none-such', undefined, 'x', 'unknown'],
    ['http://hl7.org/fhir/ValueSet/ucum-units', 'http://unitsofmeasure.org', 'mg/dL', 'in'],
    ['http://hl7.org/fhir/ValueSet/ucum-units', 'http://unitsofmeasure.org', 'mg/furlong', 'out'],
    ['http://hl7.org/fhir/ValueSet/mimetypes', 'urn:ietf:bcp:13', 'application/fhir+json; charset=utf-8', 'in'],
    ['http://hl7.org/fhir/ValueSet/mimetypes', 'urn:ietf:bcp:13', 'nothing', 'out'],
    ['http://hl7.org/fhir/ValueSet/all-languages', 'urn:ietf:bcp:47', 'nn-NO', 'in'],
    ['http://hl7.org/fhir/ValueSet/all-languages', 'urn:ietf:bcp:47', 'not a language', 'out'],
    ['http://hl7.org/fhir/ValueSet/ucum-units', 'http://unitsofmeasure.org', 'mg/(dL', 'out'],
    ['http://hl7.org/fhir/ValueSet/ucum-units', 'http://unitsofmeasure.org', ')m(', 'out'],
    ['http://hl7.org/fhir/ValueSet/ucum-units', 'http://unitsofmeasure.org', '()', 'out'],
    ['http://hl7.org/fhir/ValueSet/ucum-units', 'http://unitsofmeasure.org', 'mg/(dL.s)', 'in'],
    ['http://hl7.org/fhir/ValueSet/currencies', 'urn:iso:std:iso:4217', 'NOK', 'in'],
    ['http://hl7.org/fhir/ValueSet/currencies', 'urn:iso:std:iso:4217', 'NKR', 'out'],
    ['http://hl7.org/fhir/ValueSet/condition-code', 'http://snomed.info/sct', '763264000', 'unknown'],
    [
      'https://fellesplan.example/fhir/ValueSet/fp-plan-type',
      'https://fellesplan.example/fhir/CodeSystem/fp-plan-type',
      'individuell-plan',
      'in',
    ],
  ])('%s %s %s is %s', (valueSet, system, code, membership) => {
    expect(terminology.membership(valueSet, system, code)).toBe(membership);
  });

  it('writes nothing of a code to the console, whatever it is', () => {
    const said = [vi.spyOn(console, 'log'), vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')];
    for (const code of ['()', '(', ')', 'm)(', '((', '1/()', 'a__b', '10*('])
      terminology.lookup({ system: 'http://unitsofmeasure.org', code });
    expect(said.flatMap(({ mock }) => mock.calls)).toEqual([]);
    for (const spy of said) spy.mockRestore();
  });

  it.each(['ZZ', 'XA', 'no'])('knows no region %s', (code) => {
    expect(terminology.lookup({ system: 'urn:iso:std:iso:3166', code })).toBeUndefined();
    expect(terminology.lookup({ system: 'urn:iso:std:iso:3166', code: 'NO' })?.display).toBe('Norway');
  });

  it('tells a wrong display, an unknown code and an unknown system apart', () => {
    expect(terminology.validateCode(GENDER, { system: GENDER_SYSTEM, code: 'male', display: 'Mann' })).toMatchObject({
      membership: 'in',
      wrongDisplay: true,
      display: 'Male',
    });
    expect(terminology.validateInSystem({ system: GENDER_SYSTEM, code: 'x' })).toMatchObject({
      membership: 'out',
      message: expect.stringContaining("Unknown code 'x'"),
    });
    expect(terminology.validateInSystem({ system: 'http://none.example', code: 'x' })).toMatchObject({
      membership: 'unknown',
      unknown: ['http://none.example'],
    });
  });

  it('takes filters, other value sets and exclusions into account', () => {
    terminology.add({
      resourceType: 'ValueSet',
      url: 'http://test.example/vs',
      compose: {
        include: [{ system: ACT, filter: [{ property: 'concept', op: 'is-a', value: '_ActEncounterCode' }] }],
        exclude: [{ system: ACT, concept: [{ code: 'VR' }] }],
      },
    });
    expect(terminology.membership('http://test.example/vs', ACT, 'AMB')).toBe('in');
    expect(terminology.membership('http://test.example/vs', ACT, 'VR')).toBe('out');
    terminology.add({
      resourceType: 'ValueSet',
      url: 'http://test.example/both',
      compose: { include: [{ valueSet: ['http://test.example/vs'], system: ACT, concept: [{ code: 'AMB' }, { code: 'VR' }] }] },
    });
    expect(expanded({ valueSet: 'http://test.example/both' }).contains.map((entry) => entry.code)).toEqual(['AMB']);
  });
});

describe('$expand [R4 valueset-operation-expand]', () => {
  it('filters before paging, with a total that does not change', () => {
    const all = expanded({ valueSet: GENDER });
    expect(all.total).toBe(4);
    expect(expanded({ valueSet: GENDER, count: 0 })).toMatchObject({ total: 4, offset: 0, contains: [] });
    expect(expanded({ valueSet: GENDER, offset: 1, count: 2 }).contains).toEqual(all.contains.slice(1, 3));
    expect(expanded({ valueSet: GENDER, filter: 'MALE' }).contains.map((entry) => entry.code)).toEqual(['male', 'female']);
    expect(expanded({ valueSet: GENDER, filter: 'male', offset: 1 })).toMatchObject({ total: 2, contains: [{ code: 'female' }] });
  });

  it('leaves out what is inactive, and tells what is abstract', () => {
    const valueSet = { compose: { include: [{ system: 'http://test.example/cs' }] } };
    terminology.add({
      resourceType: 'CodeSystem',
      url: 'http://test.example/cs',
      content: 'complete',
      concept: [
        { code: 'a', concept: [{ code: 'b' }] },
        { code: 'c', property: [{ code: 'status', valueCode: 'retired' }] },
        { code: 'd', property: [{ code: 'notSelectable', valueBoolean: true }] },
      ],
    });
    expect(expanded({ valueSet }).contains).toEqual([
      { system: 'http://test.example/cs', code: 'a' },
      { system: 'http://test.example/cs', code: 'b' },
      { system: 'http://test.example/cs', code: 'c', inactive: true },
      { system: 'http://test.example/cs', code: 'd', abstract: true },
    ]);
    expect(expanded({ valueSet, activeOnly: true }).total).toBe(3);
  });

  it('gives displays in the language asked for', () => {
    const system = 'http://test.example/spraak';
    terminology.add({
      resourceType: 'CodeSystem',
      url: system,
      content: 'complete',
      concept: [{ code: '1', display: 'Coordinator', designation: [{ language: 'nb', value: 'Koordinator' }] }],
    });
    const valueSet = { compose: { include: [{ system }] } };
    expect(expanded({ valueSet, displayLanguage: 'nn' }).contains[0]!.display).toBe('Koordinator');
    expect(expanded({ valueSet, displayLanguage: 'en' }).contains[0]!.display).toBe('Coordinator');
  });

  it('says why it cannot', () => {
    expect(terminology.expand({ valueSet: 'http://none.example' })).toMatchObject({ problem: 'not-found' });
    expect(terminology.expand({ valueSet: 'http://hl7.org/fhir/ValueSet/ucum-units' })).toMatchObject({ problem: 'too-costly' });
    expect(terminology.expand({ valueSet: 'http://hl7.org/fhir/ValueSet/condition-code' })).toMatchObject({ problem: 'unknown-system' });
  });
});

describe('resources that are not what they should be', () => {
  it('stop nothing: members called toString and valueOf stand where text should', () => {
    const strange = { toString: 1, valueOf: 2 };
    const system = {
      resourceType: 'CodeSystem',
      url: 'http://t.example/cs',
      content: 'complete',
      concept: [{ code: strange, designation: [{ value: strange }] }],
    };
    const include = [
      { system: 'http://t.example/cs', concept: [{ code: strange }], filter: [{ property: strange, op: strange, value: strange }] },
    ];
    const set = { resourceType: 'ValueSet', name: strange, compose: { include } };
    const service = createTerminology().including([system]);
    expect(service.membershipIn(set, 'http://t.example/cs', 'a')).toBe('out');
    expect(() => service.expand({ valueSet: set })).not.toThrow();
  });
});

describe('$lookup, $subsumes and $translate', () => {
  it('looks a code up, with its place', () => {
    expect(terminology.lookup({ system: ACT, code: 'AMB' })).toMatchObject({ display: 'ambulatory', parents: ['_ActEncounterCode'] });
    expect(terminology.lookup({ system: ACT, code: 'none' })).toBeUndefined();
  });

  it('tells how two codes stand', () => {
    expect(terminology.subsumes(ACT, '_ActEncounterCode', 'AMB')).toBe('subsumes');
    expect(terminology.subsumes(ACT, 'AMB', '_ActEncounterCode')).toBe('subsumed-by');
    expect(terminology.subsumes(ACT, 'AMB', 'AMB')).toBe('equivalent');
    expect(terminology.subsumes(ACT, 'AMB', 'VR')).toBe('not-subsumed');
    expect(terminology.subsumes(ACT, 'AMB', 'none')).toBeUndefined();
  });

  it('translates by the concept maps held', () => {
    const matches = terminology.translate({ system: GENDER_SYSTEM, code: 'male' });
    expect(matches.map((match) => match.concept)).toContainEqual(expect.objectContaining({ code: 'M' }));
    expect(terminology.translate({ system: GENDER_SYSTEM, code: 'male' }, { target: 'http://none.example' })).toEqual([]);
  });
});

describe('the content', () => {
  it("expands every value set that R4 binds with strength required, but for those that follow a grammar or are not HL7's", () => {
    const file = new URL('../../server/definitions/generated/validation-structures.json.br', import.meta.url);
    const [, ...lines] = brotliDecompressSync(readFileSync(file)).toString('utf8').split('\n');
    const structures = lines.map(
      (line) => JSON.parse(line) as { derivation?: string; elements: { binding?: { strength: string; valueSet?: string } }[] },
    );
    const bound = new Set<string>();
    for (const { derivation, elements } of structures) {
      if (derivation !== 'specialization') continue;
      for (const { binding } of elements)
        if (binding?.strength === 'required' && binding.valueSet !== undefined) bound.add(binding.valueSet);
    }
    const missing = [...bound].filter((valueSet) => 'problem' in terminology.expand({ valueSet }));
    expect(bound.size).toBe(224);
    expect(missing.sort()).toEqual([
      'http://hl7.org/fhir/ValueSet/mimetypes|4.0.1',
      'http://hl7.org/fhir/ValueSet/ucum-units|4.0.1',
      'http://loinc.org/vs/LL379-9|4.0.1',
    ]);
  });

  it('knows what it holds', () => {
    expect(terminology.knows(GENDER)).toBe(true);
    expect(terminology.knows('http://none.example')).toBe(false);
  });
});
