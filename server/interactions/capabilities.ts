/**
 * capabilities: the CapabilityStatement, made from what is built.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#capabilities · https://hl7.org/fhir/R4/capabilitystatement.html
 */
import { hash } from 'node:crypto';
import type { TerminologyService } from '../../terminology/terminology-service.ts';
import type { SearchParameterInfo } from '../definitions/definitions.ts';
import { badValue, FhirError } from '../fhir/errors.ts';
import { OPERATIONS } from '../operations/run-operation.ts';
import { parseSearch } from '../search/parse.ts';
import type { SearchRegistry } from '../search/registry.ts';
import { profilesOfType, TYPES_WITH_PROFILE } from '../validation/project-profiles.ts';
import { LOG } from './access-trail.ts';
import type { FhirRequest, FhirResponse, FhirServices } from './context.ts';
import { takeParameters } from './parameters.ts';
import { JSON_PATCH } from './patch.ts';
import { parseEntityTags, VERSIONED_UPDATE_TYPES } from './preconditions.ts';
import { presentOne } from './presentation.ts';
import { KEPT_NOWHERE } from './resolve.ts';
import { SOFTWARE } from './software.ts';
import { terminologyCapabilities } from './terminology-capabilities.ts';

const READING = ['read', 'vread', 'history-instance', 'history-type', 'search-type'];
const WRITING = ['create', 'update', 'patch', 'delete'];
const SYSTEM_INTERACTIONS = ['transaction', 'batch', 'search-system', 'history-system'];
/** Types whose links to others are told one by one; `*` and every other link are taken as well, but would double the statement. */
const TOLD_REVERSE: ReadonlySet<string> = new Set(TYPES_WITH_PROFILE);
const SMART_SECURITY = 'http://terminology.hl7.org/CodeSystem/restful-security-service';
const OAUTH_URIS = 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris';
/** The day of this version of the API; the statement does not change while the server runs. */
const STATEMENT_DATE = '2026-11-22';

/** What `mode` may ask for. `normative` gives the whole statement, as R4 allows. */
const MODES: readonly string[] = ['full', 'normative', 'terminology'];

/** How what is read relates to what was sent, which R4 asks servers to tell: https://hl7.org/fhir/R4/http.html#transactional-integrity */
const INTEGRITY = [
  'A resource is kept as it was sent, decimals with their precision, but for id, meta.versionId and meta.lastUpdated.',
  'Content that breaks a rule is refused and never changed; a patch leaves out a generated narrative that it would make untrue.',
  'Types that are versioned-update are changed and deleted with If-Match only.',
  'In a transaction, links between entries and conditional references are replaced by where they lead.',
].join(' ');

/** How far searches see what is contained: https://hl7.org/fhir/R4/search.html#contained */
const CONTAINED =
  'The last three steps of a chain are followed into contained resources as well, and within a document or message from its first entry; these are results themselves where _contained is true or both, except of a document.';

/** What is particular about a type. */
const DOCUMENTATION: Readonly<Record<string, string>> = {
  Binary:
    'Read and written as what it holds, in its own media type, unless FHIR JSON is asked for or sent. Who may see and write it follows its securityContext (X-Security-Context); without one it is for administration.',
};

/** What no list of search parameters tells: https://hl7.org/fhir/R4/search.html#all */
const BESIDES =
  'Besides the search parameters listed, searches take _filter, _has and _list, over all types _type, and to shape the answer _sort, _count, _total, _include, _revinclude, _summary and _elements.';

interface Statement {
  readonly text: string;
  readonly etag: string;
}

/** Statements by registry, kind, base URL and whether there is an access log, since that of 145 types is the same for every request. */
const made = new WeakMap<SearchRegistry, Map<string, Statement>>();

/**
 * 200 with the statement (of the terminology, where `mode` asks for that), or the part of it that is asked for; 304 when the client has it already. It is the same for
 * every caller, and may be kept as long as it is asked for again.
 * @throws FhirError 400 `not-supported` or `value` for a parameter that is not known or cannot be read.
 */
export async function capabilities(services: FhirServices, { query, headers }: FhirRequest): Promise<FhirResponse> {
  const { mode } = takeParameters(query, ['mode']);
  if (mode !== undefined && !MODES.includes(mode)) throw badValue(`mode is one of ${MODES.join(', ')}`, 'mode');
  const statements = made.get(services.searchRegistry) ?? new Map<string, Statement>();
  const terminology = mode === 'terminology' ? services.terminology : undefined;
  const key = `${terminology?.revision} ${services.baseUrl} ${services.audit !== undefined}`;
  const { text, etag } = statements.get(key) ?? newStatement(services, terminology);
  made.set(services.searchRegistry, statements.set(key, { text, etag }));
  const body = presentOne(services, text, query);
  const own = body.text === text ? etag : tagOf(body.text);
  const known = parseEntityTags(headers['if-none-match'], 'If-None-Match') ?? [];
  // Its media type, and whether there is one at all, is what Accept asks for.
  const answered = { ETag: `W/"${own}"`, 'Cache-Control': 'no-cache', Vary: 'Accept' };
  return known === '*' || known.includes(own) ? { status: 304, headers: answered } : { status: 200, headers: answered, body };
}

function newStatement(services: FhirServices, terminology: TerminologyService | undefined): Statement {
  const stated = terminology === undefined ? statement(services) : terminologyCapabilities(terminology, about(services));
  const text = JSON.stringify(stated);
  return { text, etag: tagOf(text) };
}

const tagOf = (text: string): string => hash('sha256', text, 'hex').slice(0, 16);

/** What both statements say of the service. */
function about({ baseUrl }: FhirServices): Readonly<Record<string, unknown>> {
  return {
    status: 'active',
    date: STATEMENT_DATE,
    publisher: 'Fellesplan',
    kind: 'instance',
    software: SOFTWARE,
    implementation: { description: 'Shared plans for people who need many services at once', url: baseUrl },
  };
}

function statement(services: FhirServices): object {
  return {
    resourceType: 'CapabilityStatement',
    ...about(services),
    fhirVersion: '4.0.1',
    format: ['json', 'application/fhir+json'],
    patchFormat: [JSON_PATCH, 'application/fhir+json'],
    rest: [
      {
        mode: 'server',
        documentation: `${INTEGRITY} ${BESIDES} ${CONTAINED}`,
        ...security(services),
        resource: services.definitions.resourceTypes.filter((type) => type !== KEPT_NOWHERE).map((type) => resourceOf(services, type)),
        interaction: SYSTEM_INTERACTIONS.map((code) => ({ code })),
        ...stated(OPERATIONS.filter(({ levels }) => levels.includes('system'))),
        searchParam: statedParameters(
          services.searchRegistry.forType('DomainResource').filter((param) => isTaken(services, undefined, param)),
        ),
        compartment: ['Patient', 'Practitioner', 'RelatedPerson', 'Device', 'Encounter'].map(
          (type) => `http://hl7.org/fhir/CompartmentDefinition/${type.toLowerCase()}`,
        ),
      },
    ],
  };
}

function security({ oauth }: FhirServices): object {
  if (oauth === undefined) return {};
  const uris = [
    { url: 'token', valueUri: oauth.token },
    ...(oauth.authorize === undefined ? [] : [{ url: 'authorize', valueUri: oauth.authorize }]),
  ];
  return {
    security: {
      cors: true,
      service: [{ coding: [{ system: SMART_SECURITY, code: 'SMART-on-FHIR' }] }],
      extension: [{ url: OAUTH_URIS, extension: uris }],
    },
  };
}

function resourceOf(services: FhirServices, type: string): object {
  const params = services.searchRegistry.forType(type).filter((param) => isTaken(services, type, param));
  const includes = params.filter((param) => param.type === 'reference').map((param) => `${type}:${param.code}`);
  const revIncludes = services.definitions.searchParameters
    .filter((param) => param.type === 'reference' && param.targets.includes(type))
    .flatMap((param) => param.base.filter((base) => TOLD_REVERSE.has(base)).map((base) => `${base}:${param.code}`));
  const isOpen = services.audit === undefined || type !== LOG;
  const operations = OPERATIONS.filter(
    ({ types, levels, writes }) =>
      levels.some((level) => level !== 'system') && (types === undefined || types.includes(type)) && (isOpen || writes !== true),
  );
  return {
    type,
    profile: `http://hl7.org/fhir/StructureDefinition/${type}`,
    ...supported(type),
    ...documented(type),
    interaction: (isOpen ? [...READING, ...WRITING] : READING).map((code) => ({ code })),
    versioning: VERSIONED_UPDATE_TYPES.includes(type) ? 'versioned-update' : 'versioned',
    readHistory: true,
    updateCreate: isOpen,
    conditionalCreate: isOpen,
    conditionalRead: 'full-support',
    conditionalUpdate: isOpen,
    conditionalDelete: isOpen ? (VERSIONED_UPDATE_TYPES.includes(type) ? 'single' : 'multiple') : 'not-supported',
    referencePolicy: ['literal', 'logical', 'local'],
    searchInclude: ['*', ...includes],
    searchRevInclude: ['*', ...new Set(revIncludes.toSorted())],
    searchParam: statedParameters(params),
    ...stated(operations),
  };
}

function statedParameters(parameters: readonly SearchParameterInfo[]): readonly object[] {
  return parameters.map(({ code, url, type }) => ({ name: code, definition: url, type }));
}

function documented(type: string): object {
  const documentation = DOCUMENTATION[type];
  return documentation === undefined ? {} : { documentation };
}

function supported(type: string): object {
  const supportedProfile = profilesOfType(type);
  return supportedProfile.length === 0 ? {} : { supportedProfile };
}

function stated(operations: typeof OPERATIONS): object {
  return operations.length === 0 ? {} : { operation: operations.map(({ name, definition }) => ({ name, definition })) };
}

/** A value that any parameter of the kind can have. */
const SAMPLES: Readonly<Record<string, string>> = {
  token: 'x',
  string: 'x',
  uri: 'urn:x',
  reference: 'Patient/x',
  date: '2026',
  number: '1',
  quantity: '1',
};

/** True when a search of the type (undefined: over all types) takes the parameter: HL7 defines some that no server can evaluate. */
function isTaken(services: FhirServices, type: string | undefined, { code, type: kind }: SearchParameterInfo): boolean {
  const sample = SAMPLES[kind];
  const parameter = sample === undefined ? ([`${code}:missing`, 'false'] as const) : ([code, sample] as const);
  try {
    parseSearch({ parameters: [parameter], types: type === undefined ? [] : [type], takesWords: true }, services);
    return true;
  } catch (error) {
    if (error instanceof FhirError) return false;
    throw error;
  }
}
