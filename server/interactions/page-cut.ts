/**
 * A page of history that is no larger than can be told at once: a version may be megabytes, and a thousand may be asked for.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#paging
 */
import type { HistoryPage } from '../store/resource-store.ts';

/** In the versions of one page; a single one may be larger. */
const CHARACTERS_MAX = 64 * 1024 * 1024;

/** The page, or as much of it from where it begins, which is its end when paging backwards; what is left out is on the page after it. */
export function cutToSize(page: HistoryPage, isBackwards: boolean, charactersMax: number = CHARACTERS_MAX): HistoryPage {
  const { versions } = page;
  let characters = 0;
  const fitting = (isBackwards ? versions.toReversed() : versions).findIndex(({ json }) => {
    characters += json?.length ?? 0;
    return characters > charactersMax;
  });
  const kept = Math.max(fitting, 1);
  if (fitting < 0 || kept === versions.length) return page;
  return { ...page, versions: isBackwards ? versions.slice(-kept) : versions.slice(0, kept), more: true };
}
