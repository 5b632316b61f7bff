import { describe, expect, test } from 'vitest';
import { WindowStorage } from '../../../smart-app/src/smart/window-storage.ts';
import { testWindow } from './scripted-fetch.ts';

/** A frame of another site, where the mere mention of sessionStorage throws. */
const refused = (name = ''): { name: string; readonly sessionStorage: Storage } => ({
  name,
  get sessionStorage(): Storage {
    throw new DOMException('denied', 'SecurityError');
  },
});

describe('what outlives a redirect', () => {
  test('is taken once', () => {
    const storage = new WindowStorage(testWindow());
    storage.hand('a', { verifier: 'v' });
    expect(storage.take('a')).toEqual({ verifier: 'v' });
    expect(storage.take('a')).toBeUndefined();
  });

  test('two launches side by side do not meet', () => {
    const storage = new WindowStorage(testWindow());
    storage.hand('a', 1);
    storage.hand('b', 2);
    expect(storage.take('b')).toBe(2);
    expect(storage.take('a')).toBe(1);
  });

  test('goes by the window’s name where storage is refused, and is wiped when taken', () => {
    const host = refused();
    new WindowStorage(host).hand('a', { verifier: 'v' });
    const afterRedirect = new WindowStorage(host);
    expect(afterRedirect.take('a')).toEqual({ verifier: 'v' });
    expect(host.name).toBe('');
    expect(afterRedirect.take('a')).toBeUndefined();
  });

  test('a name that another page left is not read', () => {
    expect(new WindowStorage(refused('my-frame')).take('a')).toBeUndefined();
    expect(new WindowStorage(refused('fellesplan:{"key":"b","text":"1"}')).take('a')).toBeUndefined();
  });
});

describe('what is kept for a reload', () => {
  test('can be read again until it is forgotten', () => {
    const storage = new WindowStorage(testWindow());
    storage.keep('session', { token: 't' });
    expect(storage.get('session')).toEqual({ token: 't' });
    storage.forget('session');
    expect(storage.get('session')).toBeUndefined();
  });

  test('a sweep forgets what is stale, and leaves what others keep in the window', () => {
    const host = testWindow();
    host.sessionStorage.setItem('not-ours', '{}');
    const storage = new WindowStorage(host);
    storage.keep('old', { age: 9 });
    storage.keep('new', { age: 1 });
    storage.sweep((_key, value) => (value as { age: number }).age > 5);
    expect([storage.get('old'), storage.get('new')]).toEqual([undefined, { age: 1 }]);
    expect(host.sessionStorage.getItem('not-ours')).toBe('{}');
  });

  test('never goes by the window’s name: tokens live in memory alone where storage is refused', () => {
    const host = refused();
    const storage = new WindowStorage(host);
    storage.keep('session', { token: 't' });
    expect(storage.get('session')).toBeUndefined();
    expect(host.name).toBe('');
  });
});
