/**
 * Rules of Attachment: the data is base64, and its size is what it says.
 *
 * Spec: https://hl7.org/fhir/R4/datatypes.html#Attachment
 */
import { numberOf } from '../fhir/json.ts';
import { isObject } from '../fhir/resource.ts';
import type { ValueCheck } from './type-plan.ts';

function checkSize(run: Parameters<ValueCheck>[0], value: unknown): void {
  if (!isObject(value) || typeof value.data !== 'string') return;
  const stated = numberOf(value.size);
  if (stated === undefined) return;
  const packed = value.data.replace(/\s+/g, '');
  const size = (packed.length / 4) * 3 - (packed.endsWith('==') ? 2 : packed.endsWith('=') ? 1 : 0);
  if (size !== stated) run.report('attachment-size', { stated: String(stated), found: String(size) });
}

export const attachmentRules = (): readonly ValueCheck[] => [checkSize];
