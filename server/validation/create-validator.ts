/**
 * Makes the validator: definitions are compiled when a type or profile is first met, then run.
 *
 * Spec: https://hl7.org/fhir/R4/validation.html
 */

import { createTerminology } from '../../terminology/service/create-terminology.ts';
import type { TerminologyService } from '../../terminology/terminology-service.ts';
import type { Issue } from '../fhir/outcome.ts';
import type { Resource } from '../fhir/resource.ts';
import { checkObject, resourcePlan } from './check-object.ts';
import { Run, RunStopped } from './run.ts';
import { loadStructures, type StructureCatalog } from './structure-catalog.ts';
import { TypePlans } from './type-plan.ts';
import type { ValidateOptions, Validator } from './validator.ts';
import type { Workshop } from './workshop.ts';

const TIME_LIMIT_MS = 5000;

export interface ValidatorParts {
  /** Structures known; R4 core and the project's own when left out. */
  readonly catalog?: StructureCatalog;
  readonly terminology?: TerminologyService;
  /** Definitions to add: StructureDefinition, ValueSet, CodeSystem, ConceptMap, Questionnaire; others are passed over. */
  readonly resources?: readonly Record<string, unknown>[];
}

/** A validator over R4 and the structures given. Making one costs about 100 ms; keep it. */
export function createValidator(parts: ValidatorParts = {}): Validator {
  const catalog = parts.catalog ?? loadStructures();
  const terminology = parts.terminology ?? createTerminology();
  for (const resource of parts.resources ?? []) {
    if (resource.resourceType === 'StructureDefinition') catalog.add(resource);
    else if (['ValueSet', 'CodeSystem', 'ConceptMap'].includes(String(resource.resourceType))) terminology.add(resource);
  }
  const types: TypePlans = new TypePlans({ catalog, terminology, types: { get: (name) => types.get(name) } });
  const workshop: Workshop = { catalog, terminology, types };

  function checkResource(run: Run, value: unknown): void {
    const plan = resourcePlan(run, value, workshop.types);
    if (plan === undefined) return;
    run.resources.push(value as Resource);
    checkObject(run, value as Resource, plan, checkResource);
    run.resources.pop();
  }

  function validate(resource: unknown, options: ValidateOptions = {}): readonly Issue[] {
    const run = new Run({
      language: options.language ?? 'en',
      deadlineMs: Date.now() + TIME_LIMIT_MS,
      unknownExtensions: options.unknownExtensions ?? 'warning',
      markdownHtml: options.markdownHtml ?? 'warning',
    });
    try {
      const type = (resource as { resourceType?: unknown } | null)?.resourceType;
      if (typeof type === 'string') run.enter(type.slice(0, 64), -1);
      checkResource(run, resource);
    } catch (error) {
      if (!(error instanceof RunStopped)) throw error;
    }
    return run.issues;
  }

  return { validate };
}
