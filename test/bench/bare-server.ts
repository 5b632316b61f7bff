/** How the bare servers of the benchmark listen: on a free port of this machine, which they print. */
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';

export function serve(app: Express): void {
  const server = app.listen(0, '127.0.0.1', () => {
    process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
  });
  // It waits for its turn longer than connections are kept by default, and the load would meet one that has just been closed.
  server.keepAliveTimeout = 60_000;
}
