import { describe, expect, it } from 'vitest';
import type { Principal } from '../../server/auth/principal.ts';
import { loadDefinitions } from '../../server/definitions/load.ts';
import { JSON_PATCH, readPatch } from '../../server/interactions/patch.ts';

const definitions = loadDefinitions();
const person = (): Principal => ({ clientId: 'c', subject: 's', scope: '', scopes: [] });
const resource = { resourceType: 'Patient', name: Array.from({ length: 1000 }, () => ({ text: 'x' })) };
/** Copies some 120,000 values, and keeps none. */
const body = [...Array.from({ length: 60 }, () => ({ op: 'copy', from: '/name', path: '/x' })), { op: 'remove', path: '/x' }];

/** Applies the patch as an entry of a Bundle, whose context is another for each. */
function patch(principal: Principal): string {
  const request = { method: 'PATCH', path: [], query: [], headers: { 'content-type': JSON_PATCH }, body } as const;
  try {
    readPatch({ definitions, principal }, 'Patient', request)(resource);
    return 'done';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('what patches may cost', () => {
  it('is counted for a request as a whole, however many entries it has', () => {
    const [one, other] = [person(), person()];
    const told = Array.from({ length: 6 }, () => patch(one));
    expect(told.slice(0, 4)).toEqual(['done', 'done', 'done', 'done']);
    expect(told.slice(4)).toEqual(Array(2).fill('The patch copies or compares more than is done at once'));
    expect(patch(other)).toBe('done');
  });
});
