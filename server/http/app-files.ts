/**
 * The SMART app's static files under `/app`, with its configuration and a policy that lets only registered EHRs frame it.
 *
 * Spec: https://www.w3.org/TR/CSP3/ and https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3 (Accept-Encoding)
 */
import { existsSync, readdirSync } from 'node:fs';
import { sep } from 'node:path';
import express, { type Request, type RequestHandler, type Response, Router } from 'express';

/** What may change while the service runs. */
export interface AppSetting {
  /** What `/app/config.json` answers; it holds no secret. */
  readonly config: object;
  /** Origins the app calls: the shared service and the EHRs. */
  readonly connectOrigins: readonly string[];
  /** Origins of the EHR pages that may show the app in a frame. */
  readonly frameOrigins: readonly string[];
}

const YEAR_SECONDS = 31_536_000;

/** What the build has made of each file, the smallest first. */
const ENCODINGS = [
  { name: 'br', ending: '.br' },
  { name: 'gzip', ending: '.gz' },
] as const;

/**
 * Serves the app's files from `folder`, where it is built; what is not there is passed on. Hashed assets may be kept for a
 * year, pages are asked for anew. They are sent as the build has compressed them where the browser takes that: they are the
 * same for everybody, and hold nothing that was asked for.
 */
export function appFiles(folder: string, setting: () => AppSetting): Router {
  const router = Router();
  router.use((_request: Request, response: Response, next) => {
    response.set('Content-Security-Policy', policyOf(setting()));
    next();
  });
  router.get('/config.json', (_request: Request, response: Response) => {
    response.set('Cache-Control', 'no-cache').json(setting().config);
  });
  const files = express.static(folder, {
    setHeaders: (response, path) => {
      const hashed = /[\\/]assets[\\/]/.test(path);
      response.setHeader('Cache-Control', hashed ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache');
    },
  });
  router.use(compressed(folder, files), files);
  return router;
}

/** Lets `files` send the compressed file in the place of the one that is asked for. */
function compressed(folder: string, files: RequestHandler): RequestHandler {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  const built: ReadonlySet<string> = new Set(names.map((name) => `/${name.split(sep).join('/')}`));
  return (request, response, next) => {
    const path = request.path === '/' ? '/index.html' : request.path;
    if (!built.has(path)) return next();
    response.vary('Accept-Encoding');
    const encoding = ENCODINGS.find(({ name, ending }) => built.has(path + ending) && request.acceptsEncodings(name) === name);
    if (encoding === undefined) return next();
    const { url } = request;
    response.type(path.slice(path.lastIndexOf('.'))).set('Content-Encoding', encoding.name);
    request.url = path + encoding.ending;
    return files(request, response, (error?: unknown) => {
      // Gone since the start, or not to be sent as it was asked for: what is said instead is not compressed.
      request.url = url;
      for (const name of ['Content-Encoding', 'Cache-Control']) response.removeHeader(name);
      next(error);
    });
  };
}

function policyOf({ connectOrigins, frameOrigins }: AppSetting): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    // Mantine writes its theme as style elements; there is no script in the page that could use them to read anything.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${["'self'", ...new Set(connectOrigins)].join(' ')}`,
    `frame-ancestors ${["'self'", ...new Set(frameOrigins)].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
