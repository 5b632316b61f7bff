/** Resources by chance, of any type: values at the places that the search parameters of the type look at. */
import type { Below } from '../../support/random.ts';
import { type Json, parametersOf, r4 } from './definitions.ts';
import { type Chance, IDS, MAKE, one, pick, reference, SYSTEMS, URLS } from './vocabulary.ts';

type Open = Record<string, unknown>;

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** The content of a resource, with what it contains. */
export function randomResource(chance: Chance, type: string, within = false): Json {
  const { below } = chance;
  const made: Open = { resourceType: type };
  const paths = [...parametersOf(type).values()].flatMap((parameter) => parameter.expressions.flatMap((each) => pathOf(each, type)));
  for (const path of paths) {
    for (let times = below(3); times > 1 - below(2); times--) place(chance, made, type, path);
  }
  if (!within) {
    if (one(below, 2)) made.meta = meta(below);
    if (one(below, 4)) contain(chance, made);
  }
  if ('url' in made && one(below, 2)) made.version = pick(below, ['1.0', '1.1', '2']);
  // Its status goes forwards only.
  if (type === 'Task' && made.status !== undefined) made.status = 'requested';
  return filled(made) as Json;
}

/** JSON of FHIR has no empty objects and lists. */
function filled(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(filled).filter((each) => each !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).flatMap(([name, each]) => {
    const kept = filled(each);
    return kept === undefined ? [] : [[name, kept]];
  });
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

const meta = (below: Below): Json => ({
  ...(one(below, 2) ? { tag: [MAKE.Coding?.({ below, types: [] })] } : {}),
  ...(one(below, 3) ? { security: [{ system: pick(below, SYSTEMS), code: pick(below, ['R', 'N']) }] } : {}),
  ...(one(below, 3) ? { profile: [`http://c.example/p${pick(below, ['', '|1.0', '/x'])}`] } : {}),
  ...(one(below, 3) ? { source: pick(below, URLS) } : {}),
});

/** The elements that an expression names, a cast as the last of them. */
function pathOf(expression: string, type: string): readonly string[][] {
  const text = expression.replaceAll(/[()\s]*$/g, '');
  const path = new RegExp(`\\b${type}((?:\\.[a-z]\\w*\\b(?!\\())+)`).exec(text)?.[1]?.slice(1).split('.');
  const rest = /\.where\([^)]*\)\.([a-z]\w*)$/.exec(text)?.[1];
  const cast = /(?:\bas\s*\(?\s*|ofType\()(\w+)/.exec(expression)?.[1];
  return path === undefined ? [] : [[...path, ...(rest === undefined ? [] : [rest]), ...(cast === undefined ? [] : [`:${cast}`])]];
}

/** Of an element that is there, but whose value is not known. */
const UNKNOWN: Json = { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }] };

function place(chance: Chance, resource: Open, type: string, path: readonly string[]): void {
  let holder = resource;
  let at = type;
  for (const [depth, name] of path.entries()) {
    const here = r4.pathsDefinedElsewhere[`${at}.${name}`] ?? `${at}.${name}`;
    const choices = r4.choiceTypePaths[here];
    if (choices !== undefined) {
      placeChoice(chance, holder, name, here, choices, path[depth + 1]);
      return;
    }
    const kind = r4.path2Type[here];
    const value = kind === 'Reference' ? reference(chance, targetsAt(here)) : MAKE[kind ?? '']?.(chance);
    if (value !== undefined && typeof value !== 'object' && !r4.path2Repeating[`${at}.${name}`] && one(chance.below, 15)) {
      if (!(name in holder)) holder[`_${name}`] = UNKNOWN;
      return;
    }
    if (value !== undefined) {
      delete holder[`_${name}`];
      put(holder, name, value, r4.path2Repeating[`${at}.${name}`] === true);
      return;
    }
    if (kind === undefined || (!/Element$/.test(kind) && kind !== 'UsageContext') || path[depth + 1] === undefined) return;
    holder = open(chance.below, holder, name, r4.path2Repeating[`${at}.${name}`] === true);
    at = kind === 'UsageContext' ? kind : here;
  }
}

function placeChoice(chance: Chance, holder: Open, name: string, path: string, choices: readonly string[], cast: string | undefined): void {
  if (Object.keys(holder).some((key) => choices.some((choice) => key === name + choice))) return;
  const wanted = choices.filter((choice) => cast === undefined || lowerFirst(choice) === lowerFirst(cast.slice(1)));
  const choice = pick(chance.below, wanted.length > 0 ? wanted : choices);
  const value = choice === 'Reference' ? reference(chance, targetsAt(path)) : (MAKE[choice] ?? MAKE[lowerFirst(choice)])?.(chance);
  if (value !== undefined) holder[name + choice] = value;
}

function targetsAt(path: string): readonly string[] {
  const targets = r4.path2RefType[path] ?? [];
  return typeof targets === 'string' ? [targets] : targets;
}

function put(holder: Open, name: string, value: unknown, repeats: boolean): void {
  if (!repeats) holder[name] = value;
  else if (((holder[name] ?? []) as unknown[]).length < 3) holder[name] = [...((holder[name] ?? []) as unknown[]), value];
}

function open(below: Below, holder: Open, name: string, repeats: boolean): Open {
  if (!repeats) {
    holder[name] ??= {};
    return holder[name] as Open;
  }
  holder[name] ??= [];
  const list = holder[name] as Open[];
  if (list.length === 0 || (list.length < 2 && one(below, 3))) list.push({});
  return list[below(list.length)] as Open;
}

/** Puts something into the resource, and one of its references in its place. */
function contain(chance: Chance, made: Open): void {
  const found: Open[] = [];
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (typeof (value as Open).reference === 'string') found.push(value as Open);
    for (const each of Object.values(value)) look(each);
  };
  look(made);
  if (found.length === 0) return;
  const place = pick(chance.below, found);
  const type = /([A-Z]\w+)\/[a-z](\/_history\/\d+)?$/.exec(String(place.reference))?.[1];
  if (type === undefined) return;
  place.reference = '#in';
  made.contained = [{ ...randomResource(chance, type, true), id: 'in' }];
}

/** A type and an id by chance. */
export const randomKey = ({ below, types }: Chance): { readonly type: string; readonly id: string } => ({
  type: pick(below, types),
  id: pick(below, IDS),
});
