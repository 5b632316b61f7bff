/**
 * CodeSystem/$lookup: what a code system says about a code.
 *
 * Spec: https://hl7.org/fhir/R4/codesystem-operation-lookup.html
 */
import { badValue, notFound } from '../fhir/errors.ts';
import type { FhirContext, FhirResponse } from '../interactions/context.ts';
import type { OperationRequest } from './operation.ts';
import { needed, readInput } from './operation-input.ts';
import { findDefinition } from './terminology/definition.ts';
import { codesOf, optional, parametersAnswer } from './terminology/parameters.ts';

const RULES = { code: 'text', system: 'text', version: 'text', coding: 'Coding', displayLanguage: 'text', property: 'texts' } as const;
/** What `property` may ask for; name, version and display are always told. */
const PROPERTIES = ['system', 'name', 'version', 'display', 'definition', 'designation', 'parent', 'child'];

/**
 * Parameters with name, version, display, designations, and the properties definition, parent and child.
 * @throws FhirError 400 when no code or system is named, or a property is asked for that is not known; 404 `not-found` for a
 * code, system or version that is not held.
 */
export async function lookup(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  const input = readInput(request, RULES);
  const asked = input.property;
  const odd = asked?.find((each) => !PROPERTIES.includes(each));
  if (odd !== undefined) throw badValue(`property is one of ${PROPERTIES.join(', ')}`, 'property');
  const [coded] = codesOf(input);
  const system = needed(coded?.system, 'system');
  const { service, url } = await findDefinition(ctx, 'CodeSystem', { url: system, version: coded?.version });
  const code = coded?.code ?? '';
  const found = service.lookup({ system: url, code }, input.displayLanguage);
  if (found === undefined) throw notFound(`The code '${code.slice(0, 64)}' of ${url.slice(0, 200)} is not known here`);
  const wants = (name: string) => asked === undefined || asked.includes(name);
  const property = (name: string, type: string, value: string) => ({
    name: 'property',
    part: [
      { name: 'code', valueCode: name },
      { name: 'value', [`value${type}`]: value },
    ],
  });
  return parametersAnswer([
    { name: 'name', valueString: found.name },
    optional('version', 'String', found.version),
    { name: 'display', valueString: found.display ?? code },
    ...(wants('definition') && found.definition !== undefined ? [property('definition', 'String', found.definition)] : []),
    ...(wants('designation') ? found.designations : []).map(({ language, value }) => ({
      name: 'designation',
      part: [...(language === '' ? [] : [{ name: 'language', valueCode: language }]), { name: 'value', valueString: value }],
    })),
    ...(wants('parent') ? found.parents : []).map((parent) => property('parent', 'Code', parent)),
    ...(wants('child') ? found.children : []).map((child) => property('child', 'Code', child)),
  ]);
}
