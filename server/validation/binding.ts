import type { Binding } from './structure.ts';
import type { ValueCheck } from './type-plan.ts';
import type { Workshop } from './workshop.ts';
export function compileBinding(_b: Binding | undefined, _type: string, _w: Workshop): ValueCheck[] {
  return [];
}
