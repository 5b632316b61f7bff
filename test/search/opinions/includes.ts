/**
 * What a search includes, found by following the references of the resources themselves.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#include
 */
import type { Below } from '../../support/random.ts';
import { placesOf } from './match.ts';
import type { Held } from './population.ts';
import type { SearchMaker } from './random-search.ts';
import { chance, pick } from './values.ts';
import type { World } from './world.ts';

export interface Include {
  readonly name: string;
  readonly value: string;
  readonly reverse: boolean;
  readonly iterate: boolean;
  readonly source: string | undefined;
  readonly code: string | undefined;
  readonly target: string | undefined;
}

export function includeParameters(random: Below, world: World, maker: SearchMaker, type: string): Include[] {
  return Array.from({ length: 1 + random(3) }, () => {
    const reverse = chance(random, 40);
    const iterate = chance(random, 40);
    const types = [...new Set([...world.resources.values()].map(({ resourceType }) => resourceType))];
    const source = reverse || iterate ? pick(random, types) : type;
    const code = chance(random, 15) ? undefined : maker.codeOf(source, ['reference']);
    const targets = code === undefined ? [] : (world.parameter(source, code)?.targets ?? []);
    const target = code !== undefined && targets.length > 0 && chance(random, 25) ? pick(random, targets) : undefined;
    const all = code === undefined && chance(random, 40);
    const value = all ? '*' : [source, code ?? '*', ...(target === undefined ? [] : [target])].join(':');
    return {
      name: `${reverse ? '_revinclude' : '_include'}${iterate ? ':iterate' : ''}`,
      value,
      reverse,
      iterate,
      source: all ? undefined : source,
      code,
      target,
    };
  });
}

/** Names of what is included, sorted; what matches is not. */
export function expectedIncludes(world: World, matches: readonly string[], includes: readonly Include[]): string[] {
  const found = new Set<string>();
  const step = (from: readonly string[], include: Include): string[] =>
    (include.reverse ? pointingAt(world, from, include) : pointedAt(world, from, include)).filter(
      (name) => !matches.includes(name) && !found.has(name),
    );
  for (const include of includes) for (const name of step(matches, include)) found.add(name);
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const include of includes.filter(({ iterate }) => iterate))
      for (const name of step([...matches, ...found], include)) found.add(name);
  }
  return [...found].sort();
}

function linksOf(world: World, resource: Held, { code }: Include): string[] {
  const parameters = [...world.parametersOf(resource.resourceType).values()].filter(({ type }) => type === 'reference');
  const codes = code === undefined ? parameters.map((parameter) => parameter.code) : [code];
  const places = codes.flatMap((each) => world.elements(resource, each).flatMap(placesOf));
  const direct = places.flatMap((place) =>
    'url' in place || !world.resources.has(`${place.type}/${place.id}`) ? [] : `${place.type}/${place.id}`,
  );
  const defined = codes.flatMap((each) => world.definitionsNamed(resource, each));
  return [...direct, ...defined.map(({ resourceType, id }) => `${resourceType}/${id}`)];
}

function pointedAt(world: World, from: readonly string[], include: Include): string[] {
  const sources = from.filter((name) => include.source === undefined || name.startsWith(`${include.source}/`));
  const links = sources.flatMap((name) => linksOf(world, world.resources.get(name) as Held, include));
  return links.filter((name) => include.target === undefined || name.startsWith(`${include.target}/`));
}

function pointingAt(world: World, to: readonly string[], include: Include): string[] {
  const targets = to.filter((name) => include.target === undefined || name.startsWith(`${include.target}/`));
  const sources = [...world.resources].filter(([, { resourceType }]) => include.source === undefined || resourceType === include.source);
  return sources.filter(([, resource]) => linksOf(world, resource, include).some((name) => targets.includes(name))).map(([name]) => name);
}
