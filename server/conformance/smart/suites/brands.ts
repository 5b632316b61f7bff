/**
 * User-access brands: by which names and marks users know those who answer for the server.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/brands.html
 */
import { applies, checkGroup, insist, shall, should } from '../check.ts';
import { type Answer, objectOf } from '../http.ts';
import type { SmartServer } from '../smart-server.ts';
import { SPEC } from '../specifications.ts';
import { hasStatus, isReadableFrom } from './expectations.ts';

const PAGE = 'https://app.example';
const EXTENSION = 'http://hl7.org/fhir/StructureDefinition';
const REASONS = ['asked-declined', 'asked-unknown'];

type Element = Readonly<Record<string, unknown>>;

interface Published {
  readonly answer: Answer;
  readonly bundle: Element;
  readonly organizations: readonly Element[];
  readonly endpoints: readonly Element[];
}

const kept = new WeakMap<SmartServer, Promise<Published>>();

function brands(server: SmartServer): Promise<Published> {
  const found = kept.get(server) ?? fetchBrands(server);
  kept.set(server, found);
  return found;
}

async function fetchBrands(server: SmartServer): Promise<Published> {
  const { user_access_brand_bundle: url } = await server.configuration();
  applies(url !== undefined, 'no user_access_brand_bundle is announced');
  const answer = await server.ask(String(url), { headers: { Accept: 'application/fhir+json', Origin: PAGE } });
  hasStatus(answer, 200);
  const bundle = objectOf(answer);
  const resources = list(bundle.entry).flatMap(({ resource }) => (isElement(resource) ? [resource] : []));
  const of = (type: string) => resources.filter(({ resourceType }) => resourceType === type);
  return { answer, bundle, organizations: of('Organization'), endpoints: of('Endpoint') };
}

/** Insists that none is left over, and names those that are. */
function none(wrong: readonly Element[], reason: string): void {
  insist(wrong.length === 0, `${wrong.map(({ resourceType, id }) => `${resourceType}/${id}`).join(', ')}: ${reason}`);
}

async function identifier(server: SmartServer): Promise<Element> {
  const { organizations } = await brands(server);
  const { user_access_brand_identifier: found } = await server.configuration();
  insist(found !== undefined || organizations.length <= 1, `there is none, and ${organizations.length} brands`);
  applies(found !== undefined, 'no user_access_brand_identifier is announced');
  insist(isElement(found), 'user_access_brand_identifier is no Identifier');
  return found;
}

export const BRANDS = checkGroup('User-access brands', SPEC.brands, [
  should('brands-announced', [387, 406, 427], 'user_access_brand_bundle is told', async (server) => {
    const { user_access_brand_bundle: url } = await server.configuration();
    insist(typeof url === 'string' && /^https?:\/\//.test(url), `user_access_brand_bundle is ${JSON.stringify(url)}`);
  }),
  shall('brands-bundle', [396], 'the brands are a collection with an entry or more, for anybody to read', async (server) => {
    const { bundle } = await brands(server);
    insist(bundle.resourceType === 'Bundle' && bundle.type === 'collection' && list(bundle.entry).length > 0, 'it is no such Bundle');
  }),
  shall('brands-timestamp', [398, 418], 'the brands tell when they last changed', async (server) => {
    const { timestamp } = (await brands(server)).bundle;
    insist(typeof timestamp === 'string' && /T.+(Z|[+-]\d\d:\d\d)$/.test(timestamp), `timestamp is ${JSON.stringify(timestamp)}`);
  }),
  shall('brands-cors', [400, 423], 'pages of any origin may read the brands', async (server) =>
    isReadableFrom((await brands(server)).answer, PAGE),
  ),
  should('brands-etag', [401, 424], 'the brands have a weak ETag', async (server) => {
    const etag = (await brands(server)).answer.headers.get('ETag');
    insist(etag?.startsWith('W/"'), `ETag is ${JSON.stringify(etag)}`);
  }),
  should('brands-not-changed', [401, 424], 'who has the brands is answered with 304', async (server) => {
    const { answer } = await brands(server);
    const etag = answer.headers.get('ETag');
    applies(etag !== null, 'the brands have no ETag');
    hasStatus(await server.ask(answer.url, { headers: { 'If-None-Match': etag } }), 304);
  }),
  shall('brands-primary', [396, 417], 'a brand refers to every Endpoint of the Bundle', async (server) => {
    const { organizations, endpoints } = await brands(server);
    insist(organizations.length > 0, 'there is no Organization');
    const complete = organizations.filter((brand) => endpoints.every((endpoint) => references(brand).includes(`Endpoint/${endpoint.id}`)));
    insist(complete.length > 0, `no brand refers to all ${endpoints.length} Endpoints`);
  }),
  shall('brands-endpoints-used', [396], 'every Endpoint is that of a brand', async (server) => {
    const { organizations, endpoints } = await brands(server);
    const used = organizations.flatMap(references);
    none(
      endpoints.filter(({ id }) => !used.includes(`Endpoint/${id}`)),
      'no brand refers to it',
    );
  }),
  shall('brands-references', [396], 'every Endpoint that a brand refers to is there', async (server) => {
    const { organizations, endpoints } = await brands(server);
    const there = endpoints.map(({ id }) => `Endpoint/${id}`);
    none(
      organizations.filter((brand) => references(brand).some((reference) => !there.includes(reference))),
      'it refers to an Endpoint that is not there',
    );
  }),
  shall('brands-portals', [396], 'the Endpoints of a portal are Endpoints of its brand', async (server) => {
    const { organizations } = await brands(server);
    const wrong = organizations.filter((brand) => portalReferences(brand).some((reference) => !references(brand).includes(reference)));
    none(wrong, 'a portal has an Endpoint besides');
  }),
  shall('brands-names', [396, 402], 'every brand has a name and one website', async (server) => {
    const { organizations } = await brands(server);
    const websites = (brand: Element) => list(brand.telecom).filter(({ system }) => system === 'url' || system === undefined);
    none(
      organizations.filter((brand) => (brand.name ?? brand._name) === undefined || websites(brand).length !== 1),
      'there is no name, or not one website',
    );
  }),
  should('brands-identified', [395, 422], 'every brand has the URL of its website as an identifier, without path', async (server) => {
    const { organizations } = await brands(server);
    const byUrl = ({ system, value }: Element) => system === 'urn:ietf:rfc:3986' && /^https:\/\/(?!www\.)[^/]+$/.test(String(value));
    none(
      organizations.filter((brand) => !list(brand.identifier).some(byUrl)),
      'it has none',
    );
  }),
  shall('brands-part-of', [396], 'a brand has its access from itself, or from a brand that has it from itself', async (server) => {
    const { organizations } = await brands(server);
    const hostOf = ({ partOf }: Element) =>
      isElement(partOf) ? organizations.find(({ id }) => partOf.reference === `Organization/${id}`) : undefined;
    none(
      organizations.filter((brand) => hostOf(brand)?.partOf !== undefined),
      'its access is from one that has it from another',
    );
  }),
  shall(
    'brands-endpoint-profile',
    [396, 402],
    'every Endpoint tells status, kind, FHIR version and a place for developers',
    async (server) => {
      const { endpoints } = await brands(server);
      const isWhole = ({ status, connectionType, contact, payloadType, extension }: Element) =>
        typeof status === 'string' &&
        isElement(connectionType) &&
        connectionType.code === 'hl7-fhir-rest' &&
        list(contact).some(
          ({ system, value, _value }) => system === 'url' && (String(value).startsWith('https://') || _value !== undefined),
        ) &&
        list(payloadType).length > 0 &&
        list(extension).some(({ url, valueCode }) => url === `${EXTENSION}/endpoint-fhir-version` && typeof valueCode === 'string');
      none(
        endpoints.filter((endpoint) => !isWhole(endpoint)),
        'something of it is missing',
      );
    },
  ),
  shall('brands-endpoint-addresses', [396], 'every Endpoint has an address', async (server) => {
    const { endpoints } = await brands(server);
    none(
      endpoints.filter(({ address }) => !/^https?:$/.test(URL.parse(String(address))?.protocol ?? '')),
      'the address is no URL',
    );
  }),
  should(
    'brands-own-endpoint',
    [407, 433],
    'the FHIR base is among the Endpoints, and answers with its CapabilityStatement',
    async (server) => {
      const { endpoints } = await brands(server);
      const own = endpoints.find(({ address }) => String(address).replace(/\/$/, '') === server.base);
      insist(own !== undefined, `the addresses are ${endpoints.map(({ address }) => address).join(', ')}`);
      hasStatus(await server.ask(`${String(own.address).replace(/\/$/, '')}/metadata`), 200);
    },
  ),
  shall('brands-absent-reasons', [405], 'what is missing is missing since it was asked for and not given', async (server) => {
    const { bundle } = await brands(server);
    const told = [...JSON.stringify(bundle).matchAll(/"url":"[^"]*\/data-absent-reason","valueCode":"([^"]*)"/g)].map((match) => match[1]!);
    insist(
      told.every((reason) => REASONS.includes(reason)),
      `reasons: ${told.join(', ')}`,
    );
  }),
  shall(
    'brands-identifier',
    [409, 410, 429, 430],
    'where there are several brands, the primary one is told by an identifier with a value',
    async (server) => {
      const { value } = await identifier(server);
      insist(typeof value === 'string' && value !== '', `value is ${JSON.stringify(value)}`);
    },
  ),
  should('brands-identifier-system', [411, 431], 'the identifier of the primary brand has a system', async (server) => {
    const { system } = await identifier(server);
    insist(typeof system === 'string', `system is ${JSON.stringify(system)}`);
  }),
  shall('brands-identifier-match', [412, 432], 'the identifier of the primary brand is that of exactly one', async (server) => {
    const { system, value } = await identifier(server);
    const { organizations } = await brands(server);
    const same = organizations.filter((brand) => list(brand.identifier).some((each) => each.system === system && each.value === value));
    insist(same.length === 1, `${same.length} brands have it`);
  }),
]);

function references({ endpoint }: Element): readonly string[] {
  return list(endpoint).map(({ reference }) => String(reference));
}

function portalReferences({ extension }: Element): readonly string[] {
  const portals = list(extension).filter(({ url }) => url === `${EXTENSION}/organization-portal`);
  const links = portals.flatMap((portal) => list(portal.extension)).filter(({ url }) => url === 'portalEndpoint');
  return links.map(({ valueReference }) => String(isElement(valueReference) ? valueReference.reference : ''));
}

function list(value: unknown): readonly Element[] {
  return Array.isArray(value) ? value.filter(isElement) : [];
}

function isElement(value: unknown): value is Element {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
