/** The resources that clients write, and how they are read again out of the history of the system. */
import type { Feed, Kept } from './acts.ts';
import type { Asks } from './polls.ts';

export const REGISTERS = ['a', 'b', 'c', 'd', 'e'] as const;
export const SYSTEM = 'urn:iso';
/** How marks begin that no client left. */
export const IMPORTED = 'import ';
const MARK = 'urn:mark';
const KEY = 'urn:key';
const INDIVIDUAL = { system: 'https://fellesplan.example/fhir/CodeSystem/fp-plan-type', code: 'individuell-plan' };

interface Over {
  /** A name of which there is one at a time. */
  readonly key?: string;
  /** Links to what must be there. */
  readonly needs?: readonly string[];
}

interface Written {
  readonly resourceType: string;
  readonly id: string;
  readonly meta: { readonly tag?: readonly { readonly system: string; readonly code: string }[] };
  readonly identifier?: readonly { readonly system: string; readonly value: string }[];
  readonly extension?: readonly { readonly valueReference: { readonly reference: string } }[];
  readonly status?: string;
  readonly subject?: { readonly reference: string };
}

export function register(id: string | undefined, mark: string, { key, needs = [] }: Over = {}): object {
  return {
    resourceType: 'Basic',
    ...(id === undefined ? {} : { id }),
    ...(needs.length === 0 ? {} : { extension: needs.map((reference) => ({ url: 'urn:needs', valueReference: { reference } })) }),
    identifier: [
      ...(id === undefined ? [] : [{ system: SYSTEM, value: id }]),
      ...(key === undefined ? [] : [{ system: KEY, value: key }]),
      { system: MARK, value: mark },
    ],
    code: { text: 'register' },
  };
}

export function plan(id: string, mark: string, person: string, status: string): object {
  return {
    resourceType: 'CarePlan',
    id,
    identifier: [{ system: MARK, value: mark }],
    status,
    intent: 'plan',
    category: [{ coding: [INDIVIDUAL] }],
    subject: { reference: `Patient/${person}` },
  };
}

const marked = (mark: string): object => ({ system: MARK, value: mark });

export const jsonAppend = (mark: string): object => ({ op: 'add', path: '/identifier/-', value: marked(mark) });

export function fhirPathAppend(type: string, mark: string): object {
  const part = [
    { name: 'type', valueCode: 'add' },
    { name: 'path', valueString: type },
    { name: 'name', valueString: 'identifier' },
    { name: 'value', valueIdentifier: marked(mark) },
  ];
  return { resourceType: 'Parameters', parameter: [{ name: 'operation', part }] };
}

interface Entry {
  readonly fullUrl: string;
  readonly resource?: Written;
  readonly response: { readonly etag: string; readonly lastModified: string };
}

/** All that is kept, the oldest version first. */
export async function feedOf(server: Asks): Promise<Feed> {
  const entries: Entry[] = [];
  for (let next: string | undefined = '_history?_count=1000'; next !== undefined; ) {
    const { body } = await server.request('GET', next);
    entries.push(...(body.entry as readonly Entry[]));
    const links = body.link as readonly { readonly relation: string; readonly url: string }[];
    next = links.find(({ relation }) => relation === 'next')?.url;
  }
  return entries.reverse().map(keptOf);
}

function keptOf({ fullUrl, resource, response }: Entry): Kept {
  const of = (system: string) => (resource?.identifier ?? []).filter((each) => each.system === system).map(({ value }) => value);
  const isActive = resource?.resourceType === 'CarePlan' && resource.status === 'active';
  return {
    id: fullUrl.split('/').slice(-2).join('/'),
    version: Number(/\d+/.exec(response.etag)?.[0]),
    isDeletion: resource === undefined,
    marks: of(MARK),
    tags: (resource?.meta.tag ?? []).filter(({ system }) => system === MARK).map(({ code }) => code),
    isImported: of(MARK).at(-1)?.startsWith(IMPORTED) === true,
    lastUpdated: response.lastModified,
    names: [...of(KEY), ...(isActive ? [`the plan of ${resource.subject?.reference}`] : [])],
    needs: (resource?.extension ?? []).map(({ valueReference }) => valueReference.reference.split('/').slice(-2).join('/')),
  };
}
