/**
 * `_filter`: a logical expression over parameters, read from left to right.
 *
 * Spec: https://hl7.org/fhir/R4/search_filter.html
 */
import { parametersOf, type Stored } from './definitions.ts';
import { isPresent, matchesValue, textsIn } from './match.ts';
import { chained, matchesComposite, type Scene } from './search.ts';
import { escaped, plain } from './text.ts';
import { matchesStretch, stretchOf, stretchOfValue } from './time.ts';
import { type Found, valuesOf } from './values.ts';

/** Whether a filter holds for a resource. Throws for what is no filter. */
export function matchesFilter(scene: Scene, resource: Stored, text: string): boolean {
  const tokens = text.match(/"(?:\\.|[^"\\])*"|[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const term = (): boolean => {
    const token = tokens[at++];
    if (token === 'not') return !term();
    if (token === '(') {
      const inner = expression();
      at++;
      return inner;
    }
    const operator = tokens[at++] ?? '';
    const value = tokens[at++] ?? '';
    const plainValue = value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
    return compares(scene, resource, resource, token ?? '', operator, plainValue);
  };
  const expression = (): boolean => {
    let holds = term();
    while (tokens[at] === 'and' || tokens[at] === 'or') {
      const and = tokens[at++] === 'and';
      const next = term();
      holds = and ? holds && next : holds || next;
    }
    return holds;
  };
  return expression();
}

function compares(scene: Scene, resource: Stored, container: Stored, path: string, operator: string, value: string): boolean {
  const [, step, only, rest] = /^([\w-]+)(?::(\w+))?\.(.+)$/.exec(path) ?? [];
  if (step !== undefined && rest !== undefined) {
    return chained(scene, resource, container, step, only).some((target) => {
      const code = /^[\w-]+/.exec(rest)?.[0] ?? '';
      return (
        parametersOf(target.resource.resourceType).has(code) && compares(scene, target.resource, target.container, rest, operator, value)
      );
    });
  }
  const parameter = parametersOf(resource.resourceType).get(path);
  if (parameter === undefined) throw new Error(`No parameter ${path}`);
  if (resource !== container && (path === '_id' || path === '_lastUpdated'))
    return operator === 'pr' && (value === 'true') === (path === '_id');
  if (parameter.type === 'composite') {
    const wanted = operator === 'pr' ? 'missing' : undefined;
    return matchesComposite(scene, resource, parameter, wanted, operator === 'pr' ? String(value !== 'true') : value);
  }
  const found = valuesOf(resource, parameter);
  if (operator === 'pr') return isPresent(found, parameter) === (value === 'true');
  if (parameter.type === 'string') {
    if (operator === 'ne') return found.length > 0 && !found.some((each) => comparesString(each, 'eq', plain(value)));
    return found.some((each) => comparesString(each, operator, plain(value)));
  }
  const asked = { parameter, now: scene.now };
  switch (parameter.type) {
    case 'date':
      return found.some(({ type, value: theirs }) => {
        const stretch = stretchOfValue(type, theirs);
        const sought = stretchOf(value);
        if (stretch === undefined) return false;
        if (operator === 'co') return stretch.from <= sought.from && stretch.to >= sought.to;
        return matchesStretch(operator, stretch, sought, scene.now);
      });
    case 'number':
    case 'quantity':
      return matchesValue(found, asked, `${operator}${value}`);
    default: {
      const written = parameter.type === 'token' ? value : escaped(value);
      if (operator === 'ne') return isPresent(found, parameter) && !matchesValue(found, asked, written);
      return matchesValue(found, asked, written);
    }
  }
}

function comparesString({ value }: Found, operator: string, asked: string): boolean {
  const fits: Readonly<Record<string, (text: string) => boolean>> = {
    eq: (text) => text === asked,
    co: (text) => text.includes(asked),
    sw: (text) => text.startsWith(asked),
    ew: (text) => text.endsWith(asked),
  };
  return textsIn(value).some((text) => fits[operator]?.(plain(text)));
}
