/**
 * SMART scopes: reading v1 (`patient/Observation.read`) and v2 (`patient/Observation.rs?category=survey`) text, and
 * granting of what was asked no more than what is allowed.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html
 */
import type { ResourceScope } from './principal.ts';

/** Scopes that name no resource, as this server understands them. */
const PLAIN_SCOPES: ReadonlySet<string> = new Set([
  'openid',
  'fhirUser',
  'profile',
  'launch',
  'launch/patient',
  'launch/encounter',
  'offline_access',
  'online_access',
]);

const RESOURCE_SCOPE = /^(patient|user|system)\/(\*|[A-Z][A-Za-z]*)\.(\*|read|write|c?r?u?d?s?)(?:\?([^\s?]+))?$/;
const V1_RIGHTS: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };
const LETTERS = ['c', 'r', 'u', 'd', 's'] as const;
type Letter = (typeof LETTERS)[number];

/** One resource scope with the text it was written as; v1 texts are kept so that a v1 client gets v1 back. */
interface WrittenScope {
  readonly scope: ResourceScope;
  readonly text: string;
}

/** The words of a scope string, without repeats, in order. */
export function scopeWords(scope: string | undefined): readonly string[] {
  return [...new Set((scope ?? '').split(' ').filter((word) => word !== ''))];
}

/** True for a scope that names no resource, of those understood here. */
export function isPlainScope(word: string): boolean {
  return PLAIN_SCOPES.has(word);
}

/** A resource scope as a value; undefined when the text is none (or is one of the scopes that name no resource). */
export function parseResourceScope(text: string): ResourceScope | undefined {
  const parts = RESOURCE_SCOPE.exec(text);
  if (parts === null) return undefined;
  const [, level, type, rights, query] = parts as unknown as [string, ResourceScope['level'], string, string, string | undefined];
  const letters = V1_RIGHTS[rights] ?? rights;
  if (letters === '' || (V1_RIGHTS[rights] !== undefined && query !== undefined)) return undefined;
  return { level, type, ...rightsOf(new Set(letters)), ...(query === undefined ? {} : { query }) };
}

/** All resource scopes in a scope string; words that are none are passed over. */
export function parseResourceScopes(scope: string | undefined): readonly ResourceScope[] {
  return scopeWords(scope)
    .map(parseResourceScope)
    .filter((parsed) => parsed !== undefined);
}

/**
 * What of `asked` may be granted to a client that is allowed `allowed`. A plain scope is granted when it is allowed; a
 * resource scope is cut down to what both have (type, letters, and both queries of granular scopes).
 * @returns the granted words; empty when nothing can be granted.
 */
export function grantScopes(asked: readonly string[], allowed: readonly string[]): readonly string[] {
  const limits = written(allowed);
  const granted = asked.flatMap((word) => {
    const scope = parseResourceScope(word);
    if (scope === undefined) return PLAIN_SCOPES.has(word) && allowed.includes(word) ? [word] : [];
    const cuts = limits.map((limit) => intersect({ scope, text: word }, limit.scope)).filter((cut) => cut !== undefined);
    return cuts.includes(word) ? [word] : cuts;
  });
  return [...new Set(granted)];
}

function written(words: readonly string[]): readonly WrittenScope[] {
  return words.flatMap((text) => {
    const scope = parseResourceScope(text);
    return scope === undefined ? [] : [{ scope, text }];
  });
}

function intersect(asked: WrittenScope, limit: ResourceScope): string | undefined {
  const { scope } = asked;
  if (scope.level !== limit.level) return undefined;
  if (scope.type !== limit.type && scope.type !== '*' && limit.type !== '*') return undefined;
  const letters = LETTERS.filter((letter) => hasLetter(scope, letter) && hasLetter(limit, letter));
  if (letters.length === 0) return undefined;
  const unchanged = letters.length === LETTERS.filter((letter) => hasLetter(scope, letter)).length;
  const type = scope.type === '*' ? limit.type : scope.type;
  const queries = [...new Set([...partsOf(scope.query), ...partsOf(limit.query)])];
  if (unchanged && type === scope.type && queries.length === partsOf(scope.query).length) return asked.text;
  return `${scope.level}/${type}.${letters.join('')}${queries.length > 0 ? `?${queries.join('&')}` : ''}`;
}

function partsOf(query: string | undefined): readonly string[] {
  return query === undefined ? [] : query.split('&');
}

function hasLetter(scope: ResourceScope, letter: Letter): boolean {
  return { c: scope.create, r: scope.read, u: scope.update, d: scope.delete, s: scope.search }[letter];
}

function rightsOf(letters: ReadonlySet<string>): Pick<ResourceScope, 'create' | 'read' | 'update' | 'delete' | 'search'> {
  return {
    create: letters.has('c'),
    read: letters.has('r'),
    update: letters.has('u'),
    delete: letters.has('d'),
    search: letters.has('s'),
  };
}
