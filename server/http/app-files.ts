/**
 * The SMART app's static files under `/app`, with its configuration and a policy that lets only registered EHRs frame it.
 *
 * Spec: https://www.w3.org/TR/CSP3/
 */
import express, { type Request, type Response, Router } from 'express';

export interface AppFilesOptions {
  /** Folder of the built app. */
  readonly folder: string;
  /** What `/app/config.json` answers; it holds no secret. */
  readonly config: object;
  /** Origins the app calls: the shared service and the EHRs. */
  readonly connectOrigins: readonly string[];
  /** Origins of the EHR pages that may show the app in a frame. */
  readonly frameOrigins: readonly string[];
}

const YEAR_SECONDS = 31_536_000;

/** Serves the app's files; what is not there is passed on. Hashed assets may be kept for a year, pages are asked for anew. */
export function appFiles(options: AppFilesOptions): Router {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    // Mantine writes its theme as style elements; there is no script in the page that could use them to read anything.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${["'self'", ...options.connectOrigins].join(' ')}`,
    `frame-ancestors ${["'self'", ...options.frameOrigins].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const router = Router();
  router.use((_request: Request, response: Response, next) => {
    response.set({ 'Content-Security-Policy': policy, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' });
    next();
  });
  router.get('/config.json', (_request: Request, response: Response) => {
    response.set('Cache-Control', 'no-cache').json(options.config);
  });
  router.use(
    express.static(options.folder, {
      setHeaders: (response, path) => {
        const hashed = /[\\/]assets[\\/]/.test(path);
        response.setHeader('Cache-Control', hashed ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache');
      },
    }),
  );
  return router;
}
