/** A plain Node handler among Express's. */
import type { RequestHandler } from 'express';
import type { NodeHandler } from '../auth/node-handler.ts';

/** The handler as Express takes it; what it rejects with goes to the error handler. */
export function nodeRouter(handler: NodeHandler): RequestHandler {
  return (request, response, next) => void handler(request, response).catch(next);
}
