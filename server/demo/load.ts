/**
 * Loads the demo population over HTTP, as any client with a token would: one transaction for each Bundle, the contact
 * directory first. A Bundle that is there already is left alone, so that a second load changes nothing.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#transaction
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'fhir-kit-client';
import { isObject, isResource, type Resource } from '../fhir/resource.ts';
import { shiftToToday } from './shift-dates.ts';

export type DemoSet = 'shared' | 'hospital' | 'municipality';

interface LoadProgress {
  /** Bundles done so far, this one counted, of how many. */
  readonly done: number;
  readonly total: number;
  readonly bundleId: string;
  readonly resources: number;
  /** True when the data were there already. */
  readonly skipped: boolean;
}

export interface LoadOptions {
  /** Absolute, without a slash at the end. */
  readonly fhirBaseUrl: string;
  readonly token: string;
  /** In order; the first is finished before the others begin. */
  readonly bundles: readonly Resource[];
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Bundles under way at a time after the first. */
  readonly parallel?: number;
  readonly nowMs?: number;
}

const FOLDERS: Record<DemoSet, string> = { shared: 'stories', hospital: 'ehr/hospital', municipality: 'ehr/municipality' };

/** The Bundles of one server in the order they are to be loaded, dated as they were authored. */
export async function readDemoBundles(set: DemoSet): Promise<Resource[]> {
  const folder = fileURLToPath(new URL(FOLDERS[set], import.meta.url));
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  return await Promise.all(names.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as Resource));
}

/**
 * Loads the Bundles, their dates moved to today.
 * @returns how many resources were written and how many Bundles were there already.
 * @throws Error with the server's OperationOutcome in words at the first Bundle that is refused; what was loaded before it stays.
 */
export async function loadDemo(options: LoadOptions): Promise<{ resources: number; skippedBundles: number }> {
  const { bundles, parallel = 4, nowMs = Date.now() } = options;
  const client = new Client({ baseUrl: options.fhirBaseUrl, bearerToken: options.token });
  const result = { resources: 0, skippedBundles: 0 };
  let done = 0;
  const loadOne = async (bundle: Resource): Promise<void> => {
    const skipped = await isLoaded(client, bundle);
    if (!skipped) await send(client, shiftToToday(bundle, nowMs));
    const resources = entries(bundle).length;
    if (skipped) result.skippedBundles++;
    else result.resources += resources;
    done++;
    options.onProgress?.({ done, total: bundles.length, bundleId: bundle.id ?? '', resources, skipped });
  };
  const [first, ...others] = bundles;
  if (first !== undefined) await loadOne(first);
  const queue = [...others];
  const worker = async (): Promise<void> => {
    for (let bundle = queue.shift(); bundle !== undefined; bundle = queue.shift()) {
      await loadOne(bundle).catch((error: unknown) => {
        queue.length = 0;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return result;
}

/** A transaction is whole or not at all, so its first resource tells. One that was deleted since (410) is not brought back. */
async function isLoaded(client: Client, bundle: Resource): Promise<boolean> {
  const resource = entries(bundle)[0]?.resource;
  if (!isResource(resource) || resource.id === undefined) return false;
  try {
    await client.read({ resourceType: resource.resourceType, id: resource.id });
    return true;
  } catch (error) {
    const status = refusal(error)?.status;
    if (status === 404) return false;
    if (status === 410) return true;
    throw loadError(bundle, error);
  }
}

async function send(client: Client, bundle: Resource): Promise<void> {
  try {
    await client.transaction({ body: bundle, options: { headers: { prefer: 'return=minimal' } } });
  } catch (error) {
    throw loadError(bundle, error);
  }
}

function loadError(bundle: Resource, cause: unknown): Error {
  const answer = refusal(cause);
  const what = `The demo Bundle ${bundle.id ?? ''} could not be loaded`;
  if (answer === undefined) return new Error(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  return new Error(`${what}: HTTP ${answer.status}\n${outcomeText(answer.data)}`, { cause });
}

/** The status and body of an answer that the client has thrown as an error. */
function refusal(error: unknown): { status: number; data: unknown } | undefined {
  if (!isObject(error) || !isObject(error.response) || typeof error.response.status !== 'number') return undefined;
  return { status: error.response.status, data: error.response.data };
}

function outcomeText(data: unknown): string {
  if (!isObject(data) || !Array.isArray(data.issue)) return typeof data === 'string' ? data : JSON.stringify(data);
  return data.issue
    .filter(isObject)
    .map((issue) => [issue.severity, issue.code, issue.expression, issue.diagnostics].filter((part) => part !== undefined).join(' · '))
    .join('\n');
}

function entries(bundle: Resource): Record<string, unknown>[] {
  return Array.isArray(bundle.entry) ? bundle.entry.filter(isObject) : [];
}
