/**
 * The library's storage port on the project's own `StateStore`, so that codes, grants and tokens live beside the plans
 * on either database and several processes can serve one issuer. What may happen once (redeeming a code, rotating a
 * refresh token, using a client assertion) is decided by the store, not by a read before a write.
 */
import { type Adapter, errors, type StoredPayload } from 'oidc-provider';
import type { StateEntry, StateStore } from '../store/state-store.ts';
import { CLOCKS_DIFFER_SECONDS } from './time-window.ts';

/** Models the library would keep for its cookies; no request here has one, so nothing of them is written. */
const NEVER_KEPT: ReadonlySet<string> = new Set(['Session', 'Interaction']);
/** Models that are revoked with their grant. */
const OF_A_GRANT: ReadonlySet<string> = new Set(['AccessToken', 'AuthorizationCode', 'Grant', 'RefreshToken']);

/** The kind under which entries of a model are kept, each issuer for itself. All access tokens are one kind, so that one look finds any. */
export function stateKind(issuerName: string, model: string): string {
  return `auth/${issuerName}/${model === 'ClientCredentials' ? 'AccessToken' : model}`;
}

/** The group that is removed when a grant is revoked. */
export function grantGroup(issuerName: string, grantId: string): string {
  return `auth/${issuerName}/grant/${grantId}`;
}

/** Where the context of a grant is kept. It goes with the group of the grant. */
export function grantContextKind(issuerName: string): string {
  return stateKind(issuerName, 'grant-context');
}

/**
 * Ends a grant: its access tokens, refresh tokens and codes are refused from now on. The first step removes all there is,
 * so that nothing is good any more should this process end in between. One that another process is issuing at this moment
 * is kept either before the second step, which removes it, or after the first, whose issuer finds the context gone before
 * it answers.
 */
export async function endGrant(state: StateStore, issuerName: string, grantId: string): Promise<void> {
  await state.removeGroup(grantGroup(issuerName, grantId));
  await state.removeGroup(grantGroup(issuerName, grantId));
}

/**
 * Adapters for the models of one issuer.
 * A code or refresh token that is used twice, be it at the same moment: `invalid_grant`, and all of its grant ends, for
 * nobody can say which of the two was the client. A client assertion used twice: 401 `invalid_client`.
 * @param consume when codes and refresh tokens are used up: left out, when the library says so.
 */
export function stateAdapter(
  state: StateStore,
  issuerName: string,
  consume: (use: () => Promise<void>) => Promise<void> = (use) => use(),
): (model: string) => Adapter {
  return (model) => {
    const kind = stateKind(issuerName, model);
    return {
      async upsert(id, payload, expiresInSeconds) {
        if (NEVER_KEPT.has(model)) return;
        const isMark = model === 'ReplayDetection';
        const grantId = model === 'Grant' ? id : payload.grantId;
        const keptSeconds = (expiresInSeconds ?? 0) + (isMark ? CLOCKS_DIFFER_SECONDS : 0);
        const options = {
          ...(expiresInSeconds === undefined ? {} : { expiresAtMs: Date.now() + keptSeconds * 1000 }),
          ...(OF_A_GRANT.has(model) && grantId !== undefined ? { group: grantGroup(issuerName, grantId) } : {}),
        };
        if (isMark) {
          if (!(await state.insertIfAbsent(kind, id, payload, options))) throw new errors.InvalidClientAuth('assertion used before');
          return;
        }
        await state.put(kind, id, payload, options);
      },
      async find(id) {
        return NEVER_KEPT.has(model) ? undefined : payloadOf(await state.get(kind, id));
      },
      async findByUid() {
        return undefined;
      },
      async findByUserCode() {
        return undefined;
      },
      async consume(id) {
        if (model === 'PushedAuthorizationRequest') {
          if (!(await state.consume(kind, id))) throw new errors.InvalidRequestUri('used before');
          return;
        }
        await consume(async () => {
          if (await state.consume(kind, id)) return;
          const grantId = (await state.get(kind, id))?.value.grantId;
          if (typeof grantId === 'string') await endGrant(state, issuerName, grantId);
          throw new errors.InvalidGrant('used before');
        });
      },
      async destroy(id) {
        if (!NEVER_KEPT.has(model)) await state.remove(kind, id);
      },
      /** Asked of each model in turn; with the tokens all the others go. */
      async revokeByGrantId(grantId) {
        if (model === 'AccessToken') await endGrant(state, issuerName, grantId);
      },
    };
  };
}

function payloadOf(entry: StateEntry | undefined): StoredPayload | undefined {
  if (entry === undefined) return undefined;
  return entry.consumedAtMs === null ? entry.value : { ...entry.value, consumed: Math.floor(entry.consumedAtMs / 1000) };
}
