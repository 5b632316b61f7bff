/**
 * Turns a method and a path into the interaction that is meant, or says why there is none.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#summary
 */
import type { Definitions } from '../definitions/definitions.ts';
import { badValue, keptNowhere, methodNotAllowed, notFound, unknownType } from '../fhir/errors.ts';
import { ID_PATTERN } from '../fhir/resource.ts';
import { holdsPersonalNumber } from '../search/personal-number.ts';
import type { HttpMethod } from './context.ts';

/** An interaction by its code in a CapabilityStatement; `id` left out in update, patch and delete means conditional. */
export type Interaction =
  | { readonly name: 'capabilities' }
  | { readonly name: 'batch' }
  | { readonly name: 'search-system' }
  | { readonly name: 'history-system' }
  | OnType<'search-type' | 'create' | 'history-type'>
  | OnInstance<'read' | 'history-instance'>
  | { readonly name: 'vread'; readonly type: string; readonly id: string; readonly versionId: string }
  | MaybeConditional<'update' | 'patch' | 'delete'>
  /** `target` is a type or `*`. */
  | { readonly name: 'search-compartment'; readonly type: string; readonly id: string; readonly target: string }
  | { readonly name: 'operation'; readonly operation: string; readonly type?: string; readonly id?: string };

type OnType<Name extends string> = Name extends string ? { readonly name: Name; readonly type: string } : never;
type OnInstance<Name extends string> = Name extends string ? { readonly name: Name; readonly type: string; readonly id: string } : never;
type MaybeConditional<Name extends string> = Name extends string
  ? { readonly name: Name; readonly type: string; readonly id?: string }
  : never;

/** The interaction of this name, with what belongs to it. */
export type InteractionOf<Name extends InteractionName> = Extract<Interaction, { readonly name: Name }>;

export type InteractionName = Interaction['name'];

type Offer = Partial<Record<HttpMethod, Interaction>>;

/**
 * The interaction of a request. HEAD is answered as GET.
 * @throws FhirError 404 `not-supported` for an unknown type, and for one that has no place of its own, 404 `not-found` for an unknown path, 400 `value` for an id
 * that cannot be one, 405 `not-supported` (with `Allow`) for a method that is not offered there.
 */
export function resolve(method: HttpMethod, path: readonly string[], definitions: Definitions): Interaction {
  const offer = offerAt(path, definitions);
  const found = offer[method === 'HEAD' ? 'GET' : method];
  if (found !== undefined) return found;
  throw methodNotAllowed(`${method} is not offered at this URL`, allowHeader(Object.keys(offer)));
}

/** Methods as the header `Allow` lists them: HEAD goes with GET (unless a GET is no mere look), and OPTIONS is answered everywhere. */
export function allowHeader(methods: readonly string[], getIsSafe = true): string {
  return [...methods.flatMap((each) => (each === 'GET' && getIsSafe ? ['GET', 'HEAD'] : [each])), 'OPTIONS'].join(', ');
}

/**
 * What is offered at a path, by method. An operation is there by every method: which it takes, it says itself.
 * @throws FhirError as resolve, but for the method.
 */
export function offerAt(path: readonly string[], definitions: Definitions): Offer {
  const [first, ...rest] = path;
  if (first === undefined) return { GET: { name: 'search-system' }, POST: { name: 'batch' } };
  if (rest.length === 0) {
    if (first === 'metadata') return { GET: { name: 'capabilities' } };
    if (first === '_search') return { POST: { name: 'search-system' } };
    if (first === '_history') return { GET: { name: 'history-system' } };
    if (first.startsWith('$')) return operationAt({ operation: first });
  }
  if (!definitions.isResourceType(first)) throw unknownType(first, definitions.resourceTypes);
  return offerAtType(first, rest, definitions);
}

/** What operations are given and return: https://hl7.org/fhir/R4/parameters.html says that it is kept nowhere. */
export const KEPT_NOWHERE = 'Parameters';

function offerAtType(type: string, rest: readonly string[], definitions: Definitions): Offer {
  const [second, ...further] = rest;
  if (type === KEPT_NOWHERE && second?.startsWith('$') !== true) throw keptNowhere(type);
  if (second === undefined) {
    return {
      GET: { name: 'search-type', type },
      POST: { name: 'create', type },
      PUT: { name: 'update', type },
      PATCH: { name: 'patch', type },
      DELETE: { name: 'delete', type },
    };
  }
  if (further.length === 0) {
    if (second === '_search') return { POST: { name: 'search-type', type } };
    if (second === '_history') return { GET: { name: 'history-type', type } };
    if (second.startsWith('$')) return operationAt({ operation: second, type });
  }
  if (!ID_PATTERN.test(second)) throw badValue('An id has 1 to 64 letters, digits, hyphens and points', 'id');
  // Ids stand in URLs, references and logs.
  if (holdsPersonalNumber(second)) throw badValue('An id must not be a national identity number', 'id');
  return offerAtInstance(type, second, further, definitions);
}

function offerAtInstance(type: string, id: string, rest: readonly string[], definitions: Definitions): Offer {
  const [third, fourth] = rest;
  if (third === undefined) {
    return {
      GET: { name: 'read', type, id },
      PUT: { name: 'update', type, id },
      PATCH: { name: 'patch', type, id },
      DELETE: { name: 'delete', type, id },
    };
  }
  if (rest.length === 1) {
    if (third === '_history') return { GET: { name: 'history-instance', type, id } };
    if (third === '_search') return { POST: { name: 'search-compartment', type, id, target: '*' } };
    if (third.startsWith('$')) return operationAt({ operation: third, type, id });
    if (third === '*' || definitions.isResourceType(third)) return { GET: { name: 'search-compartment', type, id, target: third } };
    if (/^[A-Z][A-Za-z]*$/.test(third)) throw unknownType(third, definitions.resourceTypes);
  }
  if (rest.length === 2 && fourth !== undefined) {
    if (third === '_history') return { GET: { name: 'vread', type, id, versionId: fourth } };
    if (fourth === '_search' && (third === '*' || definitions.isResourceType(third))) {
      return { POST: { name: 'search-compartment', type, id, target: third } };
    }
  }
  throw notFound('There is nothing at this URL');
}

function operationAt(at: { readonly operation: string; readonly type?: string; readonly id?: string }): Offer {
  const interaction: Interaction = { name: 'operation', ...at };
  return { GET: interaction, POST: interaction, PUT: interaction, PATCH: interaction, DELETE: interaction };
}
