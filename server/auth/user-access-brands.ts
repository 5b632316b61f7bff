/**
 * User-access brands: by which names and marks people know those who answer for a FHIR base, published for any app to
 * read. Whose they are is the operator's to say, as FHIR Organizations; the endpoint and the links to it are added here.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/brands.html
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Resource } from '../fhir/resource.ts';
import type { NodeHandler } from './node-handler.ts';

/** What the operator says of the brands. */
export interface Brands {
  /** An https URL where those who make apps can have them registered. */
  readonly developers: string;
  /** The first is the primary brand; one with `partOf` has its access from another of them. */
  readonly organizations: readonly Resource[];
  /** When any of this was last changed, as a FHIR instant. */
  readonly changedAt: string;
}

/** What the SMART configuration tells of them. */
export interface PublishedBrands {
  readonly bundle: string;
  readonly identifier: Readonly<Record<string, unknown>>;
}

/** The id of the Endpoint, which a brand's portals may refer to as `Endpoint/fellesplan`. */
export const BRAND_ENDPOINT_ID = 'fellesplan';
const FHIR_VERSION = '4.0.1';
const KEPT_SECONDS = 300;

/** Where brands are published, and which of them is the primary one. */
export function publishedBrands({ organizations }: Brands, bundleUrl: string): PublishedBrands {
  const [identifier] = organizations[0]!.identifier as readonly Record<string, unknown>[];
  return { bundle: bundleUrl, identifier: identifier! };
}

/** The Bundle of brands for one FHIR base, as it is published at `bundleUrl`. */
export function brandBundle({ developers, organizations, changedAt }: Brands, bundleUrl: string, fhirBaseUrl: string): Resource {
  const endpoint = [{ reference: `Endpoint/${BRAND_ENDPOINT_ID}` }];
  const resources: readonly Resource[] = [
    ...organizations.map((brand) => (brand.partOf === undefined ? { ...brand, endpoint } : brand)),
    {
      resourceType: 'Endpoint',
      id: BRAND_ENDPOINT_ID,
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/endpoint-fhir-version', valueCode: FHIR_VERSION }],
      status: 'active',
      connectionType: { system: 'http://terminology.hl7.org/CodeSystem/endpoint-connection-type', code: 'hl7-fhir-rest' },
      name: `FHIR R4: ${String(organizations[0]!.name)}`,
      contact: [{ system: 'url', value: developers }],
      payloadType: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/endpoint-payload-type', code: 'none' }] }],
      address: fhirBaseUrl,
    },
  ];
  return {
    resourceType: 'Bundle',
    type: 'collection',
    timestamp: changedAt,
    entry: resources.map((resource) => ({ fullUrl: `${bundleUrl}/${resource.resourceType}/${resource.id}`, resource })),
  };
}

/** Answers, at the path it is mounted at, with the brands as they are now: for anybody, 304 when the reader has them already, 404 while there are none. */
export function brandHandler(bundle: () => Resource | undefined): NodeHandler {
  return async (request: IncomingMessage, response: ServerResponse) => {
    const open = {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers': 'ETag',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    };
    const allowed = { Allow: 'GET, HEAD, OPTIONS' };
    if (request.method === 'OPTIONS') {
      const preflight = { 'Access-Control-Allow-Methods': 'GET, HEAD', 'Access-Control-Allow-Headers': 'Accept, If-None-Match' };
      return void response.writeHead(204, { ...open, ...allowed, ...preflight }).end();
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405, { ...open, ...allowed }).end();
    const isHere = (request.url ?? '/').split('?', 1)[0] === '/';
    const found = isHere ? bundle() : undefined;
    if (found === undefined) return void response.writeHead(404, open).end();
    const text = JSON.stringify(found);
    const etag = `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
    const kept = { ...open, ETag: etag, 'Cache-Control': `public, max-age=${KEPT_SECONDS}` };
    if (isKnown(request.headers['if-none-match'], etag)) return void response.writeHead(304, kept).end();
    const type = { 'Content-Type': 'application/fhir+json; charset=utf-8', 'Content-Length': Buffer.byteLength(text) };
    response.writeHead(200, { ...kept, ...type }).end(request.method === 'HEAD' ? undefined : text);
  };
}

/** Compared weakly, as is right for a read (RFC 9110, 13.1.2). */
function isKnown(header: string | undefined, etag: string): boolean {
  return (
    header !== undefined && (header.trim() === '*' || header.split(',').some((each) => each.trim().replace(/^(?!W\/)/, 'W/') === etag))
  );
}
