/**
 * Makes the validator: definitions are compiled when a type or profile is first met, then run.
 *
 * Spec: https://hl7.org/fhir/R4/validation.html
 */

import type { TerminologyService } from '../../terminology/terminology-service.ts';
import { textOf } from '../fhir/json.ts';
import type { Issue } from '../fhir/outcome.ts';
import { isObject, isResource, type Resource } from '../fhir/resource.ts';
import { checkObject, resourcePlan } from './check-object.ts';
import { checkAgainst } from './check-profile.ts';
import { checkCanonicalUrl, checkContainedIds, checkSecurityLabels } from './identity.ts';
import { ProfilePlans } from './profile-plan.ts';
import { isOwn, unclaimedProfiles } from './project-profiles.ts';
import { Run, type RunOptions, RunStopped } from './run.ts';
import { loadStructures, ownResources, type StructureCatalog } from './structure-catalog.ts';
import { TypePlans } from './type-plan.ts';
import type { ValidateOptions, Validator } from './validator.ts';
import { vitalSignProfiles } from './vital-signs.ts';
import type { Workshop } from './workshop.ts';

const EXPRESSION_LIMIT_MS = 4000;

export interface ValidatorParts {
  readonly terminology: TerminologyService;
  /** Structures known; R4 core and the project's own when left out. */
  readonly catalog?: StructureCatalog;
  /** How long the expressions of one validation may take altogether; four seconds when left out. */
  readonly expressionMs?: number;
  /** Whether content is tried before it is checked: yes when left out. What is told is the same, the time it takes is not. */
  readonly trials?: boolean;
  /** Definitions to add: StructureDefinition, ValueSet, CodeSystem, ConceptMap, Questionnaire, Measure, and the global profiles of an ImplementationGuide. */
  readonly resources?: readonly Record<string, unknown>[];
}

/** A validator over R4 and the structures given. Making one costs about 100 ms; keep it. */
export function createValidator(parts: ValidatorParts): Validator {
  const catalog = parts.catalog ?? loadStructures();
  const { terminology } = parts;
  const others = new Map<string, Resource>();
  const globals = new Map<string, string[]>();
  for (const resource of [...ownResources('Questionnaire'), ...(parts.resources ?? [])]) {
    if (resource.resourceType === 'StructureDefinition') catalog.add(resource);
    else if (['ValueSet', 'CodeSystem', 'ConceptMap'].includes(String(resource.resourceType))) terminology.add(resource);
    else if (resource.resourceType === 'ImplementationGuide') addGlobals(resource, globals);
    else others.set(`${resource.resourceType} ${resource.url}`, resource as Resource);
  }
  const workshop: Workshop = {
    catalog,
    terminology,
    types: { get: (name) => types.get(name) },
    profiles: { get: (canonical) => profiles.get(canonical) },
    resource: (type, canonical) => others.get(`${type} ${canonical.split('|', 1)[0]}`),
  };
  const types = new TypePlans(workshop);
  const profiles = new ProfilePlans(workshop);

  function checkResource(run: Run, value: unknown, asked: readonly string[] = [], followMeta = true): void {
    const plan = resourcePlan(run, value, workshop.types);
    if (plan === undefined) return;
    const resource = value as Resource;
    run.resources.push(resource);
    checkObject(run, resource, plan, checkResource);
    checkContainedIds(run, resource);
    checkSecurityLabels(run, resource);
    checkCanonicalUrl(run, resource, plan);
    for (const profile of vitalSignProfiles(resource)) checkAgainst(run, resource, profile, workshop);
    for (const profile of globals.get(resource.resourceType) ?? []) checkProfile(run, resource, profile, '');
    for (const profile of asked) checkAsked(run, resource, profile);
    const claimed: unknown = followMeta ? resource.meta?.profile : undefined;
    if (Array.isArray(claimed)) {
      for (let index = 0; index < claimed.length; index++) {
        if (typeof claimed[index] === 'string') checkProfile(run, resource, claimed[index], `.meta.profile[${index}]`);
      }
    }
    if (run.options.advise === true && standsAlone(run)) {
      run.advised(() => {
        for (const profile of unclaimedProfiles(resource)) {
          if (profiles.get(profile) !== undefined) checkAgainst(run, resource, profile, workshop);
        }
      });
    }
    run.resources.pop();
  }

  /** A profile asked for a Bundle that is for its first entry, as of a document, is checked there. */
  function checkAsked(run: Run, resource: Resource, profile: string): void {
    const first = resource.resourceType === 'Bundle' && Array.isArray(resource.entry) ? resource.entry[0]?.resource : undefined;
    if (!isResource(first) || profiles.get(profile)?.type !== first.resourceType) {
      checkProfile(run, resource, profile, '');
      return;
    }
    run.enter('entry', 0);
    run.enter('resource', -1);
    checkProfile(run, first, profile, '');
    run.leave();
    run.leave();
  }

  function checkProfile(run: Run, resource: Resource, profile: string, below: string): void {
    if (isKnown(profile)) {
      checkAgainst(run, resource, profile, workshop);
      return;
    }
    const isOurs = isOwn(profile);
    const words = { profile: profile.slice(0, 200), near: isOurs && !run.isUntold ? catalog.near(profile) : '' };
    run.report('profile-unknown', words, isOurs ? 'error' : 'warning', below);
  }

  /** True for a profile that is held here, in the version asked for where that is told. */
  function isKnown(profile: string): boolean {
    if (profiles.get(profile) === undefined) return false;
    if (!profile.includes('|')) return true;
    const [url, version] = profile.split('|', 2);
    const known = catalog.get(url!)?.version;
    return known === undefined || fits(version!, known);
  }

  function runOptions(options: ValidateOptions): RunOptions {
    return {
      language: options.language ?? 'en',
      advise: options.advise ?? false,
      expressionMs: parts.expressionMs ?? EXPRESSION_LIMIT_MS,
      trials: parts.trials ?? true,
      unknownExtensions: options.unknownExtensions ?? 'warning',
      referenceTypes: options.referenceTypes ?? 'trusted',
      stored: options.stored,
      wrongDisplays: options.wrongDisplays ?? 'warning',
      markdownHtml: options.markdownHtml ?? 'warning',
      stringHtml: options.stringHtml ?? 'information',
      errorsOnly: options.errorsOnly ?? false,
    };
  }

  function validate(resource: unknown, options: ValidateOptions = {}): readonly Issue[] {
    const run = new Run(runOptions(options));
    try {
      const type = (resource as { resourceType?: unknown } | null)?.resourceType;
      if (typeof type === 'string') run.enter(type.slice(0, 64), -1);
      checkResource(run, resource, options.profiles ?? [], options.followMetaProfile ?? true);
    } catch (error) {
      if (!(error instanceof RunStopped)) throw error;
    }
    return run.issues;
  }

  return { validate };
}

/** True when a version that is asked for is the one that is known, or begins it: 4.0 is 4.0.1. */
const fits = (asked: string, known: string): boolean => known === asked || known.startsWith(`${asked}.`);

/** True for a resource of its own or an entry of a Bundle: what is contained in another is as whole as that one needs it. */
function standsAlone({ resources }: Run): boolean {
  return resources.slice(0, -1).every(({ resourceType }) => resourceType === 'Bundle');
}

/** The profiles that an implementation guide puts on every resource of a type. */
function addGlobals(guide: Record<string, unknown>, into: Map<string, string[]>): void {
  for (const one of Array.isArray(guide.global) ? guide.global.filter(isObject) : []) {
    into.set(textOf(one.type), [...(into.get(textOf(one.type)) ?? []), textOf(one.profile)]);
  }
}
