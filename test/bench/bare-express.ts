/**
 * The yardstick: a bare Express server that sends the bytes it was given, or parses a body and answers with it. Started
 * as a process of its own: `node bare-express.ts FILE`, where FILE is JSON of path → body; prints its port.
 */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import express from 'express';

const bodies = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Record<string, string>;
const app = express();
app.get('/bytes/:name', (request, response) => {
  response.type('application/fhir+json').send(bodies[request.params.name] ?? '');
});
app.post('/parse', express.json({ limit: '10mb', type: () => true }), (request, response) => {
  response.status(201).type('application/fhir+json').send(JSON.stringify(request.body));
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
// It waits for its turn longer than connections are kept by default, and the load would meet one that has just been closed.
server.keepAliveTimeout = 60_000;
