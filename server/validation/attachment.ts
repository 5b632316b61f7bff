/**
 * Rules of Attachment: its size and hash are those of its data.
 *
 * Spec: https://hl7.org/fhir/R4/datatypes.html#Attachment
 */
import { createHash } from 'node:crypto';
import { numberOf } from '../fhir/json.ts';
import { isObject } from '../fhir/resource.ts';
import { bytesOf } from './limits.ts';
import type { ValueCheck } from './type-plan.ts';

function checkSize(run: Parameters<ValueCheck>[0], value: unknown): void {
  if (!isObject(value) || typeof value.data !== 'string') return;
  const stated = numberOf(value.size);
  if (stated === undefined) return;
  const size = bytesOf(value.data);
  if (size !== stated) run.report('attachment-size', { stated: String(stated), found: String(size) });
}

function checkHash(run: Parameters<ValueCheck>[0], value: unknown): void {
  if (!isObject(value) || typeof value.data !== 'string' || typeof value.hash !== 'string') return;
  const found = createHash('sha1').update(Buffer.from(value.data, 'base64')).digest('base64');
  if (found !== value.hash) run.report('attachment-hash', { found });
}

export const attachmentRules = (): readonly ValueCheck[] => [checkSize, checkHash];
