/** One authorization server for all tests of a file, with a database of its own. */
import { afterAll, beforeAll } from 'vitest';
import type { AuthorizationServerOptions } from '../../server/auth/authorization-server.ts';
import { openFileState, type SmartServer, startSmartServer } from './smart-server.ts';

/** Starts it before the tests of the file, hands it to `started`, and closes it after them. */
export function oneSmartServer(started: (smart: SmartServer) => void, options: Partial<AuthorizationServerOptions> = {}): void {
  let close = async (): Promise<void> => undefined;
  beforeAll(async () => {
    const opened = await openFileState();
    const smart = await startSmartServer(opened.state, options);
    close = async () => {
      await smart.close();
      await opened.close();
    };
    started(smart);
  });
  afterAll(() => close());
}
