/**
 * Holds the writes of a plan against the rules of the service, inside the commit.
 */
import { inEntry } from '../../bundle/entry-failure.ts';
import { parseJson } from '../../fhir/json.ts';
import type { Resource, ResourceKey } from '../../fhir/resource.ts';
import type { SearchQuery } from '../../search/query.ts';
import type { StoredVersion } from '../../store/resource-store.ts';
import type { FhirContext } from '../context.ts';
import type { WriteDecision } from '../decide-write.ts';
import type { PlannedWrite } from '../planned-write.ts';
import { builtIn } from './built-in.ts';
import type { BusinessRule, Change } from './business-rule.ts';
import { consentFollowed } from './consent-followed.ts';
import { oneActivePlan } from './one-active-plan.ts';
import { onePersonPerId } from './one-person-per-id.ts';
import { oneOfStaffPerNumber, onePatientPerNumber, onePractitionerPerNumber } from './one-person-per-number.ts';
import type { Questions, VersionKey } from './questions.ts';
import { staysWithPerson } from './stays-with-person.ts';
import { taskStatus } from './task-status.ts';

/** Every rule, in the order in which they are told. */
const RULES: readonly BusinessRule[] = [
  builtIn,
  taskStatus,
  oneActivePlan,
  onePatientPerNumber,
  onePractitionerPerNumber,
  oneOfStaffPerNumber,
  onePersonPerId,
  staysWithPerson,
  consentFollowed,
];
const RULES_OF: ReadonlyMap<string, readonly BusinessRule[]> = new Map(
  RULES.flatMap(({ types }) => types).map((type) => [type, RULES.filter(({ types }) => types.includes(type))]),
);

/** A write whose fate is decided; `content` is what it stores, its links rewritten; `entry` its place in a Bundle. */
export interface DecidedWrite {
  readonly planned: PlannedWrite;
  readonly decision: WriteDecision;
  readonly content: Resource | undefined;
  readonly entry?: number;
}

/**
 * Asks every rule about these writes.
 * @throws FhirError 422 `business-rule`, pointing at the element.
 */
export function applyRules(ctx: FhirContext, writes: readonly DecidedWrite[], questions: Questions): void {
  if (!writes.some(({ planned }) => RULES_OF.has(planned.type))) return;
  const placedChanges = writes.flatMap((write) => changesOf(write).map((change) => ({ change, entry: write.entry })));
  const changes = placedChanges.map(({ change }) => change);
  questions.require(
    changes.flatMap((change) => questionsOf(change, ctx)),
    changes.flatMap(beforeDeletion),
  );
  const former = (change: Change) => beforeDeletion(change).flatMap((version) => questions.past(version)?.json ?? [])[0];
  const view = { ctx, changes, answer: questions.answer, former };
  for (const { change, entry } of placedChanges) {
    try {
      for (const rule of RULES_OF.get(change.type) ?? []) rule.check(change, view);
    } catch (error) {
      throw entry === undefined ? error : inEntry(entry, error);
    }
  }
}

/**
 * What the rules will ask about resources that are about to be written, as far as their content is known beforehand: what
 * stands under the ids that are updated is looked at now, and may be another by the time of the commit.
 */
export async function foreseenQuestions(
  ctx: FhirContext,
  writes: readonly Pick<DecidedWrite, 'planned' | 'content'>[],
): Promise<readonly SearchQuery[]> {
  const asking = writes.flatMap(({ planned: { type, id, newId }, content }) => {
    if (content === undefined || !RULES_OF.has(type)) return [];
    const key = { type, id: id ?? newId };
    return questionsOf(new ChangeOf(key, 1, undefined, content), ctx).length === 0 ? [] : [{ key, content, isUpdate: id !== undefined }];
  });
  const updated = asking.flatMap(({ key, isUpdate }) => (isUpdate ? [key] : []));
  const standing = updated.length === 0 ? [] : await ctx.store.readMany(updated);
  const before = new Map(standing.map((version) => [`${version.type}/${version.id}`, version]));
  return asking.flatMap(({ key, content }) => questionsOf(new ChangeOf(key, 1, before.get(`${key.type}/${key.id}`), content), ctx));
}

function questionsOf(change: Change, ctx: FhirContext): readonly SearchQuery[] {
  return (RULES_OF.get(change.type) ?? []).flatMap((rule) => rule.question?.(change, ctx) ?? []);
}

/** The version that a deletion put an end to, where rules ask for it: the second before what is written. */
function beforeDeletion({ type, id, versionId, isBroughtBack }: Change): readonly VersionKey[] {
  if (!isBroughtBack || !(RULES_OF.get(type) ?? []).some(({ looksBack }) => looksBack === true)) return [];
  return [{ type, id, versionId: versionId - 2 }];
}

function changesOf({ planned, decision, content }: DecidedWrite): readonly Change[] {
  const { type } = planned;
  if (decision.act === 'keep') return [];
  if (decision.act === 'delete') {
    return decision.versions.map((version) => new ChangeOf(version, version.versionId + 1, version, undefined));
  }
  const { id, previous } = decision;
  return [new ChangeOf({ type, id }, (previous?.versionId ?? 0) + 1, previous, content)];
}

/** The change of `previous` to `after`. What was there is read when the first rule asks for it, which for most changes none does. */
class ChangeOf implements Change {
  readonly type: string;
  readonly id: string;
  readonly versionId: number;
  readonly after: Resource | undefined;
  readonly #previous: StoredVersion | undefined;
  #before: Resource | undefined;

  constructor({ type, id }: ResourceKey, versionId: number, previous: StoredVersion | undefined, after: Resource | undefined) {
    this.type = type;
    this.id = id;
    this.versionId = versionId;
    this.after = after;
    this.#previous = previous;
  }

  get beforeText(): string | undefined {
    return this.#previous?.json ?? undefined;
  }

  get isBroughtBack(): boolean {
    return this.#previous?.method === 'DELETE' && this.after !== undefined;
  }

  get before(): Resource | undefined {
    const json = this.beforeText;
    // It is looked at and not written: nobody asks how its decimals were written.
    if (this.#before === undefined && json !== undefined) this.#before = parseJson(json, false) as Resource;
    return this.#before;
  }
}
