/** What tests say about answers of the FHIR API. */
import { expect } from 'vitest';
import type { TestAnswer } from './test-server.ts';

/** The answer is an OperationOutcome whose first error has this code and this expression (undefined: none). */
export function expectRefusal(answer: TestAnswer, status: number, code: string, expression?: string): void {
  const issue = answer.body.issue?.find((each) => each.severity === 'error' || each.severity === 'fatal');
  expect(
    { status: answer.status, type: answer.body.resourceType, code: issue?.code, expression: issue?.expression?.[0] },
    answer.text,
  ).toEqual({
    status,
    type: 'OperationOutcome',
    code,
    expression,
  });
}

/** `Type/id` of the matches (or of the entries in another mode) of a searchset, in order. */
export function keysOf(answer: TestAnswer, mode: 'match' | 'include' = 'match'): string[] {
  expect(answer.status, answer.text).toBe(200);
  const entries = (answer.body.entry ?? []) as { resource: { resourceType: string; id: string }; search: { mode: string } }[];
  return entries.filter((each) => each.search.mode === mode).map(({ resource }) => `${resource.resourceType}/${resource.id}`);
}

/** The URL of a link of a Bundle. */
export function linkOf(answer: TestAnswer, relation: string): string | undefined {
  return ((answer.body.link ?? []) as { relation: string; url: string }[]).find((link) => link.relation === relation)?.url;
}
