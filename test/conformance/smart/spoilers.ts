/** The ways in which a front spoils a server. */
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { fetchClientToken } from '../../../server/auth/client-token.ts';
import type { Message, Reply, Spoiler } from './front.ts';
import type { Servers } from './servers.ts';

/** Members that are otherwise; one that is undefined is taken out. */
type Changes = Readonly<Record<string, unknown>>;
type Body = Readonly<Record<string, unknown>>;

/** Whether a message is for a route: the end of its path. */
export const at = (message: Message, route: string): boolean => new URL(message.path, 'http://x').pathname.endsWith(route);

/** Changes the parameters of a request, wherever they stand. */
export function parameters(message: Message, change: (given: URLSearchParams) => void): void {
  const url = new URL(message.path, 'http://x');
  const given = message.method === 'POST' ? new URLSearchParams(message.body) : url.searchParams;
  change(given);
  if (message.method === 'POST') message.body = given.toString();
  else message.path = `${url.pathname}?${given}`;
}

/** Changes what is asked at a route. */
export function asking(route: string, change: (given: URLSearchParams) => void): Spoiler {
  return {
    request(message) {
      if (at(message, route)) parameters(message, change);
    },
  };
}

/** Changes the text of requests whose path or body holds `marker`. */
export function rewriting(marker: string, change: (body: string) => string): Spoiler {
  return {
    request(message) {
      if (message.path.includes(marker) || message.body.includes(marker)) message.body = change(message.body);
    },
  };
}

/** Answers at a route in place of the server. */
export function answering(when: (message: Message) => boolean, status: number, body = ''): Spoiler {
  return { answer: (message) => (when(message) ? { status, headers: {}, body } : undefined) };
}

/** Sets a header of every answer (at a route), or takes it out. */
export function header(name: string, value: string | undefined, route = ''): Spoiler {
  return {
    reply(reply, sent) {
      if (at(sent, route)) reply.headers[name.toLowerCase()] = value;
    },
  };
}

/** Changes the JSON of an answer at a route. */
export function json(route: string, change: (body: Body, sent: Message, reply: Reply) => Changes | Promise<Changes>): Spoiler {
  return {
    async reply(reply, sent) {
      if (!at(sent, route) || !reply.body.startsWith('{')) return;
      const body = JSON.parse(reply.body) as Body;
      reply.body = JSON.stringify({ ...body, ...(await change(body, sent, reply)) });
    },
  };
}

export const configuration = (changes: Changes): Spoiler => json('/.well-known/smart-configuration', () => changes);

/** Changes token responses. */
export function tokens(change: (body: Body, sent: Message) => Changes | Promise<Changes>): Spoiler {
  return json('/token', (body, sent, reply) => (reply.status === 200 ? change(body, sent) : {}));
}

export const isRefresh = (sent: Message): boolean => sent.body.includes('grant_type=refresh_token');

/** Changes the redirect to the app. */
export function redirect(change: (location: URL) => void): Spoiler {
  return {
    reply(reply) {
      const location = URL.parse(String(reply.headers.location ?? ''));
      if (location?.host !== 'app.example') return;
      change(location);
      reply.headers.location = location.href;
    },
  };
}

/** Sends the code wherever the request wanted it. */
export function redirectingAnywhere(registered: string): Spoiler {
  let asked: string | undefined;
  return {
    request(message) {
      if (!at(message, '/authorize')) return;
      parameters(message, (given) => {
        asked = given.get('redirect_uri')?.split('#')[0];
        given.set('redirect_uri', registered);
      });
    },
    reply(reply) {
      const [address, query] = String(reply.headers.location ?? '').split('?');
      if (asked !== undefined && address === registered) reply.headers.location = `${asked}?${query}`;
    },
  };
}

/** Answers a form that comes again as it answered the first time. */
export function remembering(name: string): Spoiler {
  const answers = new Map<string, Reply>();
  const key = (message: Message) => (at(message, '/token') ? (new URLSearchParams(message.body).get(name) ?? '') : '');
  return {
    answer: (message) => answers.get(key(message)),
    reply(reply, sent) {
      if (key(sent) !== '' && reply.status === 200) answers.set(key(sent), { ...reply, headers: { ...reply.headers } });
    },
  };
}

/** Id_tokens of a server that signs what it likes, with a key that it publishes (or not). */
export async function signing(change: (claims: JWTPayload, tokenResponse: Body) => Changes, publish = true): Promise<Spoiler> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const key: JWK = { ...(await exportJWK(publicKey)), kid: 'spoilt', alg: 'RS256', use: 'sig' };
  return json('', async (body, sent, reply) => {
    if (publish && at(sent, '/jwks')) return { keys: [key] };
    if (!at(sent, '/token') || reply.status !== 200 || typeof body.id_token !== 'string') return {};
    const claims = JSON.parse(Buffer.from(body.id_token.split('.')[1]!, 'base64url').toString()) as JWTPayload;
    const changed = Object.fromEntries(Object.entries({ ...claims, ...change(claims, body) }).filter(([, value]) => value !== undefined));
    const token = await new SignJWT(changed).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'spoilt' }).sign(privateKey);
    return { id_token: token };
  });
}

/** A token of the hospital that opens everything, as a server uses it that does not look at what it is shown. */
export async function masterToken(servers: Servers): Promise<string> {
  const { clients, fhirBaseUrl } = servers.suiteConfig('hospital');
  const tokenUrl = `${fhirBaseUrl.replace(/\/fhir$/, '')}/auth/token`;
  return (await fetchClientToken({ tokenUrl, ...clients.backend! })).accessToken;
}

/** Opens the FHIR API to requests with a token, or to those without. */
export async function opening(servers: Servers, to: 'any token' | 'no token'): Promise<Spoiler> {
  const master = await masterToken(servers);
  return {
    request(message) {
      const isFhir = /\/fhir(\/|\?|$)/.test(message.path) && !/\/(\.well-known|metadata)/.test(message.path);
      const isMeant = (message.headers.authorization === undefined) === (to === 'no token');
      if (isFhir && isMeant) message.headers.authorization = `Bearer ${master}`;
    },
  };
}
