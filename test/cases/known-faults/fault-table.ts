/**
 * What users of other servers reported as wrong, as rows that must hold here: each row is asked over HTTP, in order, on a base
 * that holds what is given. The comment above a row names the server and the thread.
 *
 * Spec: https://hl7.org/fhir/R4/http.html · https://hl7.org/fhir/R4/search.html
 */
import type { Resource } from '../../../server/fhir/resource.ts';

export type Asked = readonly [method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>];

/** What is looked at of an answer; what is left out is not. */
export interface Answered {
  readonly status: number;
  /** `Type/id` of the entries, with `include:` before those that did not match: in order when the search sorts, else in any. */
  readonly ids?: readonly string[];
  /** The numbers of the statuses of the entries of a Bundle. */
  readonly entries?: readonly string[];
  /** Code and expression of the first error. */
  readonly issue?: readonly [code: string, expression?: string];
  /** Code and expression of all errors that a validation tells. */
  readonly errors?: readonly string[];
  /** Values of Parameters, by name; those of parts by `name.part`, each as a list. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** Codes and total of an expansion. */
  readonly codes?: readonly string[];
  readonly total?: number;
  /** A part of the body. */
  readonly body?: object;
  /** Text that the body holds, written as it was sent. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type FaultRow = readonly [holds: string, asked: Asked, answered: Answered];

export interface FaultTable {
  readonly title: string;
  readonly given?: readonly Resource[];
  readonly rows: readonly FaultRow[];
}

/** A search that finds these. */
export function finds(holds: string, query: string, ids: readonly string[]): FaultRow {
  return [holds, ['GET', query], { status: 200, ids }];
}

/** A search or another GET that is refused. */
export function refuses(holds: string, query: string, status: number, code: string, expression?: string): FaultRow {
  return [holds, ['GET', query], { status, issue: expression === undefined ? [code] : [code, expression] }];
}

/** The id that an entry has in its Bundle. */
export function urn(number: number): string {
  return `urn:uuid:00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

interface EntrySaid {
  readonly fullUrl?: string;
  readonly request?: Readonly<Record<string, string>>;
}

/** An entry of a Bundle: `POST Patient`. */
export function entry(request: string, resource?: object, { fullUrl, request: conditions }: EntrySaid = {}): object {
  const [method, url] = request.split(' ');
  return {
    ...(fullUrl === undefined ? {} : { fullUrl }),
    ...(resource === undefined ? {} : { resource }),
    request: { method, url, ...conditions },
  };
}

export function transaction(...entries: readonly object[]): Asked {
  return ['POST', '', { resourceType: 'Bundle', type: 'transaction', entry: entries }];
}

export const parameters = (...parameter: readonly object[]) => ({ resourceType: 'Parameters', parameter });
