/**
 * A bare Express server of plans for the yardsticks of writes: `POST /CarePlan`, `GET` and `PUT /CarePlan/ID`. It parses a
 * body, gives it id and version, has it stored and answers with it; it validates nothing and knows no rights.
 */
import { randomUUID } from 'node:crypto';
import express, { type Express } from 'express';
import type { Resource } from '../../server/fhir/resource.ts';
import { serve } from './bare-server.ts';

/** What one request comes to. */
export interface PlanToStore {
  readonly id: string;
  /** The plan that was there before whose index rows are those of this one; itself in an update. */
  readonly like: string;
  readonly versionId: number;
  readonly nowMs: number;
  readonly json: string;
  /** A text as long as the product's. */
  readonly journal: string;
}

type PlanBody = Resource & { id: string; readonly subject: { readonly reference: string } };

/** What a row of the journal holds for one access, about as long as the product's. */
export const JOURNAL = JSON.stringify({ atMs: Date.now(), records: [{ caller: 'bare', what: ''.padEnd(240, 'x') }] });

/** Answers on a free port, which it prints. @param store is given the plan as text and as it was parsed; resolves when the rows are on disk. */
export function servePlans(store: (plan: PlanToStore, parsed: Resource) => Promise<void>): Express {
  const stored = async (body: PlanBody, id: string, versionId: number): Promise<string> => {
    const nowMs = Date.now();
    body.id = id;
    body.meta = { ...body.meta, versionId: String(versionId), lastUpdated: new Date(nowMs).toISOString() };
    const like = versionId > 1 ? id : `${body.subject.reference.slice('Patient/'.length)}-plan`;
    const json = JSON.stringify(body);
    await store({ id, like, versionId, nowMs, json, journal: JOURNAL }, body);
    return json;
  };
  const versions = new Map<string, number>();
  const versionOf = (id: string): number => versions.get(id) ?? 1;
  const etag = (id: string): string => `W/"${versionOf(id)}"`;
  const parse = express.json({ limit: '10mb', type: () => true });
  const app = express();
  app.set('etag', false);
  app.post('/CarePlan', parse, (request, response, next) => {
    stored(request.body, randomUUID(), 1).then((json) => void response.status(201).type('application/fhir+json').send(json), next);
  });
  app.get('/CarePlan/:id', ({ params: { id } }, response) => void response.set('ETag', etag(id)).json({}));
  app.put('/CarePlan/:id', parse, (request, response, next) => {
    const { id } = request.params as { id: string };
    if (request.get('If-Match') !== etag(id)) return void response.status(412).send();
    versions.set(id, versionOf(id) + 1);
    stored(request.body, id, versionOf(id)).then((json) => {
      response.set('ETag', etag(id)).type('application/fhir+json').send(json);
    }, next);
  });
  serve(app);
  return app;
}
