/**
 * Binary as what it holds: read and written by the content itself, in its own media type, unless FHIR's form is asked for
 * or sent.
 *
 * Spec: https://hl7.org/fhir/R4/binary.html#rest
 */
import { parseJson } from '../fhir/json.ts';
import { isObject, type Resource } from '../fhir/resource.ts';
import type { FhirRequest, FhirResponse } from '../interactions/context.ts';
import { contentAccepted, isFhirType, isJsonType } from './negotiate.ts';

const SECURITY_CONTEXT = 'x-security-context';

/** What can stand in a header. */
const PRINTABLE = /^[\x20-\x7e]+$/;

type Asked = Pick<FhirRequest, 'method' | 'path' | 'query'>;

/** True for a read of a Binary that says nothing of how the resource is to be shown. */
export function mayWantContent({ method, path, query }: Asked): boolean {
  const isRead = path.length === 2 || (path.length === 4 && path[2] === '_history');
  return (method === 'GET' || method === 'HEAD') && path[0] === 'Binary' && isRead && query.length === 0 && isId(path[1]);
}

/** Not the name of an interaction or an operation. */
function isId(segment = ''): boolean {
  return !/^[_$]/.test(segment);
}

/** True for a create or update of a Binary by its content; JSON that is no FHIR may be either, which `asBinary` tells. */
export function sendsContent({ method, path }: Asked, contentType: string | undefined): contentType is string {
  const isWrite = (method === 'POST' && path.length === 1) || (method === 'PUT' && path.length <= 2);
  return isWrite && path[0] === 'Binary' && contentType !== undefined && !isFhirType(contentType) && isId(path[1]);
}

/** The Binary that holds a body; a body that is one stands for itself. */
export function asBinary(bytes: Uint8Array, contentType: string, { path, headers }: FhirRequest): unknown {
  const sent = isJsonType(contentType) ? binaryIn(bytes) : undefined;
  if (sent !== undefined) return sent;
  const [, id] = path;
  const context = headers[SECURITY_CONTEXT];
  return {
    resourceType: 'Binary',
    ...(id === undefined ? {} : { id }),
    contentType,
    ...(context === undefined ? {} : { securityContext: { reference: context } }),
    ...(bytes.length === 0 ? {} : { data: Buffer.from(bytes).toString('base64') }),
  };
}

function binaryIn(bytes: Uint8Array): unknown {
  try {
    const value = parseJson(Buffer.from(bytes).toString('utf8'));
    return isObject(value) && value.resourceType === 'Binary' ? value : undefined;
  } catch {
    return undefined;
  }
}

export interface Content {
  readonly bytes: Uint8Array;
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The content of the Binary that was answered; undefined where there is none, or FHIR's form is wanted. */
export function contentOf({ body, headers }: FhirResponse, accept: string | undefined): Content | undefined {
  if (body === undefined || 'resourceType' in body || typeof body.text !== 'string') return undefined;
  const { contentType, data, securityContext } = JSON.parse(body.text) as Resource;
  const type = typeof contentType === 'string' && PRINTABLE.test(contentType) ? contentType : 'application/octet-stream';
  if (!contentAccepted(accept, type)) return undefined;
  const reference = isObject(securityContext) ? securityContext.reference : undefined;
  const context = typeof reference === 'string' && PRINTABLE.test(reference) ? { 'X-Security-Context': reference } : {};
  return {
    bytes: Buffer.from(typeof data === 'string' ? data : '', 'base64'),
    type,
    // What somebody has stored is nothing for a browser to show as a page of this server.
    headers: { ...headers, ...context, 'Content-Disposition': 'attachment' },
  };
}
