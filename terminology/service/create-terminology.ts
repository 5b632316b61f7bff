import type { TerminologyService } from '../terminology-service.ts';
export function createTerminology(): TerminologyService {
  const unknown = { membership: 'unknown' as const, wrongDisplay: false, unknown: [], message: '' };
  return {
    validateCode: () => unknown,
    validateInSystem: () => unknown,
    expand: () => ({ problem: 'not-found', message: '' }),
    lookup: () => undefined,
    subsumes: () => undefined,
    translate: () => [],
    knows: () => false,
    add: () => undefined,
  };
}
