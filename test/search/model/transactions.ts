/**
 * Random transactions: entries that link to each other by urn and to what is there by a condition, and what they come to.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#trules
 */
import { isDeepStrictEqual } from 'node:util';
import type { Clock, Peer } from './compare.ts';
import type { Json, Stored } from './definitions.ts';
import { type Asker, condition } from './questions.ts';
import { BASE } from './reference.ts';
import { randomKey, randomResource } from './resources.ts';
import { search } from './search.ts';
import { one, pick } from './vocabulary.ts';
import { write } from './world.ts';

interface Entry {
  readonly type: string;
  /** Undefined for what the server names. */
  readonly id: string | undefined;
  readonly urn: string;
  readonly content: Json | undefined;
  readonly ifMatch: string | undefined;
}

type Open = Record<string, unknown>;

/** The links of a resource, which may be changed. */
function linksIn(value: unknown): Open[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = typeof (value as Open).reference === 'string' && !String((value as Open).reference).startsWith('#') ? [value as Open] : [];
  return [...own, ...Object.values(value).flatMap(linksIn)];
}

/** Sends a random transaction to all peers; what differs from the model is told by `say`. */
export async function tryTransaction(asker: Asker, peers: readonly Peer[], clock: Clock, say: (what: string) => void): Promise<void> {
  clock.nowMs += 1 + asker.below(2000);
  clock.step++;
  asker.scene.now = clock.nowMs;
  const entries = randomEntries(asker);
  const meant = new Map<string, string | undefined>();
  for (const entry of entries) for (const link of linksIn(entry.content)) relink(asker, entries, link, meant);
  // R4 names no status for a conditional reference that matches none or several.
  const isRefused = [...meant.values()].includes(undefined);
  const fits = (status: number): boolean => (isRefused ? status === 400 || status === 412 : status === 200);
  const body = { resourceType: 'Bundle', type: 'transaction', entry: entries.map(written) };
  let locations: readonly (string | undefined)[] = [];
  for (const peer of peers) {
    const answer = await peer.request('POST', '', body);
    if (!fits(answer.status)) {
      say(
        `transaction: ${peer.name} ${answer.status}, the model ${isRefused ? 'refuses' : 200} ${answer.text.slice(0, 400)} ${JSON.stringify(body).slice(0, 600)}`,
      );
      return;
    }
    const told = ((answer.body.entry ?? []) as readonly { readonly response: { readonly location?: string } }[]).map(
      ({ response }) => response.location,
    );
    if (locations.length > 0 && !isDeepStrictEqual(locations, told))
      say(`transaction: ${told.join()} on ${peer.name}, ${locations.join()} before`);
    locations = told;
  }
  if (isRefused) return;
  const ids = entries.map((entry, at) => entry.id ?? /([^/]+)\/_history\/\d+$/.exec(locations[at] ?? '')?.[1] ?? '');
  for (const [at, entry] of entries.entries()) meant.set(entry.urn, `${entry.type}/${ids[at]}`);
  for (const [at, { type, id, content }] of entries.entries()) {
    const linked = content === undefined ? undefined : (structuredClone(content) as Json);
    for (const link of linksIn(linked)) link.reference = meant.get(String(link.reference)) ?? link.reference;
    const version = write(asker.scene.world, type, ids[at] as string, linked, id === undefined ? 'POST' : 'PUT', clock.nowMs);
    if (version?.resource === undefined) continue;
    for (const peer of peers) {
      const read = await peer.request('GET', `${type}/${ids[at]}`);
      const same = isDeepStrictEqual(local(JSON.parse(read.text)), local(JSON.parse(JSON.stringify(version.resource))));
      if (!same) say(`transaction: ${peer.name} keeps ${read.text}, the model ${JSON.stringify(version.resource)}`);
    }
  }
}

/** References to this server may be kept with or without its base. */
const local = (value: Stored): unknown => JSON.parse(JSON.stringify(value).replaceAll(`"reference":"${BASE}/`, '"reference":"'));

function randomEntries(asker: Asker): readonly Entry[] {
  const { below, scene } = asker;
  const entries = new Map<string, Entry>();
  for (let at = 0; at < 2 + below(4); at++) {
    const { type, id } = randomKey(asker);
    const urn = `urn:uuid:00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
    const latest = scene.world.latest.get(`${type}/${id}`);
    const ifMatch = latest?.resource === undefined ? undefined : `W/"${latest.versionId}"`;
    // Links that mean an entry, or a version of one, by another way than its urn are left to the tests of transactions.
    const text = JSON.stringify(randomResource(asker, type))
      .replaceAll(/(\/_history\/\d+)(?=")/g, '')
      .replaceAll(/urn:uuid:[-\w]+/g, 'Patient/z');
    const content = JSON.parse(text.replaceAll(/http:\/\/else\.example\/fhir\//g, '')) as Json;
    if (one(below, 2)) entries.set(urn, { type, id: undefined, urn, content, ifMatch: undefined });
    else entries.set(`${type}/${id}`, { type, id, urn, content: one(below, 5) ? undefined : { ...content, id }, ifMatch });
  }
  return [...entries.values()];
}

/** Makes some links lead to another entry by its urn, or to what meets a condition; `meant` tells what is expected of them. */
function relink(asker: Asker, entries: readonly Entry[], link: Open, meant: Map<string, string | undefined>): void {
  const { below, scene, types } = asker;
  const others = entries.filter(({ content }) => content !== undefined);
  if (one(below, 3) && others.length > 0) {
    link.reference = pick(below, others).urn;
    return;
  }
  if (!one(below, 10)) return;
  // What the transaction itself changes is not asked for: R4 does not say at which moment.
  const type = pick(
    below,
    types.filter((each) => !entries.some((entry) => entry.type === each)),
  );
  const [name, value] = condition(asker, type, 0);
  if (/:missing$/.test(name)) return;
  const found = search(scene, { type, parameters: [[name, value]] });
  if (found.length !== 1 && !one(below, 6)) return;
  const text = `${type}?${new URLSearchParams([[name, value]])}`;
  link.reference = text;
  meant.set(text, found.length === 1 ? `${type}/${found[0]?.id}` : undefined);
}

function written({ type, id, urn, content, ifMatch }: Entry): Json {
  const request = {
    method: content === undefined ? 'DELETE' : id === undefined ? 'POST' : 'PUT',
    url: id === undefined ? type : `${type}/${id}`,
  };
  return {
    ...(content === undefined ? {} : { fullUrl: urn, resource: content }),
    request: { ...request, ...(ifMatch === undefined ? {} : { ifMatch }) },
  };
}
