/**
 * A time limit for work that nothing else can stop: expressions and patterns that come with the content.
 *
 * Spec: https://hl7.org/fhir/R4/security.html
 */
import { createContext, Script } from 'node:vm';

/** Thrown when the time is up. */
export class DeadlinePassed extends Error {
  constructor(limitMs: number) {
    super(`Not done after ${limitMs} ms`);
  }
}

const holder: { task?: () => unknown } = {};
const context = createContext(holder);
const script = new Script('task()');

/**
 * What `task` gives, when it gives it within `limitMs`. V8 stops the task where it stands, even inside a regular
 * expression, and its `finally` blocks do not run: it must leave nothing half done that others see. Costs about half a
 * millisecond, so it is for what is rare or doubtful.
 * @throws DeadlinePassed when the time is up, and what the task throws.
 */
export function withinMs<T>(limitMs: number, task: () => T): T {
  const outer = holder.task;
  let result: { readonly value: T } | undefined;
  holder.task = () => {
    result = { value: task() };
  };
  try {
    script.runInContext(context, { timeout: limitMs });
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new DeadlinePassed(limitMs);
    throw error;
  } finally {
    if (outer === undefined) delete holder.task;
    else holder.task = outer;
  }
  if (result === undefined) throw new DeadlinePassed(limitMs);
  return result.value;
}
