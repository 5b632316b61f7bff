/**
 * The contexts of an extension that are said in FHIRPath: the elements it may stand on, and rules of its use.
 *
 * Spec: https://hl7.org/fhir/R4/defining-extensions.html#context
 */
import { compileFhirPath } from '../fhir/fhirpath.ts';
import { isObject } from '../fhir/resource.ts';
import { type Run, RunStopped } from './run.ts';

/** The member that holds an extension, at the end of its path. */
const MEMBER = /\.((?:modifierE|e)xtension\[\d+\])$/;

/** True when the expression, from the resource, selects the element that holds the extension; a failing expression selects nothing. */
export function isSelected(run: Run, extension: Record<string, unknown>, expression: string): boolean {
  const { resource } = run;
  return (
    attempt(run, expression, () => {
      // Exact decimals are copied into plain numbers: the extension is then to be found in that copy.
      const read = compileFhirPath('$this', resource.resourceType)(resource, contextOf(run))[0];
      const wanted = read === resource ? extension : counterpart(resource, read, extension);
      // The holder may be a primitive, which has no identity: what it holds has.
      const holders = `(${expression})`;
      const select = compileFhirPath(`${holders}.extension | ${holders}.modifierExtension`, resource.resourceType);
      return select(read, contextOf(run)).includes(wanted);
    }) ?? false
  );
}

/** True when a rule of the extension's use yields true for the element that holds it, which is the focus; %extension is the extension. */
export function ruleHolds(run: Run, expression: string): boolean {
  const path = run.path();
  const member = MEMBER.exec(path)?.[1];
  const root = run.resources[0];
  if (member === undefined || root === undefined) return true;
  const holder = path.slice(0, -member.length - 1);
  const result = attempt(run, expression, () => {
    const evaluate = compileFhirPath(`${holder}.defineVariable('extension', ${member}).select(${expression})`, root.resourceType);
    return evaluate(root, contextOf(run));
  });
  return result === undefined || (result.length === 1 && result[0] === true);
}

function contextOf(run: Run) {
  return { resource: run.resource, rootResource: run.resources[0]! };
}

/** What `evaluate` gives; undefined, with a warning, when the expression cannot be evaluated. */
function attempt<T>(run: Run, expression: string, evaluate: () => T): T | undefined {
  try {
    return run.timed(evaluate);
  } catch (error) {
    if (error instanceof RunStopped) throw error;
    const why = error instanceof Error ? error.message.slice(0, 200) : 'unknown';
    run.report('invariant-failed', { key: expression.slice(0, 120), why }, 'warning');
    return undefined;
  }
}

/** What stands in a copy where `wanted` stands in the original. */
function counterpart(original: unknown, copy: unknown, wanted: unknown): unknown {
  if (original === wanted) return copy;
  if (typeof original !== 'object' || original === null || typeof copy !== 'object' || copy === null) return undefined;
  for (const [key, value] of Object.entries(original)) {
    const found = counterpart(value, (copy as Record<string, unknown>)[key], wanted);
    if (isObject(found)) return found;
  }
  return undefined;
}
