/**
 * CodeSystem/$subsumes: how two codes of one system stand to each other.
 *
 * Spec: https://hl7.org/fhir/R4/codesystem-operation-subsumes.html
 */
import { badValue, notFound } from '../fhir/errors.ts';
import type { Coding } from '../fhir/resource.ts';
import type { FhirContext, FhirResponse } from '../interactions/context.ts';
import type { OperationRequest } from './operation.ts';
import { needed, readInput } from './operation-input.ts';
import { findDefinition } from './terminology/definition.ts';
import { parametersAnswer } from './terminology/parameters.ts';

const RULES = { codeA: 'text', codeB: 'text', system: 'text', version: 'text', codingA: 'Coding', codingB: 'Coding' } as const;

/**
 * Parameters with `outcome`: equivalent, subsumes, subsumed-by or not-subsumed, said of A to B.
 * @throws FhirError 400 when a code or the system is not named, or the systems differ; 404 `not-found` for a code or version
 * that is not held.
 */
export async function subsumes(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  const input = readInput(request, RULES);
  const a = codeOf('A', input.codeA, input.codingA);
  const b = codeOf('B', input.codeB, input.codingB);
  const { id } = request.interaction;
  const systems = new Set([input.system, a.system, b.system].filter((system) => system !== undefined));
  if (systems.size > 1) throw badValue('Both codes are to be of one code system', 'system');
  const [system] = systems;
  const url = id === undefined ? needed(system, 'system') : system;
  const found = await findDefinition(ctx, 'CodeSystem', { id, url, version: input.version });
  if (url !== undefined && url !== found.url) throw badValue('The codes are not of this code system', 'system');
  const outcome = found.service.subsumes(found.url, a.code, b.code);
  if (outcome === undefined) {
    throw notFound(
      `One of the codes, or the code system ${found.url.slice(0, 200)}, is not known here, or its hierarchy does not tell of kinds`,
    );
  }
  return parametersAnswer([{ name: 'outcome', valueCode: outcome }]);
}

function codeOf(letter: string, code: string | undefined, coding: Coding | undefined): { code: string; system?: string | undefined } {
  if ((code === undefined) === (coding?.code === undefined)) {
    throw badValue(`Code ${letter} is given by code${letter} or by coding${letter}`, `code${letter}`);
  }
  return code === undefined ? { code: coding?.code ?? '', system: coding?.system } : { code };
}
