/**
 * Small made releases in the formats of the real ones. Codes and words are invented, but for those that the formats
 * themselves are made of.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const REST = '20260115\t1\t900000000000207008';
const OUT_OF_USE = '20260115\t0\t900000000000207008';
const [FULLY_SPECIFIED, SYNONYM, IS_A] = ['900000000000003001', '900000000000013009', '116680003'];
const INFERRED = '900000000000011006\t900000000000451002';

/** Root → animal → dog → poodle, and poodle is a pet as well; one concept is out of use. */
export const SNOMED = {
  root: '138875005',
  animal: '100000001',
  dog: '100000002',
  poodle: '100000003',
  pet: '100000004',
  outOfUse: '100000005',
  site: '363698007',
  refset: '100000009',
} as const;

const { root, animal, dog, poodle, pet, outOfUse, site, refset } = SNOMED;

const describe = (id: number, code: string, language: string, type: string, term: string): string =>
  `${id}\t${REST}\t${code}\t${language}\t${type}\t${term}\t900000000000448009`;

const FILES = {
  'Terminology/sct2_Concept_Snapshot_INT_20260101.txt': [
    'id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId',
    ...[root, animal, dog, pet, site].map((code) => `${code}\t${REST}\t900000000000074008`),
    `${poodle}\t${REST}\t900000000000073002`,
    `${outOfUse}\t${OUT_OF_USE}\t900000000000074008`,
  ],
  'Terminology/sct2_Concept_Snapshot_NO1000202_20260115.txt': ['id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId'],
  'Terminology/sct2_Description_Snapshot-en_INT_20260101.txt': [
    'id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId',
    describe(1, root, 'en', FULLY_SPECIFIED, 'SNOMED CT Concept (SNOMED RT+CTV3)'),
    describe(2, dog, 'en', FULLY_SPECIFIED, 'Dog (organism)'),
    describe(3, dog, 'en', SYNONYM, 'Hound'),
    describe(4, dog, 'en', SYNONYM, 'Dog'),
    `5\t${OUT_OF_USE}\t${dog}\ten\t${SYNONYM}\tCat\t900000000000448009`,
    describe(6, poodle, 'en', SYNONYM, 'Poodle'),
    describe(7, animal, 'en', SYNONYM, 'Animal'),
  ],
  'Terminology/sct2_Description_Snapshot-no_NO1000202_20260115.txt': [
    'id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId',
    describe(8, dog, 'nb', SYNONYM, 'bikkje'),
    describe(9, dog, 'nb', SYNONYM, 'hund'),
  ],
  'Terminology/sct2_TextDefinition_Snapshot-en_INT_20260101.txt': [
    'id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId',
    describe(10, dog, 'en', '900000000000550004', 'It barks.'),
  ],
  'Terminology/sct2_Relationship_Snapshot_INT_20260101.txt': [
    'id\teffectiveTime\tactive\tmoduleId\tsourceId\tdestinationId\trelationshipGroup\ttypeId\tcharacteristicTypeId\tmodifierId',
    ...[
      [animal, root],
      [pet, root],
      [dog, animal],
      [poodle, dog],
      [poodle, pet],
    ].map(([from, to], index) => `${20 + index}\t${REST}\t${from}\t${to}\t0\t${IS_A}\t${INFERRED}`),
    `30\t${OUT_OF_USE}\t${pet}\t${dog}\t0\t${IS_A}\t${INFERRED}`,
    `31\t${REST}\t${poodle}\t${animal}\t1\t${site}\t${INFERRED}`,
  ],
  'Refset/der2_cRefset_LanguageSnapshot-en_INT_20260101.txt': [
    'id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\tacceptabilityId',
    `a\t${REST}\t900000000000509007\t4\t900000000000548007`,
    `b\t${REST}\t900000000000509007\t3\t900000000000549004`,
  ],
  'Refset/der2_cRefset_LanguageSnapshot-no_NO1000202_20260115.txt': [
    'id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\tacceptabilityId',
    `c\t${REST}\t61000202103\t9\t900000000000548007`,
  ],
  'Refset/der2_Refset_SimpleSnapshot_INT_20260101.txt': [
    'id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId',
    `d\t${REST}\t${refset}\t${dog}`,
    `e\t${OUT_OF_USE}\t${refset}\t${pet}`,
  ],
} as const;

/** Writes the made SNOMED CT, its lines ended as in real releases, and returns its folder. */
export function writeSnomed(folder: string): string {
  return writeAll(
    join(folder, 'Snapshot'),
    Object.fromEntries(Object.entries(FILES).map(([name, lines]) => [name, `${lines.join('\r\n')}\r\n`])),
  );
}

/** Writes a made LOINC, with a name that holds a comma and quotes, and returns its folder. */
export function writeLoinc(folder: string): string {
  return writeAll(join(folder, 'Loinc_2.81'), {
    'LoincTable/Loinc.csv': [
      '"LOINC_NUM","COMPONENT","PROPERTY","SYSTEM","STATUS","SHORTNAME","LONG_COMMON_NAME","DefinitionDescription"',
      '"10001-1","Made","MCnc","Bld","ACTIVE","Made Bld","Made substance, ""A"" [Mass/volume] in Blood","First line\nsecond line"',
      '"10002-9","Made","MCnc","Ser","DEPRECATED","","Made substance in Serum",""',
    ].join('\r\n'),
    'AccessoryFiles/PartFile/Part.csv':
      '"PartNumber","PartTypeName","PartName","PartDisplayName","Status"\n"LP1-1","COMPONENT","Made","Made things","ACTIVE"\n',
    'AccessoryFiles/AnswerFile/AnswerList.csv':
      '"AnswerListId","AnswerListName","AnswerStringId","DisplayText"\n"LL1-9","Yes or no","LA33-6","Yes"\n"LL1-9","Yes or no","LA32-8","No"\n"LL2-7","Perhaps","LA33-6","Yes"\n',
    'AccessoryFiles/ComponentHierarchyBySystem/ComponentHierarchyBySystem.csv':
      '"PATH_TO_ROOT","SEQUENCE","IMMEDIATE_PARENT","CODE","CODE_TEXT"\n"LP1-1","1","LP1-1","10001-1","x"\n"LP1-1","2","LP1-1","10002-9","x"\n',
  });
}

function writeAll(folder: string, files: Readonly<Record<string, string | Buffer>>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}
