/**
 * The invented municipalities, the invented hospital and their services: who exists, and under whom.
 *
 * Spec: https://hl7.org/fhir/R4/organization.html
 */

export interface OrganizationFact {
  readonly name: string;
  readonly partOf?: string;
  readonly kind: 'govt' | 'prov' | 'dept' | 'edu' | 'cg';
}

export const ORGANIZATIONS = {
  solvik: { name: 'Solvik kommune', kind: 'govt' },
  'solvik-ke': { name: 'Solvik kommune, koordinerende enhet', partOf: 'solvik', kind: 'dept' },
  'solvik-tildeling': { name: 'Solvik kommune, tildelingskontoret', partOf: 'solvik', kind: 'dept' },
  'solvik-hjemmetjeneste': { name: 'Solvik kommune, hjemmetjenesten', partOf: 'solvik', kind: 'prov' },
  'solvik-rehab': { name: 'Solvik kommune, rehabilitering og hverdagsmestring', partOf: 'solvik', kind: 'prov' },
  'solvik-dho': { name: 'Solvik kommune, responssenter for digital hjemmeoppfølging', partOf: 'solvik', kind: 'prov' },
  'solvik-psykisk-helse': { name: 'Solvik kommune, psykisk helse og rus', partOf: 'solvik', kind: 'prov' },
  'solvik-helsestasjon': { name: 'Solvik kommune, helsestasjon og skolehelsetjeneste', partOf: 'solvik', kind: 'prov' },
  'solvik-bolig': { name: 'Solvik kommune, boligkontoret', partOf: 'solvik', kind: 'dept' },
  'solvik-barnevern': { name: 'Solvik kommune, barneverntjenesten', partOf: 'solvik', kind: 'dept' },
  'solvik-ppt': { name: 'Solvik kommune, pedagogisk-psykologisk tjeneste', partOf: 'solvik', kind: 'dept' },
  'solvik-barnehage': { name: 'Svaberget barnehage', partOf: 'solvik', kind: 'edu' },
  'solvik-barneskole': { name: 'Solvik barneskole', partOf: 'solvik', kind: 'edu' },
  'solvik-ungdomsskole': { name: 'Solvik ungdomsskole', partOf: 'solvik', kind: 'edu' },
  'solvik-legesenter': { name: 'Solvik legesenter', kind: 'prov' },
  'nav-solvik': { name: 'Nav Solvik', kind: 'govt' },
  'havna-frivilligsentral': { name: 'Havna frivilligsentral', kind: 'cg' },
  granheim: { name: 'Granheim kommune', kind: 'govt' },
  'granheim-ke': { name: 'Granheim kommune, koordinerande eining', partOf: 'granheim', kind: 'dept' },
  'granheim-heimeteneste': { name: 'Granheim kommune, heimetenesta', partOf: 'granheim', kind: 'prov' },
  'granheim-rehab': { name: 'Granheim kommune, fysio- og ergoterapi', partOf: 'granheim', kind: 'prov' },
  'granheim-helsestasjon': { name: 'Granheim kommune, helsestasjon og skulehelseteneste', partOf: 'granheim', kind: 'prov' },
  'granheim-psykisk-helse': { name: 'Granheim kommune, psykisk helse og rus', partOf: 'granheim', kind: 'prov' },
  'granheim-ppt': { name: 'Granheim kommune, pedagogisk-psykologisk teneste', partOf: 'granheim', kind: 'dept' },
  'granheim-skule': { name: 'Granheim skule', partOf: 'granheim', kind: 'edu' },
  'granheim-legekontor': { name: 'Granheim legekontor', kind: 'prov' },
  'nav-granheim': { name: 'Nav Granheim', kind: 'govt' },
  nordvag: { name: 'Nordvåg kommune', kind: 'govt' },
  'nordvag-ke': { name: 'Nordvåg kommune, koordinerende enhet', partOf: 'nordvag', kind: 'dept' },
  'nordvag-hjemmetjeneste': { name: 'Nordvåg kommune, hjemmetjenesten', partOf: 'nordvag', kind: 'prov' },
  'nordvag-legekontor': { name: 'Nordvåg legekontor', kind: 'prov' },
  fjordheim: { name: 'Fjordheim sykehus HF', kind: 'prov' },
  'fjordheim-ke': { name: 'Fjordheim sykehus, koordinerende enhet', partOf: 'fjordheim', kind: 'dept' },
  'fjordheim-medisin': { name: 'Fjordheim sykehus, medisinsk avdeling', partOf: 'fjordheim', kind: 'prov' },
  'fjordheim-geriatri': { name: 'Fjordheim sykehus, geriatrisk seksjon', partOf: 'fjordheim', kind: 'prov' },
  'fjordheim-hjerte': { name: 'Fjordheim sykehus, hjertesviktpoliklinikken', partOf: 'fjordheim', kind: 'prov' },
  'fjordheim-lunge': { name: 'Fjordheim sykehus, lungepoliklinikken', partOf: 'fjordheim', kind: 'prov' },
  'fjordheim-infeksjon': { name: 'Fjordheim sykehus, infeksjonsmedisinsk seksjon', partOf: 'fjordheim', kind: 'prov' },
  'fjordheim-ortopedi': { name: 'Fjordheim sykehus, ortopedisk avdeling', partOf: 'fjordheim', kind: 'prov' },
  'fjordheim-nevro': { name: 'Fjordheim sykehus, nevrologisk avdeling', partOf: 'fjordheim', kind: 'prov' },
  'fjordheim-rehab': { name: 'Fjordheim sykehus, fysikalsk medisin og rehabilitering', partOf: 'fjordheim', kind: 'prov' },
  'fjordheim-lindrende': { name: 'Fjordheim sykehus, lindrende team', partOf: 'fjordheim', kind: 'prov' },
  'fjordheim-kvinne': { name: 'Fjordheim sykehus, kvinneklinikken', partOf: 'fjordheim', kind: 'prov' },
  'fjordheim-barn': { name: 'Fjordheim sykehus, barneavdelingen', partOf: 'fjordheim', kind: 'prov' },
  'fjordheim-habu': { name: 'Fjordheim sykehus, barnehabiliteringen', partOf: 'fjordheim', kind: 'prov' },
  'fjordheim-havo': { name: 'Fjordheim sykehus, voksenhabiliteringen', partOf: 'fjordheim', kind: 'prov' },
  'fjordheim-bup': { name: 'Fjordheim sykehus, barne- og ungdomspsykiatrisk poliklinikk', partOf: 'fjordheim', kind: 'prov' },
  'fjordheim-fact': { name: 'Fjordheim sykehus, FACT-teamet i Solvik', partOf: 'fjordheim', kind: 'prov' },
  'fjordheim-rop': { name: 'Fjordheim sykehus, rus- og avhengighetsmedisin (ROP)', partOf: 'fjordheim', kind: 'prov' },
} as const satisfies Record<string, OrganizationFact>;

export type OrganizationKey = keyof typeof ORGANIZATIONS;

/** The facts of an organisation, with the optional ones readable. */
export function organizationFact(key: OrganizationKey): OrganizationFact {
  return ORGANIZATIONS[key];
}

/** The organisation at the top: the municipality or the hospital that a service belongs to, or the service itself. */
export function topOrganization(key: OrganizationKey): OrganizationKey {
  const parent = organizationFact(key).partOf;
  return parent === undefined ? key : topOrganization(parent as OrganizationKey);
}
