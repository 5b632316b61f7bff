/**
 * The JSON Patch that is the data of a Binary: the only JSON inside of JSON, so that it is bounded here as bodies are.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#patch
 */
import { parseJson } from '../fhir/json.ts';
import { isObject } from '../fhir/resource.ts';

/** Deeper than any resource. */
const DEPTH_MAX = 200;

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** NUL is no character of a FHIR string; escaped, since it cannot stand in JSON otherwise. */
const NUL = /(?:^|[^\\])(?:\\\\)*\\u0000/;

/** The document in the base64 text; undefined when it is none, not UTF-8, holds NUL or is nested too deep. */
export function patchData(data: unknown): unknown {
  if (typeof data !== 'string') return undefined;
  try {
    const text = UTF_8.decode(Buffer.from(data, 'base64'));
    const document = parseJson(text);
    return NUL.test(text) || isDeeper(document, DEPTH_MAX) ? undefined : document;
  } catch {
    return undefined;
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (!Array.isArray(value) && !isObject(value)) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
