import { afterEach, describe, expect, it, vi } from 'vitest';
import { newBackendClient, tokensOf } from './backend-client.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** Gives the tokens t1, t2, … each good for five minutes; the first `failures` requests are refused. */
function tokenEndpoint(failures = 0): void {
  let asked = 0;
  vi.stubGlobal('fetch', async () => {
    asked += 1;
    if (asked <= failures) return Response.json({ error: 'invalid_client' }, { status: 401 });
    return Response.json({ access_token: `t${asked - failures}`, expires_in: 300, scope: 'system/*.cruds' });
  });
}

const tokens = async () => tokensOf({ ...(await newBackendClient('bench')), tokenUrl: 'http://localhost/auth/token' });

describe('the tokens of the benchmark', () => {
  it('are used until a minute before they end, and asked for once by all who wait', async () => {
    tokenEndpoint();
    const take = await tokens();
    vi.useFakeTimers({ toFake: ['performance'] });
    expect(await Promise.all([take(), take()])).toEqual(['t1', 't1']);
    vi.advanceTimersByTime(239_000);
    expect(await take()).toBe('t1');
    vi.advanceTimersByTime(2_000);
    expect(await take()).toBe('t2');
  });

  it('are asked for again after a refusal', async () => {
    tokenEndpoint(1);
    const take = await tokens();
    await expect(take()).rejects.toThrow('No token for bench: invalid_client');
    expect(await take()).toBe('t1');
  });
});
