/**
 * The library's storage port on the project's own `StateStore`, so that codes, grants and tokens live beside the plans
 * on either database and several processes can serve one issuer. What may happen once (redeeming a code, rotating a
 * refresh token, using a client assertion) is decided by the store, not by a read before a write.
 */
import { type Adapter, errors, type StoredPayload } from 'oidc-provider';
import type { StateEntry, StateStore } from '../store/state-store.ts';

/** Models the library would keep for its cookies; no request here has one, so nothing of them is written. */
const NEVER_KEPT: ReadonlySet<string> = new Set(['Session', 'Interaction']);
/** Models that are revoked with their grant. */
const OF_A_GRANT: ReadonlySet<string> = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken']);

/** The kind under which entries of a model are kept, each issuer for itself. All access tokens are one kind, so that one look finds any. */
export function stateKind(issuerName: string, model: string): string {
  return `auth/${issuerName}/${model === 'ClientCredentials' ? 'AccessToken' : model}`;
}

/** The group that is removed when a grant is revoked. */
export function grantGroup(issuerName: string, grantId: string): string {
  return `auth/${issuerName}/grant/${grantId}`;
}

/**
 * Adapters for the models of one issuer.
 * A code or refresh token that is consumed twice at the same moment: `invalid_grant` for the later. A client assertion
 * used twice: 401 `invalid_client`.
 */
export function stateAdapter(state: StateStore, issuerName: string): (model: string) => Adapter {
  return (model) => {
    const kind = stateKind(issuerName, model);
    return {
      async upsert(id, payload, expiresInSeconds) {
        if (NEVER_KEPT.has(model)) return;
        const options = {
          ...(expiresInSeconds === undefined ? {} : { expiresAtMs: Date.now() + expiresInSeconds * 1000 }),
          ...(OF_A_GRANT.has(model) && payload.grantId !== undefined ? { group: grantGroup(issuerName, payload.grantId) } : {}),
        };
        if (model === 'ReplayDetection') {
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
        if (await state.consume(kind, id)) return;
        throw model === 'PushedAuthorizationRequest' ? new errors.InvalidRequestUri('used before') : new errors.InvalidGrant('used before');
      },
      async destroy(id) {
        if (!NEVER_KEPT.has(model)) await state.remove(kind, id);
      },
      async revokeByGrantId(grantId) {
        await state.removeGroup(grantGroup(issuerName, grantId));
      },
    };
  };
}

function payloadOf(entry: StateEntry | undefined): StoredPayload | undefined {
  if (entry === undefined) return undefined;
  return entry.consumedAtMs === null ? entry.value : { ...entry.value, consumed: Math.floor(entry.consumedAtMs / 1000) };
}
