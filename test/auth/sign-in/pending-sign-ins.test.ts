import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { pendingSignIns } from '../../../server/auth/sign-in/pending-sign-ins.ts';
import { onEachDatabase } from '../../support/stores.ts';

const WAITING = { clientId: 'app', redirectUri: 'https://app.example/', query: 'x=y', scopes: ['openid'], language: 'nb' } as const;
const MANY = 20;

onEachDatabase('a sign-in under way', (open) => {
  async function begun() {
    const { state } = await open();
    const signIns = pendingSignIns(state, 'test', 'https://plan.example/auth');
    const { id, cookie } = await signIns.begin(WAITING);
    const request = { headers: { cookie: cookie.split(';')[0] } } as IncomingMessage;
    const pending = (await signIns.of(id, request))!;
    return { signIns, id, request, pending };
  }

  it('is ended by one of many forms sent at once, and kept alive by none that comes too late', async () => {
    const { signIns, id, request, pending } = await begun();
    const late = { ...pending, user: { accountId: 'Patient/ida', name: 'Ida' } };
    const sent = Array.from({ length: MANY }, (_, nth) => (nth % 2 === 0 ? signIns.end(pending) : signIns.keep(late)));
    expect((await Promise.all(sent)).filter((ended) => ended === true)).toHaveLength(1);
    await signIns.keep(late);
    expect(await signIns.of(id, request)).toBeUndefined();
    expect(await signIns.end(pending)).toBe(false);
  });

  it('takes the answer of a provider once, and that of a further attempt once again', async () => {
    const { signIns, pending } = await begun();
    for (const nonce of ['one', 'two']) {
      const answered = { ...pending, external: { nonce } };
      const taken = await Promise.all(Array.from({ length: MANY }, () => signIns.answer(answered)));
      expect(taken.filter(Boolean)).toHaveLength(1);
    }
  });
});
