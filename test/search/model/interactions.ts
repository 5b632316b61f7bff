/**
 * Random reads and writes, with and without conditions, and histories: what the specification says of their outcome, held
 * against servers.
 *
 * Spec: https://hl7.org/fhir/R4/http.html
 */
import { isDeepStrictEqual } from 'node:util';
import type { TestAnswer } from '../../support/test-server.ts';
import type { Clock, Peer } from './compare.ts';
import type { Json, Stored } from './definitions.ts';
import { type Asker, condition } from './questions.ts';
import { BASE } from './reference.ts';
import { randomKey, randomResource } from './resources.ts';
import { search } from './search.ts';
import { stretchOf } from './time.ts';
import { one, pick } from './vocabulary.ts';
import { type Version, type World, write } from './world.ts';

/** Plans, teams, goals and tasks are changed with If-Match only. */
const VERSIONED = new Set(['CarePlan', 'CareTeam', 'Goal', 'Task']);

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: Json;
  readonly headers?: Record<string, string>;
}

/** What should come of a request: its status, and what is written when it is below 300. */
interface Expected {
  readonly status: number;
  /** Makes the change in the model. `created` is the id that the server has given. */
  readonly apply?: (created: string) => readonly (Version | undefined)[];
}

interface Step extends Request {
  readonly expected: Expected;
}

/** Sends a random interaction to all peers; what differs from the model is told by `say`. */
export async function tryInteraction(asker: Asker, peers: readonly Peer[], clock: Clock, say: (what: string) => void): Promise<void> {
  clock.nowMs += 1 + asker.below(2000);
  clock.step++;
  asker.scene.now = clock.nowMs;
  const step = pick(asker.below, INTERACTIONS)(asker, clock.nowMs);
  if (step === undefined) return;
  const shown = `${step.method} ${step.path} ${JSON.stringify(step.headers ?? {})}`;
  const answers: TestAnswer[] = [];
  for (const peer of peers) answers.push(await peer.request(step.method, step.path, step.body, step.headers));
  for (const [at, answer] of answers.entries()) {
    if (answer.status !== step.expected.status)
      say(`${shown}: ${peers[at]?.name} ${answer.status}, the model ${step.expected.status} ${answer.text.slice(0, 300)}`);
  }
  const created = /([^/]+)\/_history\/\d+$/.exec(answers[0]?.headers.get('Location') ?? '')?.[1] ?? '';
  const written = step.expected.status < 300 ? (step.expected.apply?.(created) ?? []) : [];
  for (const version of written) {
    if (version?.resource === undefined) continue;
    for (const peer of peers) {
      const read = await peer.request('GET', `${version.type}/${version.id}`);
      if (!isDeepStrictEqual(plainOf(read), plain(version.resource)))
        say(`${shown}: ${peer.name} keeps ${read.text}, the model ${JSON.stringify(version.resource)}`);
    }
  }
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const plainOf = (answer: TestAnswer): unknown => (answer.text === '' ? undefined : JSON.parse(answer.text));

type Interaction = (asker: Asker, atMs: number) => Step | undefined;

const latestOf = ({ scene }: Asker, type: string, id: string): Version | undefined => scene.world.latest.get(`${type}/${id}`);

/** If-Match by chance: none, the right one, a stale one. With the status that it makes of a change. */
function match(
  { below }: Asker,
  type: string,
  current: Version | undefined,
): { readonly headers: Record<string, string>; readonly status?: number } {
  const isThere = current?.resource !== undefined;
  if (one(below, 6)) return { headers: { 'If-Match': 'W/"77"' }, status: 412 };
  if (!isThere) return { headers: {} };
  if (one(below, 4)) return { headers: {}, ...(VERSIONED.has(type) ? { status: 428 } : {}) };
  return { headers: { 'If-Match': `W/"${current.versionId}"` } };
}

const update: Interaction = (asker, atMs) => {
  const { type, id } = randomKey(asker);
  const current = latestOf(asker, type, id);
  const { headers, status } = match(asker, type, current);
  const body = { ...randomResource(asker, type), id };
  const apply = () => [write(asker.scene.world, type, id, body, 'PUT', atMs)];
  return {
    method: 'PUT',
    path: `${type}/${id}`,
    headers,
    body,
    expected: { status: status ?? (current?.resource === undefined ? 201 : 200), apply },
  };
};

const create: Interaction = (asker, atMs) => {
  const { type } = randomKey(asker);
  const body = randomResource(asker, type);
  const apply = (id: string) => [write(asker.scene.world, type, id, body, 'POST', atMs)];
  return { method: 'POST', path: type, body, expected: { status: 201, apply } };
};

const remove: Interaction = (asker, atMs) => {
  const { type, id } = randomKey(asker);
  const current = latestOf(asker, type, id);
  const { headers, status } = match(asker, type, current);
  const apply = () => [write(asker.scene.world, type, id, undefined, 'PUT', atMs)];
  return { method: 'DELETE', path: `${type}/${id}`, headers, expected: { status: status ?? 204, apply } };
};

const PATCH = { 'Content-Type': 'application/json-patch+json' };

/** A patch that sets the language, with what it makes of a resource. */
function patch({ below }: Asker): { readonly body: Json; readonly change: (resource: Stored) => Json } {
  const language = pick(below, ['nb', 'nn', 'en']);
  return {
    body: [{ op: 'add', path: '/language', value: language }] as unknown as Json,
    change: (resource) => ({ ...resource, language }),
  };
}

const patchOne: Interaction = (asker, atMs) => {
  const { type, id } = randomKey(asker);
  const current = latestOf(asker, type, id);
  const { headers, status } = match(asker, type, current);
  const { body, change } = patch(asker);
  const found = current?.resource;
  const apply = () => (found === undefined ? [] : [write(asker.scene.world, type, id, change(found), 'PATCH', atMs)]);
  const missing = current === undefined ? 404 : 410;
  const otherwise = found === undefined ? missing : 200;
  return {
    method: 'PATCH',
    path: `${type}/${id}`,
    headers: { ...PATCH, ...headers },
    body,
    expected: { status: found === undefined ? missing : (status ?? otherwise), apply },
  };
};

/** A condition by chance and what meets it. */
function conditional(asker: Asker, type: string): { readonly query: string; readonly found: readonly Stored[] } {
  const made = condition(asker, type, 0);
  // What holds for everything is no condition, and is refused.
  const parameters = [made[1] === 'false' && /^_(id|lastUpdated):missing$/.test(made[0]) ? (['_id', 'a'] as const) : made];
  const query = new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value])).toString();
  return { query, found: search(asker.scene, { type, parameters }) };
}

const createOnce: Interaction = (asker, atMs) => {
  const { type } = randomKey(asker);
  const { query, found } = conditional(asker, type);
  const body = randomResource(asker, type);
  const apply = (id: string) => (found.length === 0 ? [write(asker.scene.world, type, id, body, 'POST', atMs)] : []);
  const status = found.length === 0 ? 201 : found.length === 1 ? 200 : 412;
  return { method: 'POST', path: type, headers: { 'If-None-Exist': query }, body, expected: { status, apply } };
};

const updateFound: Interaction = (asker, atMs) => {
  const { type, id } = randomKey(asker);
  if (VERSIONED.has(type)) return undefined;
  const { query, found } = conditional(asker, type);
  const saysId = one(asker.below, 2);
  const body = { ...randomResource(asker, type), ...(saysId ? { id } : {}) };
  const [only] = found;
  const isOther = saysId && (only === undefined ? latestOf(asker, type, id)?.resource !== undefined : only.id !== id);
  const status = found.length > 1 ? 412 : only === undefined ? (isOther ? 409 : 201) : isOther ? 400 : 200;
  const apply = (created: string) => [write(asker.scene.world, type, only?.id ?? (saysId ? id : created), body, 'PUT', atMs)];
  return { method: 'PUT', path: `${type}?${query}`, body, expected: { status, apply } };
};

const removeFound: Interaction = (asker, atMs) => {
  const { type } = randomKey(asker);
  if (VERSIONED.has(type)) return undefined;
  const { query, found } = conditional(asker, type);
  const apply = () => found.map(({ id }) => write(asker.scene.world, type, id, undefined, 'PUT', atMs));
  return { method: 'DELETE', path: `${type}?${query}`, expected: { status: 204, apply } };
};

const patchFound: Interaction = (asker, atMs) => {
  const { type } = randomKey(asker);
  if (VERSIONED.has(type)) return undefined;
  const { query, found } = conditional(asker, type);
  const { body, change } = patch(asker);
  const [only] = found;
  const apply = () => (only === undefined ? [] : [write(asker.scene.world, type, only.id, change(only), 'PATCH', atMs)]);
  const status = found.length > 1 ? 412 : only === undefined ? 404 : 200;
  return { method: 'PATCH', path: `${type}?${query}`, headers: PATCH, body, expected: { status, apply } };
};

const readOne: Interaction = (asker) => {
  const { type, id } = randomKey(asker);
  const current = latestOf(asker, type, id);
  return {
    method: 'GET',
    path: `${type}/${id}`,
    expected: { status: current === undefined ? 404 : current.resource === undefined ? 410 : 200 },
  };
};

const readVersion: Interaction = (asker) => {
  const { type, id } = randomKey(asker);
  const versionId = 1 + asker.below(3);
  const version = asker.scene.world.versions.find((each) => each.type === type && each.id === id && each.versionId === versionId);
  const status = version === undefined ? 404 : version.resource === undefined ? 410 : 200;
  return { method: 'GET', path: `${type}/${id}/_history/${versionId}`, expected: { status } };
};

const INTERACTIONS: readonly Interaction[] = [
  ...[update, update, update, create, remove, patchOne, createOnce],
  ...[updateFound, updateFound, removeFound, patchFound, readOne, readVersion],
];

interface Told {
  readonly response: { readonly etag?: string; readonly lastModified: string };
  readonly request: { readonly method: string; readonly url: string };
  readonly resource?: Stored;
  readonly fullUrl?: string;
}

/** Compares a random history, page by page, with the versions that the model has. */
export async function tryHistory(asker: Asker, peers: readonly Peer[], say: (what: string) => void): Promise<void> {
  const { below, scene } = asker;
  const { type, id } = randomKey(asker);
  const scope = pick(below, [`${type}/${id}/`, `${type}/${id}/`, `${type}/`, '']);
  const moment = pick(below, scene.world.versions)?.atMs ?? scene.now;
  const text = momentText(below, moment + below(3) - 1);
  const parameters: [string, string][] = pick(below, [[], [['_since', text]], [['_at', text]]]);
  if (one(below, 2)) parameters.push(['_count', String(1 + below(5))]);
  const path = `${scope}_history?${new URLSearchParams(parameters)}`;
  const shown = decodeURIComponent(path);
  const all = scene.world.versions.filter((each) => `${each.type}/${each.id}/`.startsWith(scope));
  const expected = all.filter((each) => isAsked(scene.world, each, parameters)).map(nameOf);
  for (const peer of peers) {
    const told: Told[] = [];
    let next: string | undefined = path;
    for (let pages = 0; next !== undefined && pages < 3000; pages++) {
      const answer: TestAnswer = await peer.request('GET', next);
      if (answer.status !== 200) {
        if (answer.status !== 404 || all.length > 0 || scope !== `${type}/${id}/`)
          say(`${shown}: ${peer.name} ${answer.status} ${answer.text.slice(0, 300)}`);
        break;
      }
      const page = answer.body as unknown as {
        total?: number;
        entry?: readonly Told[];
        link?: readonly { relation: string; url: string }[];
      };
      if (page.total !== undefined && page.total !== expected.length)
        say(`${shown}: ${peer.name} total ${page.total}, the model ${expected.length}`);
      told.push(...(page.entry ?? []));
      next = page.link?.find(({ relation }) => relation === 'next')?.url.replace(`${BASE}/`, '');
    }
    const names = told.map(toldName);
    const [more, fewer] = [names.filter((each) => !expected.includes(each)), expected.filter((each) => !names.includes(each))];
    if (more.length + fewer.length > 0 || names.length !== expected.length)
      say(`${shown}: ${peer.name} tells ${more.join()} too much, ${fewer.join()} too little, ${names.length} of ${expected.length}`);
    const times = told.map(({ response }) => Date.parse(response.lastModified));
    if (times.some((time, at) => time > (times[at - 1] ?? time))) say(`${shown}: ${peer.name} is out of order: ${names.join()}`);
  }
}

const nameOf = ({ type, id, versionId, method, resource }: Version): string =>
  `${method} ${type}/${id} ${versionId} ${resource === undefined ? '' : 'whole'}`;

function toldName({ request, response, resource, fullUrl }: Told): string {
  const place = fullUrl?.slice(BASE.length + 1) ?? request.url;
  return `${request.method} ${place} ${/\d+/.exec(response.etag ?? '')?.[0]} ${resource === undefined ? '' : 'whole'}`;
}

function momentText(below: Asker['below'], moment: number): string {
  const whole = new Date(moment).toISOString();
  return pick(below, [whole, whole, `${whole.slice(0, 19)}Z`, `${whole.slice(0, 16)}:00Z`, whole.slice(0, 10)]);
}

/** Whether a version was made since a moment, or was current at some time of a stretch. */
function isAsked(world: World, version: Version, parameters: readonly (readonly [string, string])[]): boolean {
  return parameters.every(([name, value]) => {
    if (name === '_count') return true;
    const { from, to } = stretchOf(value);
    if (name === '_since') return version.atMs >= from;
    const after = world.versions.find(
      (each) => each.type === version.type && each.id === version.id && each.versionId === version.versionId + 1,
    );
    return version.atMs < to && (after === undefined || after.atMs > from);
  });
}
