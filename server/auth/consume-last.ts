/**
 * Codes and refresh tokens are used up last, when all that is had for them is kept and told of. Whoever is told to come
 * again before that has them still; used up first, they would come back as stolen, and end the session.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc9700#section-4.14
 */
import Provider, { type KoaContext } from 'oidc-provider';

const waiting = new WeakMap<KoaContext, () => Promise<void>>();

/** Puts `consume` off to the end of the request that is answered; outside of one it is done at once. @throws what `consume` throws. */
export async function consumeLast(consume: () => Promise<void>): Promise<void> {
  const { ctx } = Provider;
  if (ctx === undefined) await consume();
  else waiting.set(ctx, consume);
}

/** Does what was put off in this request. @throws what it throws: `invalid_grant` when somebody else was first. */
export async function consumeNow(ctx: KoaContext): Promise<void> {
  await waiting.get(ctx)?.();
}
