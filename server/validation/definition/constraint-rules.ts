/**
 * Rules of the constraints that a definition adds: each has a key of its own, the definition as its source, and an
 * expression that can be read.
 *
 * Spec: https://hl7.org/fhir/R4/elementdefinition.html#ElementDefinition.constraint
 */

import { compileFhirPath } from '../../fhir/fhirpath.ts';
import { textOf } from '../../fhir/json.ts';
import { isObject, objectsIn, type Resource } from '../../fhir/resource.ts';
import type { Run } from '../run.ts';
import type { Structure } from '../structure.ts';

type Json = Record<string, unknown>;

const MAX_EXPRESSION = 5000;

/** Checks the constraints of a definition; the run stands at it. */
export function checkConstraints(run: Run, definition: Resource, base: Structure | undefined): void {
  const inherited = new Map(
    base?.elements.flatMap(({ constraints }) => constraints.map(({ key, expression }) => [key, expression] as const)),
  );
  for (const part of ['differential', 'snapshot']) {
    const expressions = new Map<unknown, unknown>(part === 'differential' ? inherited : []);
    const list = definition[part];
    for (const [index, element] of (isObject(list) ? objectsIn(list.element) : []).entries()) {
      for (const [position, constraint] of objectsIn(element.constraint).entries()) {
        run.enter(part, -1);
        run.enter('element', index);
        run.enter('constraint', position);
        if (part === 'differential') checkNew(run, constraint, definition, textOf(element.path));
        checkKey(run, constraint, expressions);
        for (let level = 0; level < 3; level++) run.leave();
      }
    }
  }
}

function checkNew(run: Run, { key, source, expression }: Json, { url, version }: Resource, path: string): void {
  if (typeof source === 'string' && source !== url && source !== `${textOf(url)}|${textOf(version)}`)
    run.report('constraint-source', { key: textOf(key), source });
  if (typeof expression !== 'string' || expression.length > MAX_EXPRESSION) return;
  try {
    compileFhirPath(expression, path);
  } catch (error) {
    run.report('constraint-expression', { key: textOf(key), why: error instanceof Error ? error.message.slice(0, 160) : '' });
  }
}

/** A key stands for one expression; `ele-1`, which every type has, is written in several ways. */
function checkKey(run: Run, { key, expression }: Json, expressions: Map<unknown, unknown>): void {
  if (typeof key !== 'string' || typeof expression !== 'string') return;
  const other = expressions.get(key);
  if (other === undefined) expressions.set(key, expression);
  else if (other !== expression && key !== 'ele-1') run.report('constraint-key', { key, other: textOf(other) });
}
