/** Servers whose authorization endpoint is wrong in one thing, and the checks that must say so. */
import type { Message, Spoiler } from './front.ts';
import type { Servers } from './servers.ts';
import { answering, asking, at, json, parameters, redirect, redirectingAnywhere, remembering, tokens } from './spoilers.ts';
import type { Spoilt } from './spoilt-servers.ts';

const REDIRECT = 'https://app.example/callback';

/** Takes what is missing or wrong in an authorization request for what a good one has. */
function repairing(repairs: Readonly<Record<string, string>>): Spoiler {
  return asking('/authorize', (given) => {
    for (const [name, value] of Object.entries(repairs)) given.set(name, value);
  });
}

/** Makes a launch of its own in place of the one that came, for the client that came with it. */
function launchingAnything(servers: Servers): Spoiler {
  return {
    async request(message: Message) {
      const given = new URL(message.path, 'http://x').searchParams;
      if (!at(message, '/authorize') || !given.has('launch')) return;
      const url = `${servers.front.origin}/launch/hospital?client=${given.get('client_id')}&patient=p1`;
      const fresh = (await (await fetch(url)).json()) as { launch: string };
      parameters(message, (parts) => parts.set('launch', fresh.launch));
    },
  };
}

export const SPOILT_AUTHORIZATION: readonly Spoilt[] = [
  {
    wrong: 'launches as another server',
    spoiler: () => json('/launch/hospital', () => ({ iss: 'https://elsewhere.example/fhir' })),
    found: ['ehr-launch-iss'],
  },
  {
    wrong: 'sends the browser back without a code',
    spoiler: () => redirect((location) => location.searchParams.delete('code')),
    found: ['ehr-launch-code', 'ehr-launch-post', 'standalone-launch-code', 'standalone-launch-post'],
  },
  {
    wrong: 'has one state and one code for all',
    spoiler: () =>
      redirect(({ searchParams }) => {
        searchParams.set('state', 'same');
        searchParams.set('code', 'same');
      }),
    found: ['authorization-state-apart', 'authorization-code-fresh'],
  },
  {
    wrong: 'has errors of its own making',
    spoiler: () =>
      redirect(({ searchParams }) => {
        if (searchParams.has('error')) searchParams.set('error', 'oops');
      }),
    found: ['authorization-error-code'],
  },
  {
    wrong: 'gives a code whatever is asked for',
    spoiler: () => repairing({ response_type: 'code' }),
    found: ['authorization-response-type-token', 'authorization-response-type-missing', 'authorization-response-type-unknown'],
  },
  {
    wrong: 'does not ask which app it is',
    spoiler: () => repairing({ client_id: 'public-app' }),
    found: ['authorization-client-missing', 'authorization-client-unknown', 'authorization-parameter-twice'],
  },
  {
    wrong: 'takes the first of two addresses',
    spoiler: () => repairing({ redirect_uri: REDIRECT }),
    found: ['authorization-redirect-twice'],
  },
  {
    wrong: 'takes nonsense for all there is',
    spoiler: () => repairing({ scope: 'launch patient/*.rs' }),
    found: ['authorization-scope-unknown-only'],
  },
  {
    wrong: 'redirects to whatever begins as the registered address does',
    spoiler: () => redirectingAnywhere(REDIRECT),
    found: ['authorization-redirect-more-query', 'authorization-redirect-user-info', 'authorization-redirect-fragment'],
  },
  {
    wrong: 'takes any launch for its own',
    spoiler: launchingAnything,
    found: ['authorization-launch-invented', 'authorization-launch-other-client'],
  },
  {
    wrong: 'grants whatever exists or not',
    spoiler: () => tokens(({ scope }) => ({ scope: `${scope} system/*.rs patient/Nonsense.everything` })),
    found: ['authorization-no-system-scope', 'authorization-no-invented-scope', 'token-no-more-scopes'],
  },
  {
    wrong: 'shows its pages although none are wanted',
    spoiler: () => asking('/authorize', (given) => given.delete('prompt')),
    found: ['sign-in-prompt-none'],
  },
  {
    wrong: 'refuses pushed requests',
    spoiler: () => answering((message) => at(message, '/par'), 400, '{"error":"invalid_request"}'),
    found: ['pushed-request', 'pushed-request-code'],
  },
  {
    wrong: 'takes pushed requests to any address',
    spoiler: () => asking('/par', (given) => given.set('redirect_uri', REDIRECT)),
    found: ['pushed-request-redirect'],
  },
  {
    wrong: 'takes a pushed request as often as it comes, and any',
    spoiler: pushingAnew,
    found: ['pushed-request-once', 'pushed-request-invented'],
  },
  {
    wrong: 'gives the same tokens to two who bring a code at the same time',
    spoiler: () => {
      const first = remembering('code');
      const waiting = new Map<string, PromiseWithResolvers<void>>();
      const codeOf = (message: Message) => (at(message, '/token') ? (new URLSearchParams(message.body).get('code') ?? '') : '');
      return {
        async answer(message) {
          const code = codeOf(message);
          if (code === '') return undefined;
          await waiting.get(code)?.promise;
          if (!waiting.has(code)) waiting.set(code, Promise.withResolvers());
          return first.answer?.(message);
        },
        async reply(reply, sent) {
          await first.reply?.(reply, sent);
          waiting.get(codeOf(sent))?.resolve();
        },
      };
    },
    found: ['token-code-race'],
  },
];

/** Pushes the last request again in place of one that was used or never made. */
function pushingAnew(servers: Servers): Spoiler {
  let last: { readonly form: string; readonly headers: Message['headers'] } | undefined;
  return {
    async request(message) {
      if (at(message, '/par')) last = { form: message.body, headers: message.headers };
      const uri = new URL(message.path, 'http://x').searchParams.get('request_uri');
      if (!at(message, '/authorize') || uri === null || last === undefined) return;
      const form = new URLSearchParams(last.form);
      const launched = await fetch(`${servers.front.origin}/launch/hospital?client=${form.get('client_id')}&patient=p1`);
      form.set('launch', ((await launched.json()) as { launch: string }).launch);
      const pushed = await fetch(`${servers.front.origin}/ehr/hospital/auth/par`, { method: 'POST', body: form });
      const fresh = (await pushed.json()) as { request_uri: string };
      parameters(message, (given) => given.set('request_uri', fresh.request_uri));
    },
  };
}
