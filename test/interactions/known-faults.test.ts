/** What other servers were found wrong in, on both stores: one test a table, in which the rows build on each other. */
import { expect, it } from 'vitest';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { conditions, entries } from '../cases/known-faults/bundles.ts';
import type { Answered, FaultTable } from '../cases/known-faults/fault-table.ts';
import { formats, pages, versions } from '../cases/known-faults/http.ts';
import { patches } from '../cases/known-faults/patches.ts';
import { datesAndOrder, links, tokensAndStrings } from '../cases/known-faults/search.ts';
import { codes, expansions } from '../cases/known-faults/terminology.ts';
import { validations } from '../cases/known-faults/validation.ts';
import { amountsAndReferences } from '../cases/known-faults/values.ts';
import { onEachServer } from '../support/each-server.ts';
import type { TestAnswer } from '../support/test-server.ts';

const TABLES: readonly FaultTable[] = [
  tokensAndStrings,
  datesAndOrder,
  amountsAndReferences,
  links,
  conditions,
  entries,
  patches,
  formats,
  versions,
  pages,
  expansions,
  codes,
  validations,
];
const terminology = createTerminology();

interface Entry {
  readonly resource?: { readonly resourceType: string; readonly id?: string };
  readonly search?: { readonly mode: string };
  readonly response?: { readonly status: string };
}
interface Out {
  readonly name: string;
  readonly part?: readonly Out[];
  readonly [value: string]: unknown;
}

onEachServer('what other servers were found wrong in', (start) => {
  it.each(TABLES.map((table) => [table.title, table.rows.length, table] as const))(
    '%s (%i rows)',
    async (_title, _count, { given = [], rows }) => {
      const server = await start({ services: { terminology } });
      for (const resource of given) {
        const stored = await server.request('PUT', `${resource.resourceType}/${resource.id}`, resource);
        expect(stored.status, stored.text).toBe(201);
      }
      for (const [holds, [method, path, body, headers], answered] of rows) {
        const answer = await server.request(method, path, body, headers);
        const isSorted = path.includes('_sort=');
        expect(seen(answer, answered, isSorted), `${holds}: ${method} ${path}\n${answer.text.slice(0, 600)}`).toEqual(
          expected(answered, isSorted),
        );
      }
    },
  );
});

/** What is looked at of the answer, in the form in which a row says it. */
function seen(answer: TestAnswer, asked: Answered, isSorted: boolean): object {
  const { status, body, text } = answer;
  const views: Readonly<Record<string, () => unknown>> = {
    status: () => status,
    ids: () => inOrder(entriesOf(answer).map(idOf), isSorted),
    entries: () => entriesOf(answer).map(({ response }) => response?.status.slice(0, 3)),
    issue: () => {
      const first = body.issue?.find(isError);
      return [first?.code, ...(first?.expression === undefined ? [] : [first.expression[0]])];
    },
    errors: () => (body.issue ?? []).filter(isError).map(({ code, expression }) => `${code} ${expression?.[0]}`),
    values: () => valuesOf((body.parameter ?? []) as readonly Out[], Object.keys(asked.values ?? {})),
    codes: () => expansionOf(answer).contains?.map(({ code }) => code) ?? [],
    total: () => expansionOf(answer).total,
    body: () => body,
    text: () => text,
    headers: () => Object.fromEntries(Object.keys(asked.headers ?? {}).map((name) => [name, answer.headers.get(name)])),
  };
  return Object.fromEntries(Object.keys(asked).map((name) => [name, views[name]?.()]));
}

function expected(answered: Answered, isSorted: boolean): object {
  const { body, text, ids } = answered;
  return {
    ...answered,
    ...(ids === undefined ? {} : { ids: inOrder(ids, isSorted) }),
    ...(body === undefined ? {} : { body: partly(body) }),
    ...(text === undefined || text === '' ? {} : { text: expect.stringContaining(text) }),
  };
}

/** Objects with at least these members, lists of exactly these. */
function partly(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(partly);
  const isPlain = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? expect.objectContaining(Object.fromEntries(Object.entries(value).map(([name, each]) => [name, partly(each)]))) : value;
}

function entriesOf({ body }: TestAnswer): readonly Entry[] {
  return (body.entry ?? []) as readonly Entry[];
}

function idOf({ resource, search }: Entry): string {
  const mode = search === undefined || search.mode === 'match' ? '' : `${search.mode}:`;
  return `${mode}${resource?.resourceType}/${resource?.id}`;
}

function inOrder(ids: readonly string[], isSorted: boolean): readonly string[] {
  return isSorted ? ids : [...ids].sort();
}

function isError({ severity }: { severity: string }): boolean {
  return severity === 'error' || severity === 'fatal';
}

function expansionOf({ body }: TestAnswer): { total?: number; contains?: readonly { code: string }[] } {
  return (body.expansion ?? {}) as { total?: number; contains?: readonly { code: string }[] };
}

function valuesOf(out: readonly Out[], names: readonly string[]): object {
  const valueIn = (one: Out | undefined): unknown => Object.entries(one ?? {}).find(([key]) => key.startsWith('value'))?.[1];
  return Object.fromEntries(
    names.map((name) => {
      const [outer, inner] = name.split('.');
      const found = out.filter((one) => one.name === outer);
      if (inner === undefined) return [name, valueIn(found[0])];
      return [name, found.map(({ part = [] }) => valueIn(part.find((each) => each.name === inner)))];
    }),
  );
}
