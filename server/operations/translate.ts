/**
 * ConceptMap/$translate: what a code corresponds to in another code system, by one concept map or by all.
 *
 * Spec: https://hl7.org/fhir/R4/conceptmap-operation-translate.html
 */
import type { TranslateMatch } from '../../terminology/terminology-service.ts';
import { notFound, unsupportedParameter } from '../fhir/errors.ts';
import type { FhirContext, FhirResponse } from '../interactions/context.ts';
import type { OperationRequest } from './operation.ts';
import { needed, readInput } from './operation-input.ts';
import { conceptMapsAbout, type FoundDefinition, findDefinition, NAMELESS, terminologyOf } from './terminology/definition.ts';
import { codesOf, optional, parametersAnswer } from './terminology/parameters.ts';
import { reverseMap } from './terminology/reverse-map.ts';

const RULES = {
  url: 'text',
  conceptMap: 'resource',
  conceptMapVersion: 'text',
  code: 'text',
  system: 'text',
  version: 'text',
  coding: 'Coding',
  codeableConcept: 'CodeableConcept',
  source: 'text',
  target: 'text',
  targetsystem: 'text',
  reverse: 'boolean',
} as const;

/** Equivalences that say that there is no match. */
const NO_MATCH = ['unmatched', 'disjoint'];

/**
 * Parameters with `result` and a `match` for each target found. What a map says of a code only together with other elements
 * is left out, since `dependency` is not taken.
 * @throws FhirError 400 when no code is named, or one without its system, or no map where `reverse` asks for one; 404 `not-found` for a concept map that is not held.
 */
export async function translate(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  const input = readInput(request, RULES);
  const codes = codesOf(input);
  // A code alone is one of any system: that it has no match would be told of none in particular.
  if (input.code !== undefined) needed(input.system, 'system');
  const given = await mapOf(
    ctx,
    request,
    input,
    codes.map(({ code }) => code),
  );
  const map = input.reverse === true ? reversed(given) : given;
  const matches = codes
    .flatMap((coded) => map.service.translate(coded, { target: input.target, map: map.url }))
    .filter(({ concept }) => input.targetsystem === undefined || concept?.system === input.targetsystem)
    .filter(({ source }) => input.source === undefined || sourceSets(map, source).includes(input.source));
  const found = matches.some(({ equivalence }) => !NO_MATCH.includes(equivalence));
  return parametersAnswer([
    { name: 'result', valueBoolean: found },
    found ? undefined : { name: 'message', valueString: 'No match was found' },
    ...matches.map(matchPart),
  ]);
}

function matchPart({ equivalence, concept, products, source }: TranslateMatch) {
  const part = [
    { name: 'equivalence', valueCode: equivalence },
    optional('concept', 'Coding', concept),
    ...products.map((product) => ({
      name: 'product',
      part: [
        { name: 'element', valueUri: product.element },
        { name: 'concept', valueCoding: product.concept },
      ],
    })),
    optional('source', 'Uri', source === NAMELESS ? undefined : source),
  ];
  return { name: 'match', part: part.filter((each) => each !== undefined) };
}

type Maps = Pick<FoundDefinition, 'service' | 'resource'> & { readonly url?: string };

function reversed({ service, url, resource }: Maps): Maps {
  if (url === undefined || resource === undefined) throw unsupportedParameter('One concept map is to be named for reverse', 'reverse');
  return { service: service.including([{ ...reverseMap(resource), url }]), url };
}

/** The one concept map that is named, or all that are held and stored. */
async function mapOf(
  ctx: FhirContext,
  { interaction: { id } }: OperationRequest,
  { url, conceptMap, conceptMapVersion }: { url?: string; conceptMap?: FoundDefinition['resource']; conceptMapVersion?: string },
  codes: readonly string[],
): Promise<Maps> {
  if (id !== undefined || url !== undefined || conceptMap !== undefined) {
    const inline = conceptMap as Parameters<typeof findDefinition>[2]['inline'];
    const found = await findDefinition(ctx, 'ConceptMap', { id, url, version: conceptMapVersion, inline });
    if (found.resource === undefined) throw notFound(`The concept map ${found.url.slice(0, 200)} is not held here`);
    return found;
  }
  const stored = await Promise.all([...new Set(codes)].map((code) => conceptMapsAbout(ctx, code)));
  // Of several with one URL, the one created last.
  return {
    service: terminologyOf(ctx).including(
      stored
        .flat()
        .filter((each) => typeof each.url === 'string')
        .toReversed(),
    ),
  };
}

function sourceSets({ service }: Maps, url: string): readonly unknown[] {
  const map = service.definition('ConceptMap', url);
  return [map?.sourceUri, map?.sourceCanonical];
}
