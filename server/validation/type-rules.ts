import type { ValueCheck } from './type-plan.ts';
import type { Workshop } from './workshop.ts';
export function objectRules(_path: string, _w: Workshop): ValueCheck[] {
  return [];
}
