/** Servers that go wrong about keys by URL, brands or TLS, and the checks that must say so. */
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { Message, Spoiler } from './front.ts';
import type { Servers } from './servers.ts';
import { answering, at, configuration, header, json } from './spoilers.ts';
import type { Spoilt } from './spoilt-servers.ts';

type Element = Readonly<Record<string, unknown>>;

const REFUSED = JSON.stringify({ error: 'invalid_client' });
const TOKEN = JSON.stringify({ access_token: 'x', token_type: 'bearer', expires_in: 300, scope: 'system/*.rs' });

/** The assertion in a token request, if it is of a client that is registered by URL. */
function assertionByUrl(message: Message): string | undefined {
  const assertion = at(message, '/token') ? new URLSearchParams(message.body).get('client_assertion') : null;
  return assertion !== null && String(decodeJwt(assertion).sub).startsWith('url-') ? assertion : undefined;
}

const keySetUrl = (servers: Servers) => servers.suiteConfig('hospital').keySet!.url;

/** Asks somewhere before each token request of such a client. */
function asking(what: (assertion: string) => Promise<unknown>): Spoiler {
  return {
    async request(message) {
      const assertion = assertionByUrl(message);
      if (assertion !== undefined) await what(assertion);
    },
  };
}

/** Knows the first key of a client that it was shown, and no later one. */
function knowingFirstKey(): Spoiler {
  let first: unknown;
  return {
    answer(message) {
      const assertion = assertionByUrl(message);
      if (assertion === undefined) return undefined;
      const { kid } = decodeProtectedHeader(assertion);
      first ??= kid;
      return kid === first ? undefined : { status: 401, headers: {}, body: REFUSED };
    },
  };
}

/** Changes the brands: each Organization, or each Endpoint. */
const brands = (type: 'Organization' | 'Endpoint', change: (resource: Element) => Element): Spoiler =>
  json('/brands', ({ entry }) => ({
    entry: (entry as { resource: Element }[]).map((each) =>
      each.resource.resourceType === type ? { ...each, resource: { ...each.resource, ...change(each.resource) } } : each,
    ),
  }));

const absent = (valueCode: string) => ({
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode }],
});
const portal = {
  url: 'http://hl7.org/fhir/StructureDefinition/organization-portal',
  extension: [{ url: 'portalEndpoint', valueReference: { reference: 'Endpoint/other' } }],
};

export const SPOILT_KEYS_AND_BRANDS: readonly Spoilt[] = [
  {
    wrong: 'knows no keys by URL',
    spoiler: () => answering((message) => assertionByUrl(message) !== undefined, 401, REFUSED),
    found: ['keys-by-url-backend', 'keys-by-url-jku', 'token-key-by-url', 'assertion-registered-jku'],
  },
  {
    wrong: 'gives tokens without looking at keys',
    spoiler: () => answering((message) => assertionByUrl(message) !== undefined, 200, TOKEN),
    found: ['keys-by-url-fetched', 'keys-by-url-unpublished', 'keys-by-url-withdrawn', 'keys-by-url-unreachable'],
  },
  {
    wrong: 'shows its credentials where keys are',
    spoiler: (servers) => asking(() => fetch(keySetUrl(servers), { headers: { Authorization: 'Bearer x' } })),
    found: ['keys-by-url-fetched'],
  },
  {
    wrong: 'fetches keys for every request',
    spoiler: (servers) => asking(() => fetch(keySetUrl(servers))),
    found: ['keys-by-url-kept'],
  },
  {
    wrong: 'fetches whatever an assertion names',
    spoiler: () =>
      asking(async (assertion) => {
        const { jku } = decodeProtectedHeader(assertion);
        if (typeof jku === 'string') await fetch(jku);
      }),
    found: ['keys-by-url-other-jku'],
  },
  {
    wrong: 'never learns of a new key',
    spoiler: knowingFirstKey,
    found: ['keys-by-url-rotated', 'keys-by-url-withdrawn-at-once'],
  },
  {
    wrong: 'publishes no brands',
    spoiler: () => configuration({ user_access_brand_bundle: undefined, user_access_brand_identifier: undefined }),
    found: ['brands-announced'],
  },
  {
    wrong: 'publishes brands as something else',
    spoiler: () => json('/brands', () => ({ type: 'searchset', timestamp: undefined })),
    found: ['brands-bundle', 'brands-timestamp'],
  },
  {
    wrong: 'does not know what a reader has',
    spoiler: () => ({
      request(message) {
        message.headers['if-none-match'] = undefined;
      },
    }),
    found: ['brands-not-changed'],
  },
  { wrong: 'marks brands as the same to the byte', spoiler: () => header('ETag', '"1"'), found: ['brands-etag', 'brands-not-changed'] },
  {
    wrong: 'has an Endpoint that is no brand’s',
    spoiler: () => brands('Organization', () => ({ endpoint: undefined })),
    found: ['brands-primary', 'brands-endpoints-used'],
  },
  {
    wrong: 'has a brand with an Endpoint that is not there',
    spoiler: () => brands('Organization', () => ({ endpoint: [{ reference: 'Endpoint/other' }] })),
    found: ['brands-references', 'brands-primary'],
  },
  {
    wrong: 'has a portal with an Endpoint that is not its brand’s',
    spoiler: () => brands('Organization', () => ({ extension: [portal] })),
    found: ['brands-portals'],
  },
  {
    wrong: 'has a brand without a name',
    spoiler: () => brands('Organization', () => ({ name: undefined })),
    found: ['brands-names'],
  },
  {
    wrong: 'has a brand with two websites, and none among its identifiers',
    spoiler: () =>
      brands('Organization', ({ telecom }) => ({
        telecom: [...(telecom as []), ...(telecom as [])],
        identifier: [{ system: 'urn:ietf:rfc:3986', value: 'https://www.fjordheim.example/' }],
      })),
    found: ['brands-names', 'brands-identified', 'brands-identifier-match'],
  },
  {
    wrong: 'has a brand that has its access from itself, by way of itself',
    spoiler: () => brands('Organization', ({ id }) => ({ partOf: { reference: `Organization/${id}` } })),
    found: ['brands-part-of'],
  },
  {
    wrong: 'has an Endpoint of no kind',
    spoiler: () => brands('Endpoint', () => ({ connectionType: undefined })),
    found: ['brands-endpoint-profile'],
  },
  {
    wrong: 'has an Endpoint of no FHIR version, without an address',
    spoiler: () => brands('Endpoint', () => ({ extension: undefined, address: undefined })),
    found: ['brands-endpoint-profile', 'brands-endpoint-addresses', 'brands-own-endpoint'],
  },
  {
    wrong: 'has an Endpoint elsewhere',
    spoiler: () => brands('Endpoint', () => ({ address: 'https://elsewhere.example/fhir' })),
    found: ['brands-own-endpoint'],
  },
  {
    wrong: 'does not know a name that it could have asked for',
    spoiler: () => brands('Organization', () => ({ _name: absent('unknown') })),
    found: ['brands-absent-reasons'],
  },
  {
    wrong: 'tells its primary brand by nothing',
    spoiler: () => configuration({ user_access_brand_identifier: {} }),
    found: ['brands-identifier', 'brands-identifier-system', 'brands-identifier-match'],
  },
  {
    wrong: 'has two brands and tells neither to be the primary one',
    spoiler: () => ({
      async reply(reply, sent) {
        await configuration({ user_access_brand_identifier: undefined }).reply?.(reply, sent);
        await json('/brands', ({ entry }) => ({ entry: [...(entry as []), ...(entry as [])] })).reply?.(reply, sent);
      },
    }),
    found: ['brands-identifier'],
  },
  {
    wrong: 'does not tell browsers to stay with https',
    spoiler: () => header('Strict-Transport-Security', undefined),
    found: ['tls-stay'],
  },
];
