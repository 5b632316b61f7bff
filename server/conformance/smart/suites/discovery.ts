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
const strings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string');

export async function capabilitiesOf(server: SmartServer): Promise<readonly string[]> {
  const { capabilities } = await server.configuration();
  insist(strings(capabilities), `capabilities is ${JSON.stringify(capabilities)}`);
  return capabilities;
}

export async function list(server: SmartServer, name: string): Promise<readonly string[]> {
  const value = (await server.configuration())[name];
  insist(strings(value), `${name} is ${JSON.stringify(value)}`);
  return value;
}

export const holds = (values: readonly string[], wanted: string, name: string) =>
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

/** Whether pages may call: the rules of CORS are for servers that apps in browsers use. */
const hasBrowserApps = async (server: SmartServer) =>
  applies((await capabilitiesOf(server)).includes('client-public'), 'client-public is not announced');

export const DISCOVERY = checkGroup('Discovery', SPEC.wellKnown, [
  shall('discovery-status', [30, 372], 'the smart-configuration is there, for anybody', async ({ ask, base }) =>
    hasStatus(await ask(base + WELL_KNOWN), 200),
  ),
  shall(
    'discovery-json',
    [30, 374],
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
      [374],
      `the smart-configuration is JSON for Accept: ${accept} too`,
      async ({ ask, base }) => {
        const answer = await ask(base + WELL_KNOWN, { headers: { Accept: accept } });
        hasStatus(answer, 200);
        objectOf(answer);
        insist(answer.headers.get('Content-Type')?.startsWith('application/json'), `Content-Type is ${answer.headers.get('Content-Type')}`);
      },
    ),
  ),
  shall('discovery-authorization-endpoint', [373, 383], 'authorization_endpoint is told', async (server) => {
    launches(server);
    await text(server, 'authorization_endpoint');
  }),
  shall('discovery-token-endpoint', [373, 385], 'token_endpoint is told', async (server) => void (await text(server, 'token_endpoint'))),
  shall('discovery-capabilities', [393], 'capabilities is a list of texts', async (server) => void (await capabilitiesOf(server))),
  shall(
    'discovery-grant-types',
    [384],
    'grant_types_supported is a list of texts',
    async (server) => void (await list(server, 'grant_types_supported')),
  ),
  shall('discovery-grant-code', [384], 'grant_types_supported holds authorization_code where apps are launched', async (server) => {
    launches(server);
    holds(await list(server, 'grant_types_supported'), 'authorization_code', 'grant_types_supported');
  }),
  shall(
    'discovery-grant-system',
    [384],
    'grant_types_supported holds client_credentials where backend services get tokens',
    async (server) => {
      applies(server.config.clients.backend !== undefined, 'no backend service is configured');
      holds(await list(server, 'grant_types_supported'), 'client_credentials', 'grant_types_supported');
    },
  ),
  shall(
    'discovery-challenge-methods',
    [394],
    'code_challenge_methods_supported is a list of texts',
    async (server) => void (await list(server, 'code_challenge_methods_supported')),
  ),
  shall('discovery-s256', [14, 394], 'PKCE by S256 is supported', async (server) =>
    holds(await list(server, 'code_challenge_methods_supported'), 'S256', 'code_challenge_methods_supported'),
  ),
  shall('discovery-no-plain', [15, 394], 'PKCE by plain is not supported', async (server) =>
    insist(!(await list(server, 'code_challenge_methods_supported')).includes('plain'), 'code_challenge_methods_supported holds plain'),
  ),
  shall('discovery-issuer', [381], 'issuer is told where users are signed on', async (server) => {
    await signsOn(server);
    await text(server, 'issuer');
  }),
  shall('discovery-jwks-uri', [382], 'jwks_uri is told where users are signed on', async (server) => {
    await signsOn(server);
    await text(server, 'jwks_uri');
  }),
  shall('discovery-absolute-urls', [378], 'every URL is absolute', async (server) => {
    const all = Object.entries(await server.configuration());
    const urls = all.filter(([name]) => /_(endpoint|uri)$/.test(name) || name === 'issuer');
    const relative = urls.filter(([, value]) => !/^https?:\/\//.test(String(value))).map(([name]) => name);
    insist(relative.length === 0, `not absolute: ${relative.join(', ')}`);
  }),
  should('discovery-response-types', [390], 'response_types_supported holds code', async (server) => {
    launches(server);
    holds(await list(server, 'response_types_supported'), 'code', 'response_types_supported');
  }),
  should(
    'discovery-introspection-endpoint',
    [269, 391],
    'introspection_endpoint is told',
    async (server) => void (await text(server, 'introspection_endpoint')),
    SPEC.introspection,
  ),
  should(
    'discovery-revocation-endpoint',
    [392],
    'revocation_endpoint is told',
    async (server) => void (await text(server, 'revocation_endpoint')),
  ),
  should('discovery-scopes', [389], 'scopes_supported is told', async (server) => void (await list(server, 'scopes_supported'))),
  ...(
    [
      ['discovery', WELL_KNOWN, 'smart-configuration'],
      ['metadata', '/metadata', 'CapabilityStatement'],
    ] as const
  ).map(([id, path, what]) =>
    shall(
      `${id}-cors`,
      [16],
      `pages of any origin may read the ${what}`,
      async (server) => {
        await hasBrowserApps(server);
        isReadableFrom(await server.ask(server.base + path, { headers: { Origin: PAGE } }), PAGE);
      },
      SPEC.cors,
    ),
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

async function statement(server: SmartServer): Promise<Readonly<Record<string, unknown>>> {
  return (jsonOf(await server.fhir(undefined, 'metadata')) ?? {}) as Record<string, unknown>;
}
