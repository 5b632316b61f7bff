/**
 * Content that other validators refused, or let through.
 *
 * Spec: https://hl7.org/fhir/R4/validation.html
 */
import type { Resource } from '../../../server/fhir/resource.ts';
import type { FaultRow, FaultTable } from './fault-table.ts';

const patient = (more: object): Resource => ({ resourceType: 'Patient', ...more });
const encounter = (more: object): Resource => ({
  resourceType: 'Encounter',
  status: 'planned',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
  ...more,
});
const narrative = (inside: string) => ({ status: 'additional', div: `<div xmlns="http://www.w3.org/1999/xhtml">${inside}</div>` });

function told(holds: string, resource: Resource, ...errors: readonly string[]): FaultRow {
  return [holds, ['POST', `${resource.resourceType}/$validate`, resource], { status: 200, errors }];
}

export const validations: FaultTable = {
  title: 'validation',
  rows: [
    // FirelyTeam/firely-validator-api#366
    told('a reference may be nothing but a name', patient({ link: [{ id: 'l', other: { id: 'o', display: 'x' }, type: 'replaces' }] })),
    // FirelyTeam/firely-validator-api#384
    told(
      'a reference may be nothing but an identifier',
      encounter({ subject: { identifier: { system: 'http://s.example', value: '1' } } }),
    ),
    // FirelyTeam/firely-net-sdk#2941
    told('a resource in Parameters has its own contained resources', {
      resourceType: 'Parameters',
      parameter: [
        {
          name: 'a',
          part: [
            {
              name: 'b',
              resource: {
                resourceType: 'MedicationDispense',
                status: 'completed',
                contained: [{ resourceType: 'Practitioner', id: 'pr' }],
                medicationCodeableConcept: { text: 'x' },
                performer: [{ actor: { reference: '#pr' } }],
              },
            },
          ],
        },
      ],
    }),
    // hapifhir/hapi-fhir#6953
    told('a resource may contain one of its own type', {
      resourceType: 'Medication',
      contained: [{ resourceType: 'Medication', id: 'c', ingredient: [{ itemCodeableConcept: { text: 'x' } }] }],
      ingredient: [{ itemReference: { reference: '#c' } }],
    }),
    // FirelyTeam/firely-validator-api#518
    told(
      'a narrative may be all that refers to what is contained',
      patient({
        contained: [{ resourceType: 'Binary', id: 'i', contentType: 'image/png', data: 'iVBORw0K' }],
        text: narrative('<img src="#i" alt="x"/>'),
      }),
    ),
    // FirelyTeam/firely-net-sdk#2114
    told(
      'an extension that is not known is no error',
      patient({ extension: [{ url: 'http://www.miniaf.alp/extension', valueString: 'x' }] }),
    ),
    // hapifhir/hapi-fhir#1860, FirelyTeam/firely-validator-api#267
    told(
      'an extension stands where it may',
      patient({
        extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/elementdefinition-identifier', valueIdentifier: { value: 'x' } }],
      }),
      'structure Patient',
    ),
    // FirelyTeam/firely-validator-api#677
    told(
      'a value that is absent for a reason has no form to check',
      patient({
        identifier: [
          {
            _system: { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }] },
            value: '1',
          },
        ],
      }),
    ),
    // FirelyTeam/firely-net-sdk#2174
    told('whether there is an answer is asked with a boolean', {
      resourceType: 'Questionnaire',
      status: 'unknown',
      item: [
        { linkId: '0', type: 'text' },
        { linkId: '1', type: 'text', enableWhen: [{ question: '0', operator: 'exists', answerBoolean: true }] },
      ],
    }),
    // FirelyTeam/firely-net-sdk#2074
    told('a relative reference is read from the fullUrl of its entry', {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { fullUrl: 'http://a.example/fhir/Patient/1', resource: patient({ id: '1' }) },
        { fullUrl: 'http://a.example/fhir/Encounter/2', resource: encounter({ id: '2', subject: { reference: 'Patient/1' } }) },
      ],
    }),
    // onc-healthit/inferno-program#411
    told(
      'an extension may refer to any resource',
      patient({ extension: [{ url: 'http://s.example/e', valueReference: { reference: 'Location/1' } }] }),
    ),
    // hapifhir/org.hl7.fhir.core#288
    told(
      'a reference to a resource of another type is an error, also within a Bundle',
      {
        resourceType: 'Bundle',
        type: 'collection',
        entry: [
          { fullUrl: 'http://a.example/fhir/Organization/1', resource: { resourceType: 'Organization', id: '1', name: 'x' } },
          { fullUrl: 'http://a.example/fhir/Encounter/2', resource: encounter({ id: '2', subject: { reference: 'Organization/1' } }) },
        ],
      },
      'structure Bundle.entry[1].resource.subject',
    ),
    // microsoft/fhir-server#536
    told(
      'what is missing is told, each by its name',
      { resourceType: 'DiagnosticReport' },
      'structure DiagnosticReport',
      'structure DiagnosticReport',
    ),
    // LinuxForHealth/FHIR#1155
    [
      'a property that is said twice is told',
      ['POST', 'Condition/$validate', '{"resourceType":"Condition","subject":{"display":"a"},"subject":{"display":"b"}}'],
      { status: 200, issue: ['invalid'] },
    ],
  ],
};
