import type { Element } from './structure.ts';
import type { ValueCheck } from './type-plan.ts';
import type { Workshop } from './workshop.ts';
export function compileReference(_e: Element, _w: Workshop): ValueCheck[] {
  return [];
}
