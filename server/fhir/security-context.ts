/**
 * The resource that stands for a Binary where it is decided who may see it: a Binary says of itself neither whom it is
 * about nor what it is.
 *
 * Spec: https://hl7.org/fhir/R4/binary-definitions.html#Binary.securityContext
 */
import { parseReference } from './reference.ts';
import type { ResourceKey } from './resource.ts';

export const BINARY = 'Binary';

/** A Binary may be megabytes of one text: what stands beside that is looked for, not read with it. */
const CONTEXT = /(?<!\\)"securityContext":\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*?"reference":"([^"\\]*)"/;

/** What the text of a Binary names as its security context: a resource of this server, or by a URL that may be one's. Undefined without. */
export function securityContextIn(json: string): ResourceKey | undefined {
  const reference = CONTEXT.exec(json)?.[1];
  const parsed = reference === undefined ? undefined : parseReference(reference);
  if (parsed?.kind !== 'local' && parsed?.kind !== 'absolute') return undefined;
  return { type: parsed.type, id: parsed.id };
}
