/** The brands of the demo: the invented municipality and hospital, who answer for the plans together and each for its own records. */
import type { Brands } from '../auth/user-access-brands.ts';
import type { Resource } from '../fhir/resource.ts';

const DEVELOPERS = 'https://fellesplan.example';
const CHANGED_AT = '2026-11-22T00:00:00Z';
const CATEGORY = 'http://hl7.org/fhir/smart-app-launch/CodeSystem/user-access-category';

const MUNICIPALITY = organization('solvik', 'Solvik kommune', 'https://solvik.example', '310001376');
const HOSPITAL = organization('fjordheim', 'Fjordheim sykehus', 'https://fjordheim.example', '310043842');

/** Of the shared service, and of both record systems. */
export const DEMO_BRANDS: Readonly<Record<'shared' | 'hospital' | 'municipality', Brands>> = {
  shared: brands(MUNICIPALITY, HOSPITAL),
  hospital: brands(HOSPITAL),
  municipality: brands(MUNICIPALITY),
};

function brands(...organizations: readonly Resource[]): Brands {
  return { developers: DEVELOPERS, organizations, changedAt: CHANGED_AT };
}

function organization(id: string, name: string, website: string, number: string): Resource {
  return {
    resourceType: 'Organization',
    id,
    identifier: [
      { system: 'urn:ietf:rfc:3986', value: website },
      { system: 'urn:oid:2.16.578.1.12.4.1.4.101', value: number },
    ],
    active: true,
    type: [{ coding: [{ system: CATEGORY, code: 'clinical' }] }],
    name,
    telecom: [{ system: 'url', value: website }],
  };
}
