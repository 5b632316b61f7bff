/**
 * The writes of one extraction: what has changed is written, the rest is answered as it stands.
 */
import type { EntryResponse } from '../../bundle/response.ts';
import { conflict, forbidden, gone, unprocessable } from '../../fhir/errors.ts';
import { parseJson } from '../../fhir/json.ts';
import { isErrorIssue, operationOutcome } from '../../fhir/outcome.ts';
import { isObject, type Meta, type Resource } from '../../fhir/resource.ts';
import { carryOut } from '../../interactions/carry-out.ts';
import { languageOf } from '../../interactions/check-content.ts';
import type { FhirContext, FhirResponse } from '../../interactions/context.ts';
import type { PlannedWrite } from '../../interactions/planned-write.ts';
import { writeResponse } from '../../interactions/representation.ts';
import { type ClauseFacts, satisfies } from '../../interactions/satisfies.ts';
import type { Clause } from '../../search/query.ts';
import type { Found, ResourceWrite, StoredVersion } from '../../store/resource-store.ts';
import type { Extraction } from './scores.ts';

const FORM = 'QuestionnaireResponse';

/** What the caller may do to one type, before and after. */
export interface Rights {
  readonly create: Clause;
  readonly update: Clause;
  readonly facts?: ClauseFacts;
}

/** One extraction as it was asked for. */
export interface Extract {
  readonly id: string;
  /** The response that came with the request, to be stored. */
  readonly sent?: Resource;
  readonly patientId: string | undefined;
  readonly form: Rights;
  readonly score: Rights;
}

/** Collects the writes of one extraction and their answers; made anew each time the plan is run. */
export class ScoreWriter {
  readonly writes: ResourceWrite[] = [];
  readonly entries: EntryResponse[] = [];
  readonly #ctx: FhirContext;
  readonly #found: Found;
  readonly #extraction: Extract;
  readonly #stored: ReadonlyMap<string, StoredVersion>;

  constructor(ctx: FhirContext, found: Found, extraction: Extract) {
    this.#ctx = ctx;
    this.#found = found;
    this.#extraction = extraction;
    this.#stored = new Map(
      found.searches.flatMap(({ matches }) => matches).flatMap((each) => (each.type === 'Observation' ? [[each.id, each] as const] : [])),
    );
  }

  /** The response the scores are made of: the stored one, or the one sent, which is stored where it says something new. */
  response(): Resource {
    const { id, sent, form } = this.#extraction;
    const current = this.#found.version(FORM, id);
    if (sent === undefined) {
      if (current?.json == null) throw gone(`${FORM}/${id} has been deleted`);
      return parseJson(current.json) as Resource;
    }
    const version = sent.meta?.versionId;
    if (version !== undefined && current !== undefined && version !== String(current.versionId)) {
      throw conflict(`The response sent is version ${version}, the current version is ${current.versionId}`, `${FORM}.meta.versionId`);
    }
    this.#write(sent, current, form);
    return sent;
  }

  put({ observations, warnings }: Extraction): void {
    for (const observation of observations) {
      const before = this.#stored.get(observation.id ?? '');
      const texts = warnings.filter(({ about }) => about === observation.id).map(({ text }) => text);
      this.#write(observation, before, this.#extraction.score, texts);
    }
  }

  #write(resource: Resource, before: StoredVersion | undefined, rights: Rights, warnings: readonly string[] = []): void {
    const ctx = this.#ctx;
    const nowMs = this.#found.nowMs;
    const current = before?.json == null ? undefined : (parseJson(before.json) as Resource);
    const content = current === undefined || resource.resourceType === FORM ? resource : { ...resource, meta: labelled(resource, current) };
    if (before !== undefined && current !== undefined && sameContent(current, content)) {
      this.#answer(writeResponse(ctx.baseUrl, 200, before, 'representation'), warnings);
      return;
    }
    const within = current === undefined ? rights.create : rights.update;
    if (
      before !== undefined &&
      current !== undefined &&
      !satisfies(within, before, ctx.index(current), before.lastUpdatedMs, rights.facts)
    ) {
      throw forbidden(`Your access does not reach this ${resource.resourceType}`);
    }
    if (resource.resourceType === 'Observation') checkAgainst(ctx, content, String(resource.meta?.profile?.[0] ?? ''));
    const id = resource.id ?? '';
    const planned: PlannedWrite = {
      kind: current === undefined ? 'create' : 'update',
      type: resource.resourceType,
      newId: id,
      within,
      returns: 'representation',
      ...(rights.facts === undefined ? {} : { facts: rights.facts }),
    };
    const decision = { act: 'put', id, isNew: current === undefined, ...(before === undefined ? {} : { previous: before }) } as const;
    const { writes, response } = carryOut(ctx, planned, decision, content, nowMs);
    this.writes.push(...writes);
    this.#answer(response, warnings);
  }

  #answer(response: FhirResponse, warnings: readonly string[]): void {
    const issues = warnings.map((diagnostics) => ({ severity: 'warning', code: 'business-rule', diagnostics }) as const);
    this.entries.push({
      ...response,
      bodyIsOutcome: false,
      ...(issues.length === 0 ? {} : { outcome: operationOutcome(issues) }),
    });
  }
}

/** The meta of a score with the labels that were put on it since it was made. */
function labelled({ meta }: Resource, { meta: before }: Resource): Meta {
  const profiles = new Set([...(meta?.profile ?? []), ...(before?.profile ?? [])]);
  return { ...before, ...meta, profile: [...profiles] };
}

/** True when two resources say the same, whatever the order of their elements; version and time of change do not count. */
function sameContent(a: Resource, b: Resource): boolean {
  return ordered(withoutVersion(a)) === ordered(withoutVersion(b));
}

function withoutVersion(resource: Resource): Resource {
  const { versionId: _version, lastUpdated: _changed, ...meta } = resource.meta ?? {};
  return { ...resource, meta };
}

function ordered(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isObject(inner) && inner.constructor === Object
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/**
 * Passes when a resource is valid against a profile.
 * @throws FhirError 422 with the issues.
 */
export function checkAgainst(ctx: FhirContext, resource: Resource, profile: string): void {
  const issues = ctx.validator.validate(resource, { profiles: [profile], ...languageOf(ctx) });
  if (issues.some(isErrorIssue)) throw unprocessable(issues);
}
