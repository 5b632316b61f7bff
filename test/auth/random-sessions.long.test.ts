/**
 * Many sessions side by side, used, renewed, replayed and ended at random and at any process: what has ended is dead
 * everywhere, and nothing else is.
 */
import { expect, it } from 'vitest';
import { type Below, wholeFrom } from '../support/random.ts';
import { onSeveralProcesses } from './several-processes.ts';
import { authorize, mint, post, redeem, type SmartServer, type TokenAnswer } from './smart-server.ts';

const SIDE_BY_SIDE = 10;
const EACH = 6;

/** What happens to a session in the end, all at once; whether it outlives it. */
type Ending = readonly [outlives: boolean, what: (deeds: Deeds) => readonly Promise<TokenAnswer>[]];

interface Deeds {
  renew(): Promise<TokenAnswer>;
  replayCode(): Promise<TokenAnswer>;
  revoke(which: 'access' | 'refresh'): Promise<TokenAnswer>;
}

const ENDINGS: readonly Ending[] = [
  [true, () => []],
  [true, ({ renew }) => [renew()]],
  [false, ({ renew }) => [renew(), renew(), renew()]],
  [false, ({ renew, revoke }) => [renew(), revoke('access')]],
  [false, ({ renew, revoke }) => [renew(), revoke('refresh')]],
  [false, ({ renew, replayCode }) => [renew(), replayCode()]],
  [false, ({ renew, revoke, replayCode }) => [revoke('refresh'), renew(), replayCode()]],
];

onSeveralProcesses('sessions at random', (started) => {
  const isGood = ({ authenticator }: SmartServer, token: unknown) =>
    authenticator.authenticate(`Bearer ${token}`).then(
      () => true,
      () => false,
    );

  /** One session from its launch to its end. @returns whether it lives on. */
  async function oneSession(random: Below): Promise<boolean> {
    const { servers } = started();
    const any = () => servers[random(servers.length)]!;
    const late = () => new Promise((resolve) => setTimeout(resolve, random(12)));
    const { code } = await authorize(any(), { launch: await mint(any()) });
    const renew = (token: unknown) =>
      post(any(), '/token', { grant_type: 'refresh_token', refresh_token: String(token), client_id: 'public-app' });
    let { body } = await redeem(any(), code!);
    const given = [body.access_token];
    for (let times = random(3); times > 0; times -= 1) {
      ({ body } = await renew(body.refresh_token));
      given.push(body.access_token);
    }
    const { refresh_token: refreshToken } = body;
    const [outlives, what] = ENDINGS[random(ENDINGS.length)]!;
    const done = await Promise.all(
      what({
        renew: () => late().then(() => renew(refreshToken)),
        replayCode: () => late().then(() => redeem(any(), code!)),
        revoke: (which) =>
          late().then(() =>
            post(any(), '/revoke', { token: String(which === 'access' ? given[0] : refreshToken), client_id: 'public-app' }),
          ),
      }),
    );
    const won = done.filter(({ status, body: answered }) => status === 200 && answered.access_token !== undefined);
    expect(won.length).toBeLessThanOrEqual(1);
    for (const token of [...given, ...won.map((answer) => answer.body.access_token)]) {
      expect(await isGood(any(), token), `${what}`).toBe(outlives);
    }
    if (!outlives) for (const answer of won) expect((await renew(answer.body.refresh_token)).body.error).toBe('invalid_grant');
    return outlives;
  }

  it.each([1, 2, 3])('end for good or not at all [seed %i]', async (seed) => {
    const random = wholeFrom(seed);
    const several = async (): Promise<readonly boolean[]> => {
      const outlived: boolean[] = [];
      for (let nth = 0; nth < EACH; nth += 1) outlived.push(await oneSession(random));
      return outlived;
    };
    const outlived = (await Promise.all(Array.from({ length: SIDE_BY_SIDE }, several))).flat();
    const { states } = started();
    expect(await states[0].list('auth/test/grant-context', 1000)).toHaveLength(outlived.filter(Boolean).length);
  });
});
