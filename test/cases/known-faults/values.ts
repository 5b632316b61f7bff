/**
 * Amounts and references that other servers did not find, or found where they are not.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#quantity · https://hl7.org/fhir/R4/search.html#reference
 */
import { type FaultTable, finds, refuses } from './fault-table.ts';

const UCUM = 'http://unitsofmeasure.org';
const coding = (system: string, code: string) => ({ coding: [{ system, code }] });
const milligrams = { value: 58.7, system: UCUM, code: 'mg', unit: 'milligrams' };
const observation = (id: string, more: object) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: coding('http://s.example', 'a'),
  ...more,
});
const about = (id: string, reference: string) => observation(id, { subject: { reference } });

export const amountsAndReferences: FaultTable = {
  title: 'amounts and references',
  given: [
    observation('coded', { valueQuantity: milligrams }),
    observation('shown', { valueQuantity: { value: 2, system: UCUM, unit: 'mmol' } }),
    observation('bare', { valueQuantity: { value: 58.7 } }),
    observation('part', { component: [{ code: coding('http://s.example', 'b'), valueQuantity: milligrams }] }),
    about('relative', 'Patient/p'),
    about('version', 'Patient/p/_history/1'),
    about('elsewhere', 'http://other.example/fhir/Patient/p'),
  ],
  rows: [
    // hapifhir/hapi-fhir#514
    finds('a unit without a system is a code', 'Observation?value-quantity=58.7||mg', ['Observation/coded']),
    // FirelyTeam/spark#308
    finds('or what is shown', 'Observation?value-quantity=2.0||mmol', ['Observation/shown']),
    // LinuxForHealth/FHIR#2327
    finds('what is shown beside a code, too', 'Observation?component-code-value-quantity=http://s.example|b$58.7||milligrams', [
      'Observation/part',
    ]),
    // LinuxForHealth/FHIR#2041
    finds('an amount needs no unit', 'Observation?code-value-quantity=http://s.example|a$58.7', ['Observation/coded', 'Observation/bare']),
    // LinuxForHealth/FHIR#410
    finds('what has no amount is not less than one', 'Observation?value-quantity=le12.0', ['Observation/shown']),
    // icanbwell/fhir-server#1726
    finds('what has another amount is not equal', 'Observation?value-quantity=ne2', ['Observation/coded', 'Observation/bare']),
    // microsoft/fhir-server#21
    refuses('a prefix that is none is told', 'Observation?value-quantity=ll109', 400, 'value', 'value-quantity'),
    // LinuxForHealth/FHIR#410
    finds('amounts are in order', 'Observation?value-quantity:missing=false&_sort=-value-quantity,-_id', [
      'Observation/coded',
      'Observation/bare',
      'Observation/shown',
    ]),
    // LinuxForHealth/FHIR#1375
    finds('a reference to a version is one to the resource', 'Observation?subject=Patient/p', [
      'Observation/relative',
      'Observation/version',
    ]),
    // LinuxForHealth/FHIR#1570
    finds('an id with its type is a reference', 'Observation?subject:Patient=p', ['Observation/relative', 'Observation/version']),
    // HealthIntersections/fhirserver#44
    finds('a resource of another server is found by its URL', 'Observation?subject=http://other.example/fhir/Patient/p', [
      'Observation/elsewhere',
    ]),
  ],
};
