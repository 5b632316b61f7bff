/** Runs the same API tests over HTTP on both databases, each test on a fresh one. */
import { afterEach } from 'vitest';
import { onEachStore } from './stores.ts';
import { startTestServer, type TestServer, type TestServerOptions } from './test-server.ts';

export type StartServer = (options?: Omit<TestServerOptions, 'store'>) => Promise<TestServer>;

/** The tests of `define`, once on SQLite and once on PostgreSQL; servers are stopped after each test. */
export function onEachServer(title: string, define: (start: StartServer) => void): void {
  onEachStore(title, (open) => {
    let servers: TestServer[] = [];
    afterEach(async () => {
      const running = servers;
      servers = [];
      await Promise.all(running.map((server) => server.close()));
    });
    define(async (options = {}) => {
      const server = await startTestServer({ store: await open(), ...options });
      servers.push(server);
      return server;
    });
  });
}
