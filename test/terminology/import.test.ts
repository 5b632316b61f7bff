import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importRelease } from '../../terminology/import/import-release.ts';
import { loadContent } from '../../terminology/service/content.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { openReleases, readReleases, releaseFolder } from '../../terminology/service/releases.ts';
import type { TerminologyService } from '../../terminology/terminology-service.ts';
import { SNOMED, writeLoinc, writeSnomed } from './made-releases.ts';

const SCT = 'http://snomed.info/sct';
const LOINC = 'http://loinc.org';
const ICD10 = 'urn:oid:2.16.578.1.12.4.1.1.7110';
const ICPC2 = 'urn:oid:2.16.578.1.12.4.1.1.7170';
const { root, animal, dog, poodle, pet, outOfUse, site, refset } = SNOMED;

let dataFolder: string;
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'fellesplan-import-'));
});
afterEach(() => rm(dataFolder, { recursive: true, force: true }));

const service = (): TerminologyService => createTerminology(loadContent(openReleases(readReleases(dataFolder))));

function filtered(...filter: readonly (readonly [property: string, op: string, value: string])[]) {
  return {
    resourceType: 'ValueSet',
    compose: { include: [{ system: SCT, filter: filter.map(([property, op, value]) => ({ property, op, value })) }] },
  };
}

function codes(expansion: ReturnType<TerminologyService['expand']>): readonly string[] {
  if ('problem' in expansion) throw new Error(expansion.message);
  return expansion.contains.map(({ code }) => code);
}

describe('a loaded SNOMED CT [R4 snomedct]', () => {
  beforeEach(() => importRelease({ system: 'snomed', path: writeSnomed(dataFolder), dataFolder }));

  it('says which edition and version it is', () => {
    expect(service().lookup({ system: SCT, code: dog })).toMatchObject({
      name: 'SNOMED CT',
      version: `${SCT}/51000202101/version/20260115`,
    });
  });

  it('gives the preferred term, the definition, and the terms in other languages with the preferred first', () => {
    expect(service().lookup({ system: SCT, code: dog })).toMatchObject({
      display: 'Dog',
      definition: 'It barks.',
      designations: [
        { language: 'en', value: 'Dog' },
        { language: 'nb', value: 'hund' },
        { language: 'en', value: 'Hound' },
        { language: 'nb', value: 'bikkje' },
        { language: 'en', value: 'Dog (organism)' },
      ],
      parents: [animal],
      children: [poodle],
    });
    expect(service().lookup({ system: SCT, code: dog }, 'nb')?.display).toBe('hund');
    expect(service().lookup({ system: SCT, code: dog }, 'nn')?.display).toBe('hund');
  });

  it.each([
    ['a term', 'Dog', false],
    ['a fully specified name', 'dog (organism)', false],
    ['a term in another language', 'Hund', false],
    ['a term that is out of use', 'Cat', true],
  ])('takes %s as display', (_what, display, wrongDisplay) => {
    expect(service().validateInSystem({ system: SCT, code: dog, display })).toMatchObject({ membership: 'in', wrongDisplay });
  });

  it('knows that a code does not exist', () => {
    expect(service().validateInSystem({ system: SCT, code: '999999999' })).toMatchObject({
      membership: 'out',
      message: expect.stringContaining('999999999'),
    });
  });

  it.each([
    ['is-a', [['concept', 'is-a', animal]], [animal, dog, poodle]],
    ['descendant-of', [['concept', 'descendent-of', animal]], [dog, poodle]],
    ['is-a of a code that does not exist', [['concept', 'is-a', '999999999']], []],
    [
      'two filters',
      [
        ['concept', 'is-a', animal],
        ['concept', 'descendent-of', pet],
      ],
      [poodle],
    ],
    ['generalizes', [['concept', 'generalizes', dog]], [dog, animal, root]],
    ['is-not-a', [['concept', 'is-not-a', root]], [outOfUse, site]],
    ['a reference set', [['concept', 'in', refset]], [dog]],
    ['an attribute', [[site, '=', animal]], [poodle]],
    ['a property', [['sufficientlyDefined', '=', 'true']], [poodle]],
    ['parent', [['parent', '=', root]], [animal, pet]],
    ['child', [['child', '=', poodle]], [dog, pet]],
  ] as const)('selects by %s', (_what, filter, expected) => {
    const found = codes(service().expand({ valueSet: filtered(...filter) }));
    expect([...found].sort()).toEqual([...expected].sort());
    for (const code of Object.values(SNOMED)) {
      if (code === refset) continue;
      expect([code, service().membershipIn(filtered(...filter), SCT, code)]).toEqual([
        code,
        (expected as readonly string[]).includes(code) ? 'in' : 'out',
      ]);
    }
  });

  it('gives a page with the total of all', () => {
    const expansion = service().expand({ valueSet: filtered(['concept', 'is-a', root]), offset: 1, count: 2, displayLanguage: 'nb' });
    expect(expansion).toMatchObject({ total: 5, offset: 1 });
    expect(codes(expansion)).toHaveLength(2);
    expect(service().expand({ valueSet: filtered(['concept', 'is-a', root]), count: 0 })).toMatchObject({
      total: 5,
      offset: 0,
      contains: [],
    });
  });

  it.each([
    ['a word of the display', 'pood', {}, [poodle]],
    ['a word of another term', 'HOUND', {}, [dog]],
    ['words of terms in two languages, in any order', 'hund dog', {}, [dog]],
    ['a code', poodle, {}, [poodle]],
    ['words that do not stand together', 'poodle hund', {}, []],
    ['a word, in part of the hierarchy', 'o', { valueSet: `${SCT}?fhir_vs=isa/${dog}` }, [dog, poodle]],
    ['nothing but what is in use', '', { activeOnly: true }, [root, animal, dog, poodle, pet, site]],
    ['a code that is out of use, when that is not wanted', outOfUse, { activeOnly: true }, []],
  ])('is searched by %s', (_what, filter, request, expected) => {
    const expansion = service().expand({ valueSet: `${SCT}?fhir_vs`, filter, ...request });
    expect([...codes(expansion)].sort()).toEqual([...expected].sort());
    expect(service().expand({ valueSet: `${SCT}?fhir_vs`, filter, count: 0, ...request })).toMatchObject({
      total: expected.length,
      contains: [],
    });
  });

  it.each([
    [`${SCT}?fhir_vs`, 'in', 'in'],
    [`${SCT}?fhir_vs=isa/${dog}`, 'in', 'out'],
    [`${SCT}?fhir_vs=refset/${refset}`, 'out', 'out'],
    [`${SCT}?fhir_vs=nonsense`, 'unknown', 'unknown'],
  ])('has the value set %s', (url, ofPoodle, ofPet) => {
    expect(service().membership(url, SCT, poodle)).toBe(ofPoodle);
    expect(service().membership(url, SCT, pet)).toBe(ofPet);
  });

  it('subsumes', () => {
    expect(service().subsumes(SCT, animal, poodle)).toBe('subsumes');
    expect(service().subsumes(SCT, poodle, pet)).toBe('subsumed-by');
    expect(service().subsumes(SCT, dog, pet)).toBe('not-subsumed');
    expect(service().subsumes(SCT, dog, dog)).toBe('equivalent');
    expect(service().subsumes(SCT, dog, '999999999')).toBeUndefined();
  });

  it('marks what is out of use', () => {
    const expansion = service().expand({ valueSet: `${SCT}?fhir_vs` });
    expect('contains' in expansion && expansion.contains.filter(({ inactive }) => inactive).map(({ code }) => code)).toEqual([outOfUse]);
  });

  it('is not lost when a package says no more of it than that it exists', () => {
    const terminology = service();
    terminology.add({ resourceType: 'CodeSystem', url: SCT, content: 'not-present' });
    expect(terminology.validateInSystem({ system: SCT, code: dog }).membership).toBe('in');
  });
});

describe('a loaded LOINC [R4 loinc]', () => {
  beforeEach(() => importRelease({ system: 'loinc', path: writeLoinc(dataFolder), dataFolder }));

  it('has terms with names that hold quotes and commas, parts and answers', () => {
    expect(service().lookup({ system: LOINC, code: '10001-1' })).toMatchObject({
      version: '2.81',
      display: 'Made substance, "A" [Mass/volume] in Blood',
      definition: 'First line\nsecond line',
      parents: ['LP1-1'],
    });
    expect(service().lookup({ system: LOINC, code: 'LP1-1' })).toMatchObject({ display: 'Made things', children: ['10001-1', '10002-9'] });
    expect(service().lookup({ system: LOINC, code: 'LA33-6' })).toMatchObject({ display: 'Yes', parents: ['LL1-9', 'LL2-7'] });
  });

  it.each([
    ['the answers of a list', 'LL1-9', ['LA32-8', 'LA33-6']],
    ['what is below a part', 'LP1-1', ['10001-1', '10002-9']],
    ['a code that does not exist', 'LL9-9', []],
  ])('has the value set of %s', (_what, code, expected) => {
    expect([...codes(service().expand({ valueSet: `${LOINC}/vs/${code}` }))].sort()).toEqual(expected);
  });

  it('selects by its properties, and marks what is deprecated', () => {
    const valueSet = {
      resourceType: 'ValueSet',
      compose: { include: [{ system: LOINC, filter: [{ property: 'SYSTEM', op: '=', value: 'Ser' }] }] },
    };
    expect(service().expand({ valueSet })).toMatchObject({ total: 1, contains: [{ code: '10002-9', inactive: true }] });
  });
});

describe('a loaded code list of Norwegian use', () => {
  it('is ICD-10 with tabs, the hierarchy told by the codes', async () => {
    const path = join(dataFolder, 'ICD102026_fulltekst.txt');
    writeFileSync(path, 'A00\tKolera\r\nA000\tKolera som skyldes Vibrio cholerae\r\nB99\tAnnen infeksjon\r\n');
    await importRelease({ system: 'icd10', path, dataFolder });
    expect(service().lookup({ system: ICD10, code: 'A000' })).toMatchObject({
      display: 'Kolera som skyldes Vibrio cholerae',
      parents: ['A00'],
      version: '2026',
    });
    expect(service().subsumes(ICD10, 'A00', 'A000')).toBe('subsumes');
    expect(service().validateInSystem({ system: ICD10, code: 'A009' }).membership).toBe('out');
  });

  it('is ICPC-2 with semicolons, a header and old letters', async () => {
    const path = join(dataFolder, 'icpc-2.csv');
    const text =
      'Gyldig fra;Kode;Tekst\n2026;A;Allment og uspesifisert\n2026;A01;"Smerte; allmenn"\n2026;A04;Slapphet, tr\xf8tthet\n2026;-30;Unders\xf8kelse\n';
    writeFileSync(path, Buffer.from(text, 'latin1'));
    await importRelease({ system: 'icpc2', path, dataFolder, version: '2026-01' });
    expect(service().lookup({ system: ICPC2, code: 'A01' })).toMatchObject({
      display: 'Smerte; allmenn',
      parents: ['A'],
      version: '2026-01',
    });
    expect(service().lookup({ system: ICPC2, code: 'A04' })?.display).toBe('Slapphet, trøtthet');
    expect(service().lookup({ system: ICPC2, code: '-30' })?.display).toBe('Undersøkelse');
  });
});

describe('loading a release', () => {
  it.each([
    ['snomed', 'a folder without a snapshot', /there is no RF2 snapshot of concepts here/],
    ['loinc', 'a folder without the table', /there is no Loinc\.csv here/],
    ['icd10', 'text without codes', /no line here begins with a code of ICD-10/],
    ['icpc2', 'text without codes', /no line here begins with a code of ICPC-2/],
  ] as const)('refuses for %s %s, and leaves nothing behind', async (system, _what, message) => {
    const path = join(dataFolder, 'given');
    mkdirSync(path);
    writeFileSync(join(path, 'readme.txt'), 'Nothing of use\n');
    await expect(importRelease({ system, path, dataFolder })).rejects.toThrow(message);
    expect(existsSync(releaseFolder(dataFolder))).toBe(false);
  });

  it('leaves no part of a release behind when it cannot be kept', async () => {
    const path = join(dataFolder, 'icd10.txt');
    writeFileSync(path, 'A00\tKolera\n');
    mkdirSync(join(releaseFolder(dataFolder), 'icd10.release', 'in-the-way'), { recursive: true });
    await expect(importRelease({ system: 'icd10', path, dataFolder })).rejects.toThrow('icd10.release');
    expect(readdirSync(releaseFolder(dataFolder))).toEqual(['icd10.release']);
  });

  it('refuses an archive that is not unpacked', async () => {
    await expect(importRelease({ system: 'snomed', path: 'SnomedCT.zip', dataFolder })).rejects.toThrow(/unpack it/);
  });

  it('replaces what was loaded before', async () => {
    const path = join(dataFolder, 'icd.txt');
    for (const text of ['A00\tFør\n', 'A00\tEtter\n']) {
      writeFileSync(path, text);
      await importRelease({ system: 'icd10', path, dataFolder });
    }
    expect(service().lookup({ system: ICD10, code: 'A00' })?.display).toBe('Etter');
    expect(readdirSync(releaseFolder(dataFolder))).toEqual(['icd10.release']);
  });

  it('says which file cannot be used when the service starts', () => {
    mkdirSync(releaseFolder(dataFolder), { recursive: true });
    writeFileSync(join(releaseFolder(dataFolder), 'snomed.release'), 'something else altogether');
    expect(() => openReleases(readReleases(dataFolder))).toThrow(/snomed\.release: .*load it again with import-terminology/);
  });
});
