/**
 * What a server says about itself before anybody signs in.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/conformance.html#using-well-known
 */
import { applies, checkGroup, insist, shall, should } from '../check.ts';
import { jsonOf, objectOf } from '../http.ts';
import type { SmartServer } from '../smart-server.ts';
import { SPEC } from '../specifications.ts';
import { hasStatus, isReadableFrom } from './expectations.ts';

const WELL_KNOWN = '/.well-known/smart-configuration';
const PAGE = 'https://app.example';
const KNOWN_CAPABILITIES = new Set(
  `launch-ehr launch-standalone authorize-post client-public client-confidential-symmetric client-confidential-asymmetric
  sso-openid-connect context-passthrough-banner context-passthrough-style context-banner context-style context-ehr-patient
  context-ehr-encounter context-standalone-patient context-standalone-encounter permission-offline permission-online
  permission-patient permission-user permission-v1 permission-v2 smart-app-state`.split(/\s+/),
);

const strings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string');

export async function capabilitiesOf(server: SmartServer): Promise<readonly string[]> {
  const { capabilities } = await server.configuration();
  insist(strings(capabilities), `capabilities is ${JSON.stringify(capabilities)}`);
  return capabilities;
}

async function list(server: SmartServer, name: string): Promise<readonly string[]> {
  const value = (await server.configuration())[name];
  insist(strings(value), `${name} is ${JSON.stringify(value)}`);
  return value;
}

const holds = (values: readonly string[], wanted: string, name: string) =>
  insist(values.includes(wanted), `${name} does not hold ${wanted}: ${values.join(', ')}`);

const launches = ({ config }: SmartServer) =>
  applies(config.ehrLaunch !== undefined || config.standaloneLaunch !== undefined, 'no launch is configured');

async function text(server: SmartServer, name: string): Promise<string> {
  const value = (await server.configuration())[name];
  insist(typeof value === 'string' && value !== '', `${name} is ${JSON.stringify(value)}`);
  return value;
}

const signsOn = async (server: SmartServer) =>
  applies((await capabilitiesOf(server)).includes('sso-openid-connect'), 'the server does not offer sso-openid-connect');

const presets = async (server: SmartServer, flow: 'ehr' | 'standalone', wanted: readonly string[]) => {
  server.flow(flow);
  const found = await capabilitiesOf(server);
  const missing = wanted.filter((capability) => !found.includes(capability));
  insist(missing.length === 0, `capabilities lack ${missing.join(', ')}`);
};

export const DISCOVERY = checkGroup('Discovery', SPEC.wellKnown, [
  shall('discovery-status', [30, 372, 374], 'the smart-configuration is there, for anybody', async ({ ask, base }) =>
    hasStatus(await ask(base + WELL_KNOWN), 200),
  ),
  shall(
    'discovery-json',
    [377],
    'the smart-configuration is a JSON object',
    async ({ ask, base }) => void objectOf(await ask(base + WELL_KNOWN)),
  ),
  shall('discovery-content-type', [377, 380], 'the smart-configuration has the type application/json', async ({ ask, base }) => {
    const type = (await ask(base + WELL_KNOWN)).headers.get('Content-Type');
    insist(type?.startsWith('application/json'), `Content-Type is ${JSON.stringify(type)}`);
  }),
  ...(['*/*', 'application/fhir+xml', 'text/html'] as const).map((accept) =>
    shall(
      `discovery-accept-${accept.replace(/\W+/g, '-').replace(/^-$/, 'any')}`,
      [380],
      `the smart-configuration is JSON for Accept: ${accept} too`,
      async ({ ask, base }) => {
        const answer = await ask(base + WELL_KNOWN, { headers: { Accept: accept } });
        hasStatus(answer, 200);
        objectOf(answer);
        insist(answer.headers.get('Content-Type')?.startsWith('application/json'), `Content-Type is ${answer.headers.get('Content-Type')}`);
      },
    ),
  ),
  shall('discovery-authorization-endpoint', [373, 381], 'authorization_endpoint is told', async (server) => {
    launches(server);
    await text(server, 'authorization_endpoint');
  }),
  shall('discovery-token-endpoint', [373, 382], 'token_endpoint is told', async (server) => void (await text(server, 'token_endpoint'))),
  shall('discovery-capabilities', [393, 394], 'capabilities is a list of texts', async (server) => void (await capabilitiesOf(server))),
  shall(
    'discovery-grant-types',
    [383],
    'grant_types_supported is a list of texts',
    async (server) => void (await list(server, 'grant_types_supported')),
  ),
  shall('discovery-grant-code', [383], 'grant_types_supported holds authorization_code where apps are launched', async (server) => {
    launches(server);
    holds(await list(server, 'grant_types_supported'), 'authorization_code', 'grant_types_supported');
  }),
  shall(
    'discovery-grant-system',
    [383],
    'grant_types_supported holds client_credentials where backend services get tokens',
    async (server) => {
      applies(server.config.clients.backend !== undefined, 'no backend service is configured');
      holds(await list(server, 'grant_types_supported'), 'client_credentials', 'grant_types_supported');
    },
  ),
  shall(
    'discovery-challenge-methods',
    [385],
    'code_challenge_methods_supported is a list of texts',
    async (server) => void (await list(server, 'code_challenge_methods_supported')),
  ),
  shall('discovery-s256', [385], 'PKCE by S256 is supported', async (server) =>
    holds(await list(server, 'code_challenge_methods_supported'), 'S256', 'code_challenge_methods_supported'),
  ),
  shall('discovery-no-plain', [15, 385], 'PKCE by plain is not supported', async (server) =>
    insist(!(await list(server, 'code_challenge_methods_supported')).includes('plain'), 'code_challenge_methods_supported holds plain'),
  ),
  shall('discovery-issuer', [373], 'issuer is told where users are signed on', async (server) => {
    await signsOn(server);
    await text(server, 'issuer');
  }),
  shall('discovery-jwks-uri', [373], 'jwks_uri is told where users are signed on', async (server) => {
    await signsOn(server);
    await text(server, 'jwks_uri');
  }),
  shall('discovery-absolute-urls', [378], 'every URL is absolute', async (server) => {
    const all = Object.entries(await server.configuration());
    const urls = all.filter(([name]) => /_(endpoint|uri)$/.test(name) || name === 'issuer');
    const relative = urls.filter(([, value]) => !/^https?:\/\//.test(String(value))).map(([name]) => name);
    insist(relative.length === 0, `not absolute: ${relative.join(', ')}`);
  }),
  shall(
    'discovery-tls',
    [231],
    'every endpoint is reached by https, but on the machine itself',
    async (server) => {
      const all = Object.entries(await server.configuration());
      const open = all
        .filter(([, value]) => typeof value === 'string' && value.startsWith('http:') && !isLoopback(value))
        .map(([name]) => name);
      insist(open.length === 0, `without TLS: ${open.join(', ')}`);
    },
    SPEC.tls,
  ),
  should('discovery-known-capabilities', [393], 'every capability is one of SMART’s or a URI', async (server) => {
    const unknown = (await capabilitiesOf(server)).filter((each) => !KNOWN_CAPABILITIES.has(each) && !URL.canParse(each));
    insist(unknown.length === 0, `not known: ${unknown.join(', ')}`);
  }),
  should('discovery-response-types', [], 'response_types_supported holds code', async (server) => {
    launches(server);
    holds(await list(server, 'response_types_supported'), 'code', 'response_types_supported');
  }),
  should(
    'discovery-introspection-endpoint',
    [272],
    'introspection_endpoint is told',
    async (server) => void (await text(server, 'introspection_endpoint')),
    SPEC.introspection,
  ),
  should(
    'discovery-revocation-endpoint',
    [],
    'revocation_endpoint is told',
    async (server) => void (await text(server, 'revocation_endpoint')),
  ),
  should('discovery-scopes', [286], 'scopes_supported is told', async (server) => void (await list(server, 'scopes_supported'))),
  ...asymmetric(),
  shall(
    'discovery-symmetric',
    [],
    'client_secret_basic is announced with client-confidential-symmetric',
    async (server) => {
      applies((await capabilitiesOf(server)).includes('client-confidential-symmetric'), 'client-confidential-symmetric is not announced');
      holds(await list(server, 'token_endpoint_auth_methods_supported'), 'client_secret_basic', 'token_endpoint_auth_methods_supported');
    },
    SPEC.symmetric,
  ),
  shall(
    'discovery-launch-ehr',
    [348],
    'launch-ehr is announced where an EHR launches apps',
    async (server) => {
      server.flow('ehr');
      holds(await capabilitiesOf(server), 'launch-ehr', 'capabilities');
    },
    SPEC.capabilitySets,
  ),
  shall(
    'discovery-launch-standalone',
    [349],
    'launch-standalone is announced where apps start by themselves',
    async (server) => {
      server.flow('standalone');
      holds(await capabilitiesOf(server), 'launch-standalone', 'capabilities');
    },
    SPEC.capabilitySets,
  ),
  should(
    'discovery-set-standalone',
    [350],
    'all capabilities of a patient app with standalone launch are there',
    async (server) =>
      presets(server, 'standalone', [
        ...['launch-standalone', 'client-public', 'client-confidential-symmetric', 'client-confidential-asymmetric', 'sso-openid-connect'],
        ...['context-standalone-patient', 'permission-offline', 'permission-patient', 'authorize-post', 'permission-v2', 'permission-v1'],
      ]),
    SPEC.capabilitySets,
  ),
  should(
    'discovery-set-ehr',
    [351],
    'all capabilities of a clinician app with EHR launch are there',
    async (server) =>
      presets(server, 'ehr', [
        ...[
          'launch-ehr',
          'client-confidential-symmetric',
          'client-confidential-asymmetric',
          'sso-openid-connect',
          'context-banner',
          'context-style',
        ],
        ...[
          'context-ehr-patient',
          'context-ehr-encounter',
          'permission-offline',
          'permission-user',
          'authorize-post',
          'permission-v2',
          'permission-v1',
        ],
      ]),
    SPEC.capabilitySets,
  ),
  should(
    'discovery-cors',
    [16],
    'pages of any origin may read the smart-configuration',
    async ({ ask, base }) => isReadableFrom(await ask(base + WELL_KNOWN, { headers: { Origin: PAGE } }), PAGE),
    SPEC.cors,
  ),
  should(
    'metadata-cors',
    [16],
    'pages of any origin may read the CapabilityStatement',
    async ({ ask, base }) => isReadableFrom(await ask(`${base}/metadata`, { headers: { Origin: PAGE } }), PAGE),
    SPEC.cors,
  ),
  shall('metadata-public', [], 'the CapabilityStatement is there for anybody', async (server) => {
    const answer = await server.fhir(undefined, 'metadata');
    hasStatus(answer, 200);
    insist(objectOf(answer).resourceType === 'CapabilityStatement', 'the answer is no CapabilityStatement');
  }),
  should(
    'metadata-security',
    [],
    'the CapabilityStatement names SMART-on-FHIR as its security',
    async (server) => {
      const rest = ((await statement(server)).rest ?? []) as readonly {
        security?: { service?: readonly { coding?: readonly { code?: string }[] }[] };
      }[];
      const codes = rest
        .flatMap(({ security }) => security?.service ?? [])
        .flatMap(({ coding }) => coding ?? [])
        .map(({ code }) => code);
      insist(codes.includes('SMART-on-FHIR'), `security services: ${codes.join(', ') || 'none'}`);
    },
    SPEC.conformance,
  ),
  should(
    'metadata-token-endpoint',
    [],
    'the CapabilityStatement names the same token endpoint',
    async (server) => {
      const tokenEndpoint = await server.endpoint('token_endpoint');
      const found = JSON.stringify(await statement(server)).match(/"url":"token","valueUri":"([^"]+)"/)?.[1];
      applies(found !== undefined, 'the CapabilityStatement names no endpoints');
      insist(found === tokenEndpoint, `${found} there, ${tokenEndpoint} in the smart-configuration`);
    },
    SPEC.conformance,
  ),
]);

function asymmetric() {
  const announced = async (server: SmartServer) =>
    applies((await capabilitiesOf(server)).includes('client-confidential-asymmetric'), 'client-confidential-asymmetric is not announced');
  return [
    shall(
      'discovery-asymmetric-capability',
      [285],
      'client-confidential-asymmetric is announced where clients sign with keys',
      async (server) => {
        const { asymmetric: app, backend } = server.config.clients;
        applies(app !== undefined || backend !== undefined, 'no client with a key is configured');
        holds(await capabilitiesOf(server), 'client-confidential-asymmetric', 'capabilities');
      },
      SPEC.asymmetric,
    ),
    shall(
      'discovery-asymmetric-method',
      [287, 288],
      'private_key_jwt is announced with client-confidential-asymmetric',
      async (server) => {
        await announced(server);
        holds(await list(server, 'token_endpoint_auth_methods_supported'), 'private_key_jwt', 'token_endpoint_auth_methods_supported');
      },
      SPEC.asymmetric,
    ),
    shall(
      'discovery-asymmetric-algorithms',
      [289, 310],
      'RS384 or ES384 is announced with client-confidential-asymmetric',
      async (server) => {
        await announced(server);
        const found = await list(server, 'token_endpoint_auth_signing_alg_values_supported');
        insist(found.includes('RS384') || found.includes('ES384'), `algorithms: ${found.join(', ')}`);
      },
      SPEC.asymmetric,
    ),
    shall(
      'discovery-no-weak-algorithms',
      [289],
      'no shared secret and no missing signature is announced for assertions',
      async (server) => {
        await announced(server);
        const weak = (await list(server, 'token_endpoint_auth_signing_alg_values_supported')).filter(
          (alg) => alg === 'none' || alg.startsWith('HS'),
        );
        insist(weak.length === 0, `announced: ${weak.join(', ')}`);
      },
      SPEC.asymmetric,
    ),
  ];
}

async function statement(server: SmartServer): Promise<Readonly<Record<string, unknown>>> {
  return (jsonOf(await server.fhir(undefined, 'metadata')) ?? {}) as Record<string, unknown>;
}

function isLoopback(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
}
