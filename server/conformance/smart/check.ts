/**
 * A check of the suite: one requirement, held against a server over HTTP, with the requirement numbers and the section
 * of the specification it comes from.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/
 */
import type { SmartServer } from './smart-server.ts';

export type Severity = 'SHALL' | 'SHOULD';

export interface Check {
  /** Unique and stable: kebab-case, begun by what it is about. */
  readonly id: string;
  readonly group: string;
  /** Numbers in the public test kit's list of requirements; empty where that list has none. */
  readonly requirements: readonly number[];
  readonly severity: Severity;
  /** What a server that passes does. */
  readonly title: string;
  readonly spec: string;
  /** Resolves when the server passes. @throws CheckFailed or NotApplicable with the reason. */
  readonly run: (server: SmartServer) => Promise<void>;
}

/** The server does not do what the requirement says. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
}

/** The requirement does not bind this server, or what is needed to find out has not been given. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable';
}

/** @throws CheckFailed with the reason when the condition does not hold. */
export function insist(condition: unknown, reason: string): asserts condition {
  if (!condition) throw new CheckFailed(reason);
}

/** @throws NotApplicable with the reason unless the condition holds. */
export function applies(condition: unknown, reason: string): asserts condition {
  if (!condition) throw new NotApplicable(reason);
}

type GroupedCheck = Omit<Check, 'group' | 'spec'> & { readonly spec?: string };
type Run = Check['run'];

/** The checks of a group; those without a link of their own have the group's. */
export function checkGroup(group: string, spec: string, checks: readonly GroupedCheck[]): readonly Check[] {
  return checks.map((check) => ({ ...check, group, spec: check.spec ?? spec }));
}

/** A check of something the specification demands. */
export function shall(id: string, requirements: readonly number[], title: string, run: Run, spec?: string): GroupedCheck {
  return { id, requirements, severity: 'SHALL', title, run, ...(spec === undefined ? {} : { spec }) };
}

/** A check of something the specification advises. */
export function should(id: string, requirements: readonly number[], title: string, run: Run, spec?: string): GroupedCheck {
  return { id, requirements, severity: 'SHOULD', title, run, ...(spec === undefined ? {} : { spec }) };
}
