/**
 * A digest of each search parameter's definition: index entries fit a search when they were made under the same digest.
 *
 * Spec: https://hl7.org/fhir/R4/searchparameter.html
 */
import { hash } from 'node:crypto';
import type { SearchParameterInfo } from '../definitions/definitions.ts';
import { ORDER_RULES } from '../fhir/norwegian-order.ts';
import { SERVER_ZONE } from '../fhir/time-zone.ts';
import { CONTAINED } from './index-entry.ts';

/** Raised when the same definition gives other entries than before: all parameters then count as changed. */
const INDEX_RULES = 4;
/** The same for what looks into a Bundle. */
const BUNDLE_RULES = 5;
/** The same for what tells that a resource contains others, whatever their parameters. */
const CONTAINED_RULES = 1;
const DIGEST_LENGTH = 12;

/** Stands among the digests for the order of texts: rows that were made under another are found as ever, but sorted as they were then. */
export const ORDER_DIGEST = `norwegian-${ORDER_RULES}`;

/** Stands among the digests of parameters for these. */
export const CONTAINED_DIGEST = digestOf([CONTAINED_RULES, CONTAINED]);

/** Twelve characters that differ for parameters whose entries may differ. */
export function indexDigest({ code, type, base, expression, targets, components }: SearchParameterInfo): string {
  const rules = type === 'reference' && base.includes('Bundle') ? BUNDLE_RULES : INDEX_RULES;
  const definition = [rules, SERVER_ZONE, code, type, base, expression ?? null, targets, components];
  return digestOf(definition);
}

function digestOf(definition: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(definition), 'base64url').slice(0, DIGEST_LENGTH);
}
