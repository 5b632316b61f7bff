/**
 * What a server says it can do: its capabilities, in the sets that apps of a kind need, and what has to be told with them.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/conformance.html#capability-sets
 */
import { applies, checkGroup, insist, shall, should } from '../check.ts';
import type { SmartServer } from '../smart-server.ts';
import { SPEC } from '../specifications.ts';
import { capabilitiesOf, holds, list } from './discovery.ts';

const KNOWN_CAPABILITIES = new Set(
  `launch-ehr launch-standalone authorize-post client-public client-confidential-symmetric client-confidential-asymmetric
  sso-openid-connect context-passthrough-banner context-passthrough-style context-banner context-style context-ehr-patient
  context-ehr-encounter context-standalone-patient context-standalone-encounter permission-offline permission-online
  permission-patient permission-user permission-v1 permission-v2 smart-app-state`.split(/\s+/),
);

/** Sets of capabilities that a server should have one of, by who uses the app and how it is opened. */
const CAPABILITY_SETS: readonly (readonly [
  id: string,
  requirement: number,
  what: string,
  flow: 'ehr' | 'standalone',
  more: readonly string[],
])[] = [
  ['patient-standalone', 348, 'patients’ apps that start by themselves', 'standalone', ['context-standalone-patient']],
  ['patient-ehr', 349, 'patients’ apps that are opened in a portal', 'ehr', ['context-ehr-patient']],
  ['clinician-standalone', 350, 'clinicians’ apps that start by themselves', 'standalone', ['permission-user']],
  [
    'clinician-ehr',
    351,
    'clinicians’ apps that are opened in an EHR',
    'ehr',
    ['context-ehr-patient', 'context-ehr-encounter', 'permission-user'],
  ],
];

const presets = async (server: SmartServer, flow: 'ehr' | 'standalone', wanted: readonly string[]) => {
  server.flow(flow);
  const found = await capabilitiesOf(server);
  const missing = wanted.filter((capability) => !found.includes(capability));
  insist(missing.length === 0, `capabilities lack ${missing.join(', ')}`);
};

export const CAPABILITIES = checkGroup('Discovery', SPEC.capabilitySets, [
  should('discovery-known-capabilities', [347], 'every capability is one of SMART’s or a URI', async (server) => {
    const unknown = (await capabilitiesOf(server)).filter((each) => !KNOWN_CAPABILITIES.has(each) && !URL.canParse(each));
    insist(unknown.length === 0, `not known: ${unknown.join(', ')}`);
  }),
  ...asymmetric(),
  shall(
    'discovery-symmetric',
    [356],
    'client_secret_basic is announced with client-confidential-symmetric',
    async (server) => {
      applies((await capabilitiesOf(server)).includes('client-confidential-symmetric'), 'client-confidential-symmetric is not announced');
      holds(await list(server, 'token_endpoint_auth_methods_supported'), 'client_secret_basic', 'token_endpoint_auth_methods_supported');
    },
    SPEC.symmetric,
  ),
  shall(
    'discovery-launch-ehr',
    [393],
    'launch-ehr is announced where an EHR launches apps',
    async (server) => {
      server.flow('ehr');
      holds(await capabilitiesOf(server), 'launch-ehr', 'capabilities');
    },
    SPEC.capabilitySets,
  ),
  shall(
    'discovery-launch-standalone',
    [393],
    'launch-standalone is announced where apps start by themselves',
    async (server) => {
      server.flow('standalone');
      holds(await capabilitiesOf(server), 'launch-standalone', 'capabilities');
    },
    SPEC.capabilitySets,
  ),
  should(
    'discovery-set-standalone',
    [],
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
    [],
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
  ...CAPABILITY_SETS.map(([id, requirement, what, flow, more]) =>
    should(
      `discovery-set-${id}`,
      [346, requirement],
      `all capabilities for ${what} are there`,
      async (server) => {
        await presets(server, flow, [`launch-${flow}`, 'permission-patient', ...more]);
        const clients = ['client-public', 'client-confidential-symmetric'];
        const found = await capabilitiesOf(server);
        insist(
          clients.some((client) => found.includes(client)),
          `capabilities hold neither ${clients.join(' nor ')}`,
        );
      },
      SPEC.capabilitySets,
    ),
  ),
  should(
    'discovery-permission-v1',
    [126],
    'scopes of the first version are announced',
    async (server) => holds(await capabilitiesOf(server), 'permission-v1', 'capabilities'),
    SPEC.scopesV1,
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
      [288],
      'private_key_jwt is announced with client-confidential-asymmetric',
      async (server) => {
        await announced(server);
        holds(await list(server, 'token_endpoint_auth_methods_supported'), 'private_key_jwt', 'token_endpoint_auth_methods_supported');
      },
      SPEC.asymmetric,
    ),
    shall(
      'discovery-asymmetric-scopes',
      [287],
      'scopes_supported is told with client-confidential-asymmetric',
      async (server) => {
        await announced(server);
        await list(server, 'scopes_supported');
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
      [],
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
