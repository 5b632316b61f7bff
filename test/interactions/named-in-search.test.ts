import { expect, it } from 'vitest';
import { loadDefinitions } from '../../server/definitions/load.ts';
import { namedInSearch, numbersInSearch } from '../../server/interactions/named-in-search.ts';
import { resolve } from '../../server/interactions/resolve.ts';

const definitions = loadDefinitions();
const BASE = 'http://localhost/fhir';

function named(path: string): readonly string[] {
  const [place = '', query = ''] = path.split('?');
  const interaction = resolve('GET', place === '' ? [] : place.split('/'), definitions);
  return namedInSearch(interaction, { query: [...new URLSearchParams(query)], headers: {} }, BASE).map(({ type, id }) => `${type}/${id}`);
}

it.each<[path: string, names: readonly string[]]>([
  ['CarePlan?patient=ida', ['Patient/ida']],
  ['CarePlan?subject=Patient/ida', ['Patient/ida']],
  ['CarePlan?subject:Patient=ida', ['Patient/ida']],
  ['CarePlan?patient=ida,eva', ['Patient/ida', 'Patient/eva']],
  ['CarePlan?_id=plan', ['CarePlan/plan']],
  ['Patient?_id=ida', ['Patient/ida']],
  ['Patient?_id=ida&_contained=both', ['Patient/ida']],
  ['Patient?_id=ida&_contained=true', []],
  ['CarePlan?patient=ida&_contained=true', ['Patient/ida']],
  ['?_type=CarePlan,Goal&_id=x', ['CarePlan/x', 'Goal/x']],
  ['CarePlan?subject:Patient._id=ida', ['Patient/ida']],
  ['CarePlan?patient._id=ida', ['Patient/ida']],
  ['PractitionerRole?_has:CareTeam:participant:patient=ida', ['Patient/ida']],
  ['Task?based-on=CarePlan/plan', ['CarePlan/plan']],
  ['Patient/ida/CarePlan', ['Patient/ida']],
  ['Patient/ida/CarePlan?_id=plan', ['Patient/ida']],
  ['CarePlan?subject=http://localhost/fhir/Patient/ida', ['Patient/ida']],
  ['CarePlan?subject=http://elsewhere.example/fhir/Patient/ida', []],
  ['CarePlan?_filter=patient eq ida and status eq active', ['Patient/ida']],
  ['CarePlan?_filter=status eq active or (subject re "Patient/ida")', ['Patient/ida']],
  ['CarePlan?_filter=not (patient ne ida)', []],
  ['CarePlan?status=active', []],
  ['Patient?family=Solberg', []],
  ['CarePlan?patient=a,b,c,d,e', []],
])('%s names %j', (path, names) => {
  expect(named(path)).toEqual(names);
});

it.each<[method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, ifNoneExist: string | undefined, names: readonly string[]]>([
  ['PUT', 'Goal?subject=Patient/ida', undefined, ['Patient/ida']],
  ['PATCH', 'Goal?patient=ida', undefined, ['Patient/ida']],
  ['DELETE', 'Patient?_id=ida', undefined, ['Patient/ida']],
  ['POST', 'Goal', 'subject=Patient/ida', ['Patient/ida']],
  ['POST', 'Goal', '?patient=ida', ['Patient/ida']],
  ['POST', 'Patient', 'Patient?_id=ida', ['Patient/ida']],
  ['POST', 'Goal?subject=Patient/ida', undefined, []],
  ['PUT', 'Goal/mine?subject=Patient/ida', undefined, []],
])('the condition of %s %s (%s) names %j', (method, path, ifNoneExist, names) => {
  const [place = '', query = ''] = path.split('?');
  const interaction = resolve(method, place.split('/'), definitions);
  const headers = ifNoneExist === undefined ? {} : { 'if-none-exist': ifNoneExist };
  const found = namedInSearch(interaction, { query: [...new URLSearchParams(query)], headers }, BASE);
  expect(found.map(({ type, id }) => `${type}/${id}`)).toEqual(names);
});

const NUMBER = '17834201585';
const SYSTEM = 'urn:oid:2.16.578.1.12.4.1.4.1';

it.each<[type: string, name: string, value: string, numbers: readonly string[]]>([
  ['Patient', 'identifier', NUMBER, [NUMBER]],
  ['Patient', 'identifier', `${SYSTEM}|${NUMBER}`, [NUMBER]],
  ['Patient', 'identifier', '178342 01585', [NUMBER]],
  ['CarePlan', 'patient.identifier', NUMBER, [NUMBER]],
  ['CarePlan', 'subject:Patient.identifier', NUMBER, [NUMBER]],
  ['PractitionerRole', '_has:CareTeam:participant:patient.identifier', NUMBER, [NUMBER]],
  ['Practitioner', '_has:Patient:general-practitioner:identifier', NUMBER, [NUMBER]],
  ['Patient', 'identifier:of-type', `http://terminology.hl7.org/CodeSystem/v2-0203|NI|${NUMBER}`, [NUMBER]],
  ['CarePlan', 'subject:identifier', `${SYSTEM}|${NUMBER}`, [NUMBER]],
  ['PractitionerRole', '_has:CareTeam:participant:patient:identifier', NUMBER, [NUMBER]],
  ['Task', 'owner:identifier', NUMBER, []],
  ['Patient', '_filter', `identifier eq ${SYSTEM}|${NUMBER}`, [NUMBER]],
  ['CarePlan', 'subject:Group.identifier', NUMBER, []],
  ['CarePlan', 'identifier', NUMBER, []],
  ['Patient', 'identifier', '12345', []],
  ['Practitioner', 'identifier', NUMBER, []],
])('%s?%s=%s asks for the person with %j', (type, name, value, numbers) => {
  expect(numbersInSearch(resolve('POST', [type, '_search'], definitions), { query: [[name, value]], headers: {} })).toEqual(numbers);
});
