/**
 * The links of a page. A link that would show what was searched for (a search by POST) or that stands for a place is an
 * opaque token; only the self link of a GET shows its parameters.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#paging · https://hl7.org/fhir/R4/search.html#conformance
 */

import { PAGE_PARAMETER, type PageState, sealPage } from './page-token.ts';
import type { CursorPosition } from './query.ts';
import type { PageLink } from './searchset.ts';

export interface Page {
  readonly baseUrl: string;
  readonly key: Uint8Array;
  /** The search as it is continued; its `after` or `before` says where this page is. */
  readonly state: PageState;
  /** The parameters as the self link may show them; left out when it must not. */
  readonly shown?: readonly (readonly [name: string, value: string])[];
  readonly matches: readonly { readonly position: CursorPosition }[];
  /** As the store said: more follow (or, when paging backwards, precede). */
  readonly more: boolean;
}

/** self, first, previous and next, each where there is such a page. `prev` says the same as `previous`: clients look for either. */
export function pageLinks(page: Page): readonly PageLink[] {
  const { after, before, ...search } = page.state;
  const link = (place: { after?: CursorPosition; before?: CursorPosition }) => tokenUrl(page, { ...search, ...place });
  const isFirst = after === undefined && before === undefined;
  const self = isFirst && page.shown !== undefined ? plainUrl(page, page.shown) : tokenUrl(page, page.state);
  const links: PageLink[] = [{ relation: 'self', url: self }];
  const [head, tail] = [page.matches[0]?.position, page.matches.at(-1)?.position];
  const hasNext = before === undefined ? page.more : true;
  const hasPrevious = before === undefined ? after !== undefined : page.more;
  if (!isFirst || hasNext) links.push({ relation: 'first', url: isFirst ? self : link({}) });
  // An empty page still leads back to where it came from.
  const [previousOf, nextOf] = [head ?? after, tail ?? before];
  if (hasPrevious && previousOf !== undefined) {
    const url = link({ before: previousOf });
    links.push({ relation: 'previous', url }, { relation: 'prev', url });
  }
  if (hasNext && nextOf !== undefined) links.push({ relation: 'next', url: link({ after: nextOf }) });
  return links;
}

/** How an answer is written is read from its URL, not from what is sealed. */
const WRITTEN_AS = new Set(['_format', '_pretty']);

function tokenUrl({ baseUrl, key }: Page, state: PageState): string {
  const url = `${[baseUrl, ...state.path].join('/')}?${PAGE_PARAMETER}=${sealPage(key, state)}`;
  const written = new Map(state.parameters.filter(([name, value]) => value !== '' && WRITTEN_AS.has(name)));
  return written.size === 0 ? url : `${url}&${new URLSearchParams([...written])}`;
}

function plainUrl({ baseUrl, state }: Page, parameters: readonly (readonly [string, string])[]): string {
  const query = new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value])).toString();
  return `${[baseUrl, ...state.path].join('/')}${query === '' ? '' : `?${query}`}`;
}
