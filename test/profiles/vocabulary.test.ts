/**
 * The codes and linkIds of profiles/README.md are those of the definitions, and what people read is in three languages.
 *
 * Spec: https://hl7.org/fhir/R4/languages.html · https://hl7.org/fhir/R4/extension-translation.html
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isObject, type Resource } from '../../server/fhir/resource.ts';
import { allGenerated, PROFILES_FOLDER } from './profile-rules.ts';
import { validator } from './profile-validator.ts';

interface Concept {
  readonly code: string;
  readonly display: string;
  readonly designation?: readonly { readonly language: string; readonly value: string }[];
}

interface Item {
  readonly linkId: string;
  readonly item?: readonly Item[];
}

const readme = readFileSync(join(PROFILES_FOLDER, 'README.md'), 'utf8');
const codeSystems = allGenerated().filter(({ resourceType, content }) => resourceType === 'CodeSystem' && content === 'complete');
const conceptsOf = (codeSystem: Resource): readonly Concept[] => codeSystem.concept as readonly Concept[];

/** The languages that the primitive named `name` is translated to. */
function translations(holder: Record<string, unknown>, name: string): string[] {
  const partner = holder[`_${name}`];
  const extensions = (isObject(partner) ? partner.extension : undefined) as { extension: { valueCode?: string }[] }[] | undefined;
  return (extensions ?? []).map(({ extension }) => extension.find(({ valueCode }) => valueCode !== undefined)?.valueCode ?? '');
}

/** The primitives of an object that people read: of a definition, a question, a step of a pathway and a rule. */
function readableNames(value: Record<string, unknown>): string[] {
  if ('url' in value && 'status' in value) return ['title', 'description'];
  if ('linkId' in value) return ['text'];
  if ('human' in value) return String(value.key).startsWith('fp-') ? ['human'] : [];
  return 'id' in value && 'title' in value ? ['title'] : [];
}

/** What people read and lacks nynorsk or English, by its path. */
function untranslated(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => untranslated(item, `${path}[${index}]`));
  if (!isObject(value)) return [];
  const names = readableNames(value).filter((name) => typeof value[name] === 'string' && translations(value, name).join() !== 'nn,en');
  return [
    ...names.map((name) => `${path}.${name}`),
    ...Object.entries(value).flatMap(([key, inner]) => untranslated(inner, `${path}.${key}`)),
  ];
}

describe('the vocabulary of profiles/README.md', () => {
  test.each(codeSystems)('$id has the codes that the table says', (codeSystem) => {
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${codeSystem.id}\` `)) ?? '';
    const said = (row.split('|')[2] ?? '').replace(/\(.*\)/, '').trim();
    const codes = said === '1 … 9' ? '123456789'.split('') : said.split(' · ');
    expect(conceptsOf(codeSystem).map(({ code }) => code)).toEqual(codes);
  });

  test('names every code system', () => {
    const named = readme.match(/^\| `fp-[a-z-]+` +\|/gm) ?? [];
    expect(named.length).toBe(codeSystems.length);
  });

  test.each([
    ['fp-psfs', ['date', 'conversation', 'direction', 'activity', 'activity.name', 'activity.score', 'total', 'mean', 'change']],
    ['fp-cfs', ['reference-date', 'level', 'rater', 'note']],
  ])('the questionnaire %s has the linkIds that it says', (id, linkIds) => {
    const questionnaire = allGenerated().find((one) => one.resourceType === 'Questionnaire' && one.id === id)!;
    const all = (items: readonly Item[]): string[] => items.flatMap(({ linkId, item }) => [linkId, ...all(item ?? [])]);
    expect(all(questionnaire.item as readonly Item[])).toEqual(linkIds);
  });
});

describe('what people read', () => {
  test.each(codeSystems)('every code of $id has a name in bokmål, nynorsk and English', (codeSystem) => {
    expect(codeSystem.language).toBe('nb');
    const incomplete = conceptsOf(codeSystem).filter(
      ({ display, designation }) => display === '' || designation?.map(({ language }) => language).join() !== 'nn,en',
    );
    expect(incomplete).toEqual([]);
  });

  test('titles, descriptions, questions, steps and rules are in all three languages', () => {
    const definitions = allGenerated().filter((one) => String(one.id).startsWith('fp-'));
    const named = definitions.filter(({ resourceType }) => !['SearchParameter', 'NamingSystem'].includes(resourceType));
    expect(definitions.length).toBeGreaterThan(70);
    expect(named.filter(({ title }) => title === undefined).map(({ id }) => id)).toEqual([]);
    expect(definitions.flatMap((one) => untranslated(one, `${one.resourceType}/${one.id}`))).toEqual([]);
  });
});

describe('the Norwegian lists', () => {
  const folder = join(import.meta.dirname, '..', '..', 'terminology', 'content', 'norway');
  const lists = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Resource);
  test.each(lists)('$resourceType/$id is valid, and has the URL that no-basis binds to', (list) => {
    const number = String(list.id).replace('volven-', '');
    expect(list.url).toBe(`urn:oid:2.16.578.1.12.4.1.1.${number}`);
    expect(validator.validate(list).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test.each([
    ['8327', 4],
    ['9060', 36],
    ['9151', 22],
    ['9602', 4],
    ['9603', 14],
  ])('%s has %i codes, each once', (number, count) => {
    const list = lists.find(({ resourceType, id }) => resourceType === 'CodeSystem' && id === `volven-${number}`)!;
    const codes = conceptsOf(list).map(({ code }) => code);
    expect([codes.length, new Set(codes).size]).toEqual([count, count]);
  });
});
