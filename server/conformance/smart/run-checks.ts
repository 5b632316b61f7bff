/** Runs checks one after another: a server under test is a server in use, and some checks try what happens at the same time. */

import { SMART_CHECKS } from './all-checks.ts';
import { type Check, CheckFailed, NotApplicable } from './check.ts';
import { smartServer } from './smart-server.ts';
import type { SuiteConfig } from './suite-config.ts';

export type Outcome = 'pass' | 'fail' | 'not-applicable';

export interface CheckResult {
  readonly check: Check;
  readonly outcome: Outcome;
  /** Why, when it did not pass. */
  readonly reason?: string;
  readonly durationMs: number;
}

export interface RunOptions {
  /** Ids of checks, or what they begin with; left out: all. */
  readonly only?: readonly string[];
  readonly onResult?: (result: CheckResult, done: number, total: number) => void;
  /** Where a person is told what to do. */
  readonly say?: (line: string) => void;
}

/**
 * The results of all checks that were asked for, in order.
 * @throws Error when `only` names no check, or the key set of the configuration cannot be published.
 */
export async function runSmartChecks(
  config: SuiteConfig,
  { only, onResult, say = () => undefined }: RunOptions = {},
): Promise<readonly CheckResult[]> {
  const wanted = SMART_CHECKS.filter(({ id }) => only === undefined || only.some((prefix) => id.startsWith(prefix)));
  if (wanted.length === 0) throw new Error(`no check begins with ${only?.join(' or ')}`);
  const server = await smartServer(config, { say, forEveryLaunch: only !== undefined });
  const results: CheckResult[] = [];
  try {
    for (const check of wanted) {
      const startedMs = performance.now();
      const outcome = await check.run(server).then(() => ({ outcome: 'pass' as const }), outcomeOf);
      const result = { check, ...outcome, durationMs: performance.now() - startedMs };
      results.push(result);
      onResult?.(result, results.length, wanted.length);
    }
  } finally {
    await server.close();
  }
  return results;
}

function outcomeOf(error: unknown): { readonly outcome: Outcome; readonly reason: string } {
  if (error instanceof NotApplicable) return { outcome: 'not-applicable', reason: error.message };
  if (error instanceof CheckFailed) return { outcome: 'fail', reason: error.message };
  return { outcome: 'fail', reason: `the answer could not be understood: ${error instanceof Error ? error.message : String(error)}` };
}

/** True when a requirement with SHALL is not met. */
export function isFailure({ outcome, check }: CheckResult): boolean {
  return outcome === 'fail' && check.severity === 'SHALL';
}
