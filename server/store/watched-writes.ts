/**
 * A store that tells of what was committed through it.
 */
import type { Decided, ResourceStore, ResourceWrite, TransactionPlan } from './resource-store.ts';

/**
 * The same store; `told` is given the writes of each commit before `transact` resolves. It never rejects: what was
 * committed stands, whatever follows from it.
 */
export function watchWrites(store: ResourceStore, told: (writes: readonly ResourceWrite[]) => Promise<void> | void): ResourceStore {
  return {
    ...store,
    async transact<Result>(plan: TransactionPlan<Result>): Promise<Result> {
      let written: readonly ResourceWrite[] = [];
      const result = await store.transact<Result>({
        ...plan,
        build(found): Decided<Result> {
          const decided = plan.build(found);
          written = decided.writes;
          return decided;
        },
      });
      if (written.length > 0) await told(written);
      return result;
    },
  };
}
