/**
 * `/healthz`: the process lives. `/readyz`: it can serve, which it cannot while it stops or its store is out of reach.
 */
import { type Request, type Response, Router } from 'express';

export interface Health {
  /** Rejects with the reason when the service cannot serve. */
  ready(): Promise<void>;
}

/** Routes `/healthz` and `/readyz`. */
export function healthRoutes(health: Health): Router {
  const router = Router();
  router.get('/healthz', (_request: Request, response: Response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });
  router.get('/readyz', async (_request: Request, response: Response) => {
    const ready = await health.ready().then(
      () => true,
      () => false,
    );
    response
      .status(ready ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ status: ready ? 'ready' : 'not ready' });
  });
  return router;
}
