/**
 * What a visit did, as one sentence in plain words: "åpnet planen og leste mål og tiltak".
 */
import { type Deed, EMERGENCY, LOOKED } from './noted-access.ts';
import type { Visit } from './visits.ts';
import type { Kind, Words } from './words.ts';

const DENIED = '8';

/** Kinds in the order they are told, and the interactions and operations that are of them. */
const KINDS: readonly (readonly [Kind, readonly string[]])[] = [
  ['glass', ['$break-the-glass']],
  ['signIn', ['sign-in', 'authorize', 'launch', 'token-exchange']],
  ['everything', ['$everything']],
  ['export', ['$export', '$bulk-status', '$bulk-file']],
  ['import', ['$import']],
  ['open', []],
  ['read', []],
  ['look', [LOOKED]],
  ['history', ['history-instance', 'history-type', 'history-system', '$diff']],
  ['create', ['create', '$extract']],
  ['change', ['update', 'patch', '$meta-add', '$meta-delete']],
  ['remove', ['delete']],
  ['check', ['$validate']],
];

/** The sentence, without its subject and without a capital letter. */
export function whatWasDone(visit: Visit, words: Words): string {
  if (visit.outcome !== '0') {
    const tried = phrases(visit, words, 'tried') ?? words.kinds.read.tried.replace('{}', words.otherThings);
    return wasRefused(visit) ? words.refused(tried) : words.failed(tried);
  }
  const done = phrases(visit, words, 'done');
  if (visit.purpose !== EMERGENCY) return done ?? words.used;
  return done === undefined ? words.kinds.glass.done : words.emergency(done);
}

/** Whether access was refused. */
function wasRefused({ outcome }: Visit): boolean {
  return outcome === DENIED;
}

function phrases({ deeds, origin, purpose }: Visit, words: Words, tense: 'done' | 'tried'): string | undefined {
  const byKind = Map.groupBy(deeds, kindOf);
  if (purpose === EMERGENCY && tense === 'done') {
    // It is told by itself; and who has it writes nothing but the announcement.
    for (const kind of ['glass', 'create'] as const) byKind.delete(kind);
  }
  // What was looked for besides what was seen says nothing more.
  if (byKind.size > 1) byKind.delete('look');
  const told = KINDS.flatMap(([kind]) => {
    const same = byKind.get(kind);
    if (same === undefined) return [];
    if (kind === 'signIn' && origin !== undefined) return [words.from[tense].replace('{}', origin)];
    return [words.kinds[kind][tense].replace('{}', listed(thingsOf(same, words), words))];
  });
  return told.length === 0 ? undefined : listed(told, words);
}

/** Each thing once, in the order of the table; that there were others says something only when nothing is named. */
function thingsOf(deeds: readonly Deed[], words: Words): readonly string[] {
  const types = new Set(deeds.map(({ type }) => type));
  const named = Object.entries(words.things).flatMap(([type, thing]) => (types.has(type) ? [thing] : []));
  return named.length === 0 ? [words.otherThings] : [...new Set(named)];
}

function kindOf({ interaction, type }: Deed): Kind | undefined {
  // A batch speaks by its entries, and a token by what it is used for.
  if (['batch', 'transaction', 'refresh', 'token'].includes(interaction)) return undefined;
  return KINDS.find(([, interactions]) => interactions.includes(interaction))?.[0] ?? (type === 'CarePlan' ? 'open' : 'read');
}

function listed(parts: readonly string[], { locale }: Words): string {
  return new Intl.ListFormat([locale, 'nb-NO'], { type: 'conjunction' }).format(parts);
}
