/** What a write is decided by [R4 http#concurrency]. */
import { describe, expect, it } from 'vitest';
import { decideWrite } from '../../server/interactions/decide-write.ts';
import type { PlannedWrite } from '../../server/interactions/planned-write.ts';
import type { StoredVersion } from '../../server/store/resource-store.ts';

/** A version whose text would have to be read first. */
function unread(method: StoredVersion['method']): StoredVersion {
  return {
    type: 'Goal',
    id: 'g',
    versionId: 2,
    lastUpdatedMs: 0,
    method,
    get json(): never {
      throw new Error('The text was asked for');
    },
  };
}

const planned = (kind: PlannedWrite['kind'], ifMatch?: readonly string[]): PlannedWrite => ({
  kind,
  type: 'Goal',
  id: 'g',
  newId: 'g',
  within: { op: 'all' },
  returns: 'minimal',
  ...(ifMatch === undefined ? {} : { ifMatch }),
});

describe('the text of the version before', () => {
  it.each(['update', 'patch', 'delete'] as const)('is not asked for to decide an %s of what is there', (kind) => {
    const decide = (ifMatch?: readonly string[]) => decideWrite(planned(kind, ifMatch), { current: unread('PUT'), visible: true });
    expect(decide(['2']).act).toBe(kind === 'delete' ? 'delete' : 'put');
    expect(() => decide(['1'])).toThrow(expect.objectContaining({ status: 412 }));
    expect(() => decide()).toThrow(expect.objectContaining({ status: 428 }));
  });

  it('is not asked for to decide of what has been deleted', () => {
    const decide = (kind: PlannedWrite['kind']) => decideWrite(planned(kind), { current: unread('DELETE'), visible: true });
    expect(decide('update')).toMatchObject({ act: 'put', isNew: true });
    expect(() => decide('patch')).toThrow(expect.objectContaining({ status: 410 }));
    expect(decide('delete')).toEqual({ act: 'delete', versions: [] });
  });
});
