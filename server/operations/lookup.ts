/**
 * CodeSystem/$lookup: what a code system says about a code.
 *
 * Spec: https://hl7.org/fhir/R4/codesystem-operation-lookup.html
 */
import type { ConceptProperty, Designation, LookupResult } from '../../terminology/terminology-service.ts';
import { badValue, notFound } from '../fhir/errors.ts';
import type { FhirContext, FhirResponse } from '../interactions/context.ts';
import type { OperationRequest } from './operation.ts';
import { inLanguage, needed, readInput } from './operation-input.ts';
import { findDefinition } from './terminology/definition.ts';
import { codesOf, designationParts, optional, parametersAnswer } from './terminology/parameters.ts';

const RULES = { code: 'text', system: 'text', version: 'text', coding: 'Coding', displayLanguage: 'text', property: 'texts' } as const;
/** What `property` may ask for of any code; name, version and display are always told. */
const OF_EVERY_SYSTEM = [
  'url',
  'system',
  'name',
  'version',
  'display',
  'definition',
  'designation',
  'parent',
  'child',
  'abstract',
  'inactive',
];
const LANGUAGE = 'lang.';

/**
 * Parameters with name, version, display, designations, and its properties: definition, parent, child, whether it is abstract
 * or inactive, and those of its code system. `property` chooses among them; `lang.X` designations in a language.
 * @throws FhirError 400 when no code or system is named, or a property is asked for that the code system does not have; 404
 * `not-found` for a code, system or version that is not held.
 */
export async function lookup(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  const input = inLanguage(readInput(request, RULES), request);
  const [coded] = codesOf(input);
  const system = needed(coded?.system, 'system');
  const { service, url } = await findDefinition(ctx, 'CodeSystem', { url: system, version: coded?.version });
  const code = coded?.code ?? '';
  const found = service.lookup({ system: url, code }, input.displayLanguage);
  if (found === undefined) throw notFound(`The code '${code.slice(0, 64)}' of ${url.slice(0, 200)} is not known here`);
  const known = [...OF_EVERY_SYSTEM, ...found.propertyNames];
  const odd = input.property?.find((each) => !known.includes(each) && !each.startsWith(LANGUAGE));
  if (odd !== undefined) throw badValue(`property is one of ${known.join(', ')}, ${LANGUAGE}X`, 'property');
  return parametersAnswer([
    { name: 'name', valueString: found.name },
    optional('version', 'String', found.version),
    { name: 'display', valueString: found.display ?? code },
    ...designationsOf(found, input.property).map((each) => ({ name: 'designation', part: designationParts(each) })),
    ...propertiesOf(found)
      .filter((each) => input.property === undefined || input.property.includes(each.code))
      .map(({ code: name, type, value }) => ({
        name: 'property',
        part: [
          { name: 'code', valueCode: name },
          { name: 'value', [`value${type}`]: value },
        ],
      })),
  ]);
}

/** Those of the languages that are asked for, or all. */
function designationsOf({ designations }: LookupResult, asked: readonly string[] | undefined): readonly Designation[] {
  if (asked === undefined || asked.includes('designation')) return designations;
  const languages = asked.filter((each) => each.startsWith(LANGUAGE)).map((each) => each.slice(LANGUAGE.length).toLowerCase());
  return designations.filter(({ language }) => languages.some((each) => `${language.toLowerCase()}-`.startsWith(`${each}-`)));
}

/** All properties; that a code is in use and may be chosen goes without saying. */
function propertiesOf({ definition, parents, children, abstract, inactive, properties }: LookupResult): readonly ConceptProperty[] {
  const standard: ConceptProperty[] = [
    ...(definition === undefined ? [] : [{ code: 'definition', type: 'String', value: definition }]),
    ...parents.map((value) => ({ code: 'parent', type: 'Code', value })),
    ...children.map((value) => ({ code: 'child', type: 'Code', value })),
    ...(abstract ? [{ code: 'abstract', type: 'Boolean', value: true }] : []),
    ...(inactive ? [{ code: 'inactive', type: 'Boolean', value: true }] : []),
  ];
  return [...standard, ...properties.filter(({ code }) => !standard.some((each) => each.code === code))];
}
