/**
 * The yardstick: a bare Express server that sends the bytes it was given, or parses a body and answers with it. Started
 * as a process of its own: `node bare-express.ts FILE`, where FILE is JSON of path → body; prints its port.
 */
import { readFileSync } from 'node:fs';
import express from 'express';
import { serve } from './bare-server.ts';

const bodies = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Record<string, string>;
const app = express();
app.get('/bytes/:name', (request, response) => {
  response.type('application/fhir+json').send(bodies[request.params.name] ?? '');
});
app.post('/parse', express.json({ limit: '10mb', type: () => true }), (request, response) => {
  response.status(201).type('application/fhir+json').send(JSON.stringify(request.body));
});
serve(app);
