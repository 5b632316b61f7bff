/**
 * Writes and searches by chance against servers and the model, and what they disagree about.
 *
 * Spec: https://hl7.org/fhir/R4/search.html · https://hl7.org/fhir/R4/http.html
 */
import { wholeFrom } from '../../support/random.ts';
import type { TestAnswer } from '../../support/test-server.ts';
import { type Json, parametersOf, type Stored } from './definitions.ts';
import { tryHistory, tryInteraction } from './interactions.ts';
import { misplaced } from './order.ts';
import { type Asker, randomQuestion } from './questions.ts';
import { BASE } from './reference.ts';
import { randomKey, randomResource } from './resources.ts';
import { included, type Question, search } from './search.ts';
import { tryTransaction } from './transactions.ts';
import { one, pick } from './vocabulary.ts';
import { emptyWorld, write } from './world.ts';

export interface Peer {
  readonly name: string;
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<TestAnswer>;
}

export interface Clock {
  nowMs: number;
  /** Counts requests that may make ids, so that all servers make the same. */
  step: number;
}

export interface Outcome {
  readonly faults: string[];
  readonly refused: string[];
  asked: number;
  matched: number;
}

const ALWAYS = [
  'Patient',
  'Practitioner',
  'Organization',
  'Observation',
  'CarePlan',
  'Task',
  'Encounter',
  'Questionnaire',
  'RiskAssessment',
];

export interface Run {
  readonly seed: number;
  /** Writes before the first search. */
  readonly writes: number;
  readonly steps: number;
  readonly peers: readonly Peer[];
  readonly clock: Clock;
  /** Types that worlds are made of. */
  readonly allTypes: readonly string[];
}

function begin(run: Run): { readonly asker: Asker; readonly outcome: Outcome } {
  const below = wholeFrom(run.seed);
  const types = [...ALWAYS];
  while (types.length < 25) {
    const type = pick(below, run.allTypes);
    if (!types.includes(type)) types.push(type);
  }
  return {
    asker: { below, types, scene: { world: emptyWorld(), now: run.clock.nowMs } },
    outcome: { faults: [], refused: [], asked: 0, matched: 0 },
  };
}

async function fill(run: Run, asker: Asker): Promise<void> {
  for (let at = 0; at < run.writes; at += 10) await writeSome(run, asker, 10);
}

/** Runs one seed. Returns the faults, each as one text with what reproduces it. */
export async function compareSearches(run: Run): Promise<Outcome> {
  const { asker, outcome } = begin(run);
  const { below, scene } = asker;
  await fill(run, asker);
  for (let at = 0; at < run.steps; at++) {
    if (one(below, 6)) await writeSome(run, asker, 1 + below(2));
    scene.now = run.clock.nowMs;
    await compareSearch(run, asker, randomQuestion(asker), outcome);
  }
  return outcome;
}

/** Interactions and histories by chance, in the place of searches. */
export async function compareInteractions(run: Run): Promise<Outcome> {
  const { asker, outcome } = begin(run);
  await fill(run, asker);
  for (let at = 0; at < run.steps; at++) {
    const say = (what: string): void => void outcome.faults.push(`seed ${run.seed} step ${at}: ${what}`);
    asker.scene.now = run.clock.nowMs;
    outcome.asked++;
    if (one(asker.below, 4)) await tryHistory(asker, run.peers, say);
    else if (one(asker.below, 6)) await tryTransaction(asker, run.peers, run.clock, say);
    else await tryInteraction(asker, run.peers, run.clock, say);
    // What one has and the other has not makes every later step a fault.
    if (outcome.faults.length > 5) break;
  }
  return outcome;
}

interface Change {
  readonly type: string;
  readonly id: string;
  /** Undefined deletes. */
  readonly content: Json | undefined;
}

/** One change by itself, or several in a transaction. */
async function writeSome(run: Run, { below, scene, types }: Asker, count: number): Promise<void> {
  const changes = new Map<string, Change>();
  for (let at = 0; at < count; at++) {
    const { type, id } = randomKey({ below, types });
    const isThere = scene.world.latest.get(`${type}/${id}`)?.resource !== undefined;
    changes.set(`${type}/${id}`, {
      type,
      id,
      content: isThere && one(below, 3) ? undefined : { ...randomResource({ below, types }, type), id },
    });
  }
  run.clock.nowMs += 1 + below(3000);
  const made = [...changes.values()];
  const match = ({ type, id }: Change): string | undefined => {
    const latest = scene.world.latest.get(`${type}/${id}`);
    return latest?.resource === undefined ? undefined : `W/"${latest.versionId}"`;
  };
  const alone = made.filter((each) => made.length === 1 || REWRITTEN.test(JSON.stringify(each.content)));
  const together = made.filter((each) => !alone.includes(each));
  for (const peer of run.peers) {
    const answers = together.length === 0 ? [] : [await transact(peer, together, match)];
    for (const each of alone) answers.push(await direct(peer, each, match(each)));
    for (const { status, text } of answers) {
      if (status >= 300) throw new Error(`${peer.name} refused a write: ${status} ${text} ${JSON.stringify(made)}`);
    }
  }
  for (const { type, id, content } of [...together, ...alone]) write(scene.world, type, id, content, 'PUT', run.clock.nowMs);
}

/** References that a transaction does not leave as they are: those to an entry of its own, also by its whole URL, and to a version. */
const REWRITTEN = new RegExp(`urn:uuid:|_history|"reference":"${BASE}/`);

function direct(peer: Peer, { type, id, content }: Change, match: string | undefined): Promise<TestAnswer> {
  const headers = match === undefined ? {} : { 'If-Match': match };
  return content === undefined
    ? peer.request('DELETE', `${type}/${id}`, undefined, headers)
    : peer.request('PUT', `${type}/${id}`, content, headers);
}

function transact(peer: Peer, changes: readonly Change[], match: (change: Change) => string | undefined): Promise<TestAnswer> {
  const entry = changes.map((change) => {
    const ifMatch = match(change);
    const { type, id, content } = change;
    return {
      fullUrl: `${BASE}/${type}/${id}`,
      ...(content === undefined ? {} : { resource: content }),
      request: { method: content === undefined ? 'DELETE' : 'PUT', url: `${type}/${id}`, ...(ifMatch === undefined ? {} : { ifMatch }) },
    };
  });
  return peer.request('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
}

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

interface Entry {
  readonly resource?: Stored;
  readonly search?: { readonly mode?: string };
}

interface Page {
  readonly total?: number;
  readonly entry?: readonly Entry[];
  readonly link?: readonly { readonly relation: string; readonly url: string }[];
}

const keyOf = ({ resourceType, id }: Stored): string => `${resourceType}/${id}`;

/** Compares one answer, page by page, with what the model finds. */
async function compareSearch(run: Run, { below, scene }: Asker, question: Question, outcome: Outcome): Promise<void> {
  const query = new URLSearchParams(question.parameters.map(([name, value]): [string, string] => [name, value])).toString();
  const place = question.compartment === undefined ? question.type : `${question.compartment}/${question.type}`;
  const isPosted = question.type !== '' && one(below, 10);
  const shown = `seed ${run.seed} search ${outcome.asked}: ${isPosted ? 'POST ' : ''}${place}?${question.parameters.map((each) => each.join('=')).join('&')}`;
  outcome.asked++;
  const expected = new Map(search(scene, question).map((each) => [keyOf(each), each]));
  if (expected.size > 0) outcome.matched++;
  for (const peer of run.peers) {
    const say = (what: string): void => void outcome.faults.push(`${shown}\n  ${peer.name}: ${what}`);
    const found: Stored[] = [];
    let next: string | undefined = `${place}?${query}`;
    for (let pages = 0; next !== undefined && pages < 300; pages++) {
      const answer: TestAnswer =
        isPosted && pages === 0 ? await peer.request('POST', `${place}/_search`, query, FORM) : await peer.request('GET', next);
      if (answer.status !== 200) {
        outcome.refused.push(`${shown}\n  ${peer.name}: ${answer.status} ${answer.body.issue?.[0]?.diagnostics}`);
        break;
      }
      const page = answer.body as unknown as Page;
      const matches = (page.entry ?? []).flatMap(({ resource, search: how }) =>
        how?.mode === 'match' && resource !== undefined ? [resource] : [],
      );
      const others = (page.entry ?? []).flatMap(({ resource, search: how }) =>
        how?.mode === 'include' && resource !== undefined ? [resource] : [],
      );
      if (page.total !== undefined && page.total !== expected.size) say(`total ${page.total}, the model ${expected.size}`);
      const brought = new Set(others.map((each) => `${keyOf(each)}/_history/${(each.meta as Json).versionId}`));
      const wanted = included(
        scene,
        question,
        matches.flatMap((each) => expected.get(keyOf(each)) ?? []),
      );
      const [more, fewer] = [[...brought].filter((each) => !wanted.has(each)), [...wanted].filter((each) => !brought.has(each))];
      if (more.length + fewer.length > 0)
        say(`includes ${more.join()} too much, ${fewer.join()} too little with ${JSON.stringify(matches)}`);
      found.push(...matches);
      next = page.link?.find(({ relation }) => relation === 'next')?.url.replace(`${BASE}/`, '');
    }
    if (outcome.refused.at(-1)?.startsWith(shown)) return;
    const keys = found.map(keyOf);
    const more = keys.filter((each) => !expected.has(each));
    const fewer = [...expected.keys()].filter((each) => !keys.includes(each));
    if (more.length + fewer.length > 0) {
      const [first] = [...more, ...fewer];
      const content = JSON.stringify(scene.world.latest.get(first ?? '')?.resource);
      say(`finds ${more.join()} too much, ${fewer.join()} too little of ${expected.size}; ${content}`);
    }
    if (new Set(keys).size !== keys.length) say(`finds twice: ${keys.join()}`);
    const sort = question.parameters.find(([name]) => name === '_sort')?.[1];
    const wrong =
      sort === undefined
        ? undefined
        : misplaced(
            found.map((each) => expected.get(keyOf(each)) ?? each),
            sort,
          );
    if (wrong !== undefined) say(`${wrong[2]}: ${keyOf(wrong[0])} before ${keyOf(wrong[1])}; ${JSON.stringify(wrong.slice(0, 2))}`);
  }
}

/** Whether a type has anything to search by that is its own. */
export const isSearchable = (type: string): boolean => [...parametersOf(type).keys()].some((code) => !code.startsWith('_'));
