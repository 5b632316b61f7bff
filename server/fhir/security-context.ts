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
const NAME = '"securityContext":{';
const REFERENCE = /(?:[^{}"]|"(?:[^"\\]|\\.)*")*?"reference":"([^"\\]*)"/y;

/** What the text of a Binary names as its security context: a resource of this server, or by a URL that may be one's. Undefined without. */
export function securityContextIn(json: string): ResourceKey | undefined {
  let at = json.indexOf(NAME);
  // Within a text, its quote is escaped.
  while (at > 0 && json[at - 1] === '\\') at = json.indexOf(NAME, at + NAME.length);
  if (at < 0) return undefined;
  REFERENCE.lastIndex = at + NAME.length;
  const reference =
    REFERENCE.exec(json)?.[1] ?? (JSON.parse(json) as { securityContext?: { reference?: unknown } }).securityContext?.reference;
  const parsed = typeof reference === 'string' ? parseReference(reference) : undefined;
  if (parsed?.kind !== 'local' && parsed?.kind !== 'absolute') return undefined;
  return { type: parsed.type, id: parsed.id };
}
