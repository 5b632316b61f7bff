/**
 * The context that comes with the token: whom it is about, and how the app is to look.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html#launch-context-arrives-with-your-access_token
 */
import { applies, checkGroup, insist, shall, should } from '../check.ts';
import { objectOf } from '../http.ts';
import { parseScope } from '../scope-text.ts';
import type { Flow, SmartServer } from '../smart-server.ts';
import { SPEC } from '../specifications.ts';
import { capabilitiesOf } from './discovery.ts';
import { hasStatus, isForbidden } from './expectations.ts';

const ID = /^[A-Za-z0-9\-.]{1,64}$/;
const REFERENCE = /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}(\/_history\/[A-Za-z0-9\-.]{1,64})?(#[A-Za-z0-9\-.]{1,64})?$/;
const STYLE_KEYS = ['color_background', 'color_error', 'color_highlight', 'color_modal_backdrop', 'color_success', 'color_text'];

/** Members of a token response that a specification defines. */
const KNOWN_MEMBERS = new Set([
  ...['access_token', 'token_type', 'expires_in', 'scope', 'id_token', 'refresh_token', 'authorization_details', 'issued_token_type'],
  ...['patient', 'encounter', 'fhirContext', 'need_patient_banner', 'intent', 'smart_style_url', 'tenant'],
]);

async function contextOf(server: SmartServer, flow: Flow, capability: string) {
  server.flow(flow);
  applies((await capabilitiesOf(server)).includes(capability), `${capability} is not announced`);
  return server.session({ flow });
}

async function patientIs(server: SmartServer, flow: Flow, capability: string): Promise<void> {
  const { body } = await contextOf(server, flow, capability);
  insist(typeof body.patient === 'string' && ID.test(body.patient), `patient is ${JSON.stringify(body.patient)}`);
  const wanted = server.config.patients?.first.id;
  insist(wanted === undefined || body.patient === wanted, `patient is ${body.patient} where ${wanted} was opened`);
}

async function reads(server: SmartServer, flow: Flow, member: 'patient' | 'encounter', type: string): Promise<void> {
  server.flow(flow);
  const { body, accessToken } = await server.session({ flow });
  applies(body[member] !== undefined, `there is no ${member} in context`);
  const answer = await server.fhir(accessToken, `${type}/${body[member]}`);
  hasStatus(answer, 200);
  insist(objectOf(answer).resourceType === type, `the answer is no ${type}`);
}

type Item = Readonly<Record<string, unknown>>;

async function fhirContext(server: SmartServer): Promise<readonly Item[]> {
  const { body } = await server.session();
  applies(body.fhirContext !== undefined, 'there is no fhirContext');
  insist(Array.isArray(body.fhirContext), 'fhirContext is no list');
  insist(
    body.fhirContext.every((item) => typeof item === 'object' && item !== null),
    'an item of fhirContext is no object',
  );
  return body.fhirContext as Item[];
}

async function style(server: SmartServer): Promise<string> {
  const { body } = await contextOf(server, 'ehr', 'context-style');
  insist(typeof body.smart_style_url === 'string', `smart_style_url is ${JSON.stringify(body.smart_style_url)}`);
  return body.smart_style_url;
}

async function otherPatient(server: SmartServer) {
  const second = server.config.patients?.second;
  applies(second !== undefined, 'no second patient is configured');
  const { accessToken } = await server.session();
  return { second, accessToken };
}

export const CONTEXT = checkGroup('Launch context', SPEC.context, [
  shall('context-ehr-patient', [168, 170, 361], 'an EHR launch tells the patient whose record is open', async (server) =>
    patientIs(server, 'ehr', 'context-ehr-patient'),
  ),
  shall('context-standalone-patient', [168, 170, 363], 'a standalone launch with launch/patient tells the patient', async (server) =>
    patientIs(server, 'standalone', 'context-standalone-patient'),
  ),
  shall('context-ehr-patient-read', [170], 'the patient of an EHR launch can be read', async (server) =>
    reads(server, 'ehr', 'patient', 'Patient'),
  ),
  shall('context-standalone-patient-read', [170], 'the patient of a standalone launch can be read', async (server) =>
    reads(server, 'standalone', 'patient', 'Patient'),
  ),
  shall('context-encounter', [168, 171, 362], 'an encounter in context is told by its id', async (server) => {
    server.flow('ehr');
    const { body } = await server.session({ flow: 'ehr' });
    applies(body.encounter !== undefined, 'there is no encounter in context');
    insist(typeof body.encounter === 'string' && ID.test(body.encounter), `encounter is ${JSON.stringify(body.encounter)}`);
  }),
  shall('context-encounter-read', [171], 'the encounter in context can be read', async (server) =>
    reads(server, 'ehr', 'encounter', 'Encounter'),
  ),
  shall('context-banner', [173, 359], 'an EHR launch says whether the app must show a patient banner', async (server) => {
    const { body } = await contextOf(server, 'ehr', 'context-banner');
    insist(typeof body.need_patient_banner === 'boolean', `need_patient_banner is ${JSON.stringify(body.need_patient_banner)}`);
  }),
  shall(
    'context-style',
    [175, 360],
    'an EHR launch tells an absolute smart_style_url',
    async (server) => {
      const url = await style(server);
      insist(/^https?:\/\//.test(url), `smart_style_url is ${url}`);
    },
    SPEC.style,
  ),
  shall(
    'context-style-json',
    [175],
    'the style is JSON, answered with 200',
    async (server) => {
      const answer = await server.ask(await style(server));
      hasStatus(answer, 200);
      objectOf(answer);
    },
    SPEC.style,
  ),
  should(
    'context-style-keys',
    [175],
    'the style names colours by the names of SMART',
    async (server) => {
      const found = objectOf(await server.ask(await style(server)));
      insist(
        STYLE_KEYS.some((key) => typeof found[key] === 'string'),
        `the style has ${Object.keys(found).join(', ')}`,
      );
    },
    SPEC.style,
  ),
  shall(
    'context-style-cors',
    [175],
    'the page of an app may read the style',
    async (server) => {
      const answer = await server.ask(await style(server), { headers: { Origin: new URL(server.app().redirectUri).origin } });
      insist(answer.headers.has('Access-Control-Allow-Origin'), 'there is no Access-Control-Allow-Origin');
    },
    SPEC.style,
  ),
  shall('context-intent', [174], 'intent, when it is told, is a text', async (server) => isText(server, 'intent')),
  shall('context-tenant', [176], 'tenant, when it is told, is a text', async (server) => isText(server, 'tenant')),
  shall('context-fhir-context', [172, 178], 'every item of fhirContext has a reference, a canonical or an identifier', async (server) => {
    const items = await fhirContext(server);
    insist(
      items.every((item) => item.reference ?? item.canonical ?? item.identifier),
      'an item points at nothing',
    );
    const broken = items.filter(({ reference }) => reference !== undefined && !REFERENCE.test(String(reference)));
    insist(broken.length === 0, `no relative references: ${broken.map(({ reference }) => reference).join(', ')}`);
  }),
  shall(
    'context-fhir-context-kinds',
    [181, 183, 184],
    'canonical, identifier and type in fhirContext are what they are called',
    async (server) => {
      const items = await fhirContext(server);
      const kinds = {
        canonical: (value: unknown) => typeof value === 'string' && /^(https?:\/\/|urn:)\S+$/.test(value),
        identifier: (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value),
        type: (value: unknown) => typeof value === 'string' && /^[A-Z][A-Za-z]+$/.test(value),
      };
      const broken = Object.entries(kinds).filter(([name, is]) => items.some((item) => item[name] !== undefined && !is(item[name])));
      insist(broken.length === 0, `not as it must be: ${broken.map(([name]) => name).join(', ')}`);
    },
  ),
  should('context-fhir-context-type', [185], 'an item of fhirContext without a reference tells its type', async (server) => {
    const items = (await fhirContext(server)).filter(({ reference, type }) => reference === undefined && type === undefined);
    insist(items.length === 0, `${items.length} items do not`);
  }),
  shall('context-fhir-context-launch', [177], 'fhirContext repeats neither patient nor encounter of the launch', async (server) => {
    const items = await fhirContext(server);
    const repeated = items.filter(
      ({ reference, role }) => /^(Patient|Encounter)\//.test(String(reference)) && (role === undefined || role === 'launch'),
    );
    insist(repeated.length === 0, `repeated: ${repeated.map(({ reference }) => reference).join(', ')}`);
  }),
  shall('context-fhir-context-role', [190], 'no role in fhirContext is empty', async (server) => {
    insist(
      (await fhirContext(server)).every(({ role }) => role !== ''),
      'a role is empty',
    );
  }),
  shall('context-fhir-context-role-uri', [188], 'a role in fhirContext that is not SMART’s own is an absolute URI', async (server) => {
    const relative = (await fhirContext(server)).filter(
      ({ role }) => role !== undefined && role !== 'launch' && !URL.canParse(String(role)),
    );
    insist(relative.length === 0, `relative: ${relative.map(({ role }) => role).join(', ')}`);
  }),
  should('context-own-names', [217], 'what SMART does not define is told under a URI, or a name that begins with __', async (server) => {
    const { body } = await server.session();
    const own = Object.keys(body).filter((name) => !KNOWN_MEMBERS.has(name) && !name.startsWith('__') && !URL.canParse(name));
    insist(own.length === 0, `told: ${own.join(', ')}`);
  }),
  shall(
    'context-patient-scope',
    [164],
    'patient/ scopes are granted only with a patient in context',
    async (server) => {
      server.flow('standalone');
      const wanted = server
        .launchConfig('standalone')
        .scope.split(' ')
        .filter((scope) => scope !== 'launch/patient')
        .join(' ');
      const { body, scopes } = await server.freshSession({ flow: 'standalone', scope: wanted });
      const granted = scopes.filter((scope) => parseScope(scope)?.level === 'patient');
      insist(granted.length === 0 || typeof body.patient === 'string', `granted without a patient: ${granted.join(' ')}`);
    },
    SPEC.scopes,
  ),
  shall('context-patients-apart', [136], 'two launches side by side have each their own patient', async (server) => {
    const { first, second } = server.config.patients ?? {};
    applies(second !== undefined, 'no second patient is configured');
    const [one, two] = await Promise.all([server.freshSession({ patient: 'first' }), server.freshSession({ patient: 'second' })]);
    insist(one.body.patient === first!.id && two.body.patient === second.id, `patients are ${one.body.patient} and ${two.body.patient}`);
    const own = await Promise.all([one, two].map(({ accessToken, body }) => server.fhir(accessToken, `Patient/${body.patient}`)));
    insist(
      own.every(({ status }) => status === 200),
      `reading each own patient: ${own.map(({ status }) => status).join(', ')}`,
    );
    isForbidden(await server.fhir(one.accessToken, `Patient/${second.id}`));
  }),
  shall(
    'context-other-patient-read',
    [95, 136],
    'a patient/ scope does not read another patient',
    async (server) => {
      const { second, accessToken } = await otherPatient(server);
      isForbidden(await server.fhir(accessToken, `Patient/${second.id}`));
    },
    SPEC.scopes,
  ),
  shall(
    'context-other-patient-search',
    [95, 136],
    'a patient/ scope finds nothing of another patient',
    async (server) => {
      const { second, accessToken } = await otherPatient(server);
      const answer = await server.fhir(accessToken, `Observation?patient=${second.id}`);
      if (answer.status === 200)
        insist(((objectOf(answer).entry as unknown[]) ?? []).length === 0, 'resources of another patient are found');
    },
    SPEC.scopes,
  ),
  shall(
    'context-other-patient-total',
    [95, 136],
    'the total of a search does not count another patient',
    async (server) => {
      const { second, accessToken } = await otherPatient(server);
      const answer = await server.fhir(accessToken, `Patient?_id=${second.id}&_total=accurate`);
      if (answer.status === 200) insist(Number(objectOf(answer).total ?? 0) === 0, `total is ${objectOf(answer).total}`);
    },
    SPEC.scopes,
  ),
]);

async function isText(server: SmartServer, member: string): Promise<void> {
  const { body } = await server.session();
  applies(body[member] !== undefined, `there is no ${member}`);
  insist(typeof body[member] === 'string' && body[member] !== '', `${member} is ${JSON.stringify(body[member])}`);
}
