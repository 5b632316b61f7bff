/**
 * Scopes on the consent page: which of them a user may leave out, and each as a line of plain words.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html
 */
import { parseResourceScope } from '../scopes.ts';
import { categoryOf } from './scope-parts.ts';
import type { SignInTexts } from './texts.ts';

/** Without these an app knows neither its user nor what it was opened for. */
const ALWAYS: ReadonlySet<string> = new Set(['openid', 'fhirUser', 'launch/patient']);
/** Scopes of a launch from an EHR; a standalone launch has none to give. */
const OF_AN_EHR: ReadonlySet<string> = new Set(['launch', 'launch/encounter']);

/** The words that a standalone launch can grant, in two parts. */
export function partScopes(words: readonly string[]): { readonly always: readonly string[]; readonly optional: readonly string[] } {
  const possible = words.filter((word) => !OF_AN_EHR.has(word));
  return { always: possible.filter((word) => ALWAYS.has(word)), optional: possible.filter((word) => !ALWAYS.has(word)) };
}

/** Whether a patient has to be chosen before such scopes mean anything. */
export function needsPatient(words: readonly string[]): boolean {
  return words.some((word) => word === 'launch/patient' || parseResourceScope(word)?.level === 'patient');
}

/** One scope as a line of text; what has no words of its own is shown as it is. */
export function scopeLine(word: string, texts: SignInTexts): string {
  const scope = parseResourceScope(word);
  if (scope === undefined) return texts.scopes[word as keyof SignInTexts['scopes']] ?? word;
  const rights = (['read', 'search', 'create', 'update', 'delete'] as const).filter((right) => scope[right]);
  const what = `${listed(
    rights.map((right) => texts.rights[right]),
    texts.and,
  )} ${scope.type === '*' ? texts.everything : scope.type}`;
  const line = scope.level === 'system' ? what : texts.level[scope.level](what);
  if (scope.query === undefined) return line;
  const category = categoryOf(scope.type, scope.query);
  return `${line}, ${category === undefined ? texts.only(queryText(scope.query)) : texts.onlyOf(texts.categories[category])}`;
}

/** `read`, `read and search`, `read, search and change`. */
function listed(words: readonly string[], and: string): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${and} ${words.at(-1)}`;
}

function queryText(query: string): string {
  return [...new URLSearchParams(query)].map(([name, value]) => `${name}=${value}`).join(', ');
}
