/**
 * The brands that an operator publishes, read from the file that `FELLESPLAN_BRANDS` names: everything that is wrong is
 * told at once, with its place.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/StructureDefinition-user-access-brand.html
 */
import { stat } from 'node:fs/promises';
import { BRAND_ENDPOINT_ID, type Brands } from '../auth/user-access-brands.ts';
import { ID_PATTERN, isObject, objectsIn, type Resource } from '../fhir/resource.ts';
import { readJsonFile, refuseFile, unknownMembers } from './json-file.ts';

const PORTAL = 'http://hl7.org/fhir/StructureDefinition/organization-portal';

/**
 * The brands of the file, changed when the file was.
 * @throws Error naming the file when it cannot be read or is not JSON, with a line for everything that is wrong with it.
 */
export async function readBrands(file: string): Promise<Brands> {
  const content = await readJsonFile(file);
  refuseFile(file, problemsOf(content));
  const { developers, organizations } = content as Omit<Brands, 'changedAt'>;
  return { developers, organizations, changedAt: (await stat(file)).mtime.toISOString() };
}

function problemsOf(content: unknown): readonly string[] {
  if (!isObject(content)) return ['an object is wanted'];
  const { developers, organizations } = content;
  const problems = [...unknownMembers(content, ['developers', 'organizations'])];
  if (!isHttps(developers)) problems.push('developers: an https URL is wanted, where apps are registered');
  if (!Array.isArray(organizations) || organizations.length === 0) return [...problems, 'organizations: a list with one or more is wanted'];
  const brands = organizations.map((each: unknown) => (isObject(each) ? each : {})) as readonly Partial<Resource>[];
  return [...problems, ...brands.flatMap((brand, at) => brandProblems(brand, brands).map((problem) => `organizations[${at}]${problem}`))];
}

function brandProblems(brand: Partial<Resource>, brands: readonly Partial<Resource>[]): readonly string[] {
  const { resourceType, id, name, telecom, identifier, endpoint, partOf, extension } = brand;
  const websites = objectsIn(telecom).filter(({ system, value }) => system === 'url' && isHttps(value));
  const identifiers = objectsIn(identifier).filter(({ value }) => typeof value === 'string' && value !== '');
  const host = brands.find((each) => isObject(partOf) && partOf.reference === `Organization/${each.id}`);
  const portals = objectsIn(extension).filter(({ url }) => url === PORTAL);
  const links = portals.flatMap((portal) => objectsIn(portal.extension)).filter(({ url }) => url === 'portalEndpoint');
  const rules: readonly (readonly [isMet: boolean, problem: string])[] = [
    [resourceType === 'Organization', '.resourceType: Organization is wanted'],
    [typeof id === 'string' && ID_PATTERN.test(id), '.id: an id is wanted'],
    [brands.filter((each) => each.id === id).length === 1, `.id: ${id} is taken`],
    [typeof name === 'string' && name.trim() !== '', '.name: the name that people know is wanted'],
    [websites.length === 1, '.telecom: one website is wanted, with system url and an https URL'],
    [identifiers.length > 0, '.identifier: one with a value is wanted'],
    [!brands.some((other) => other !== brand && shareIdentifier(other, brand)), '.identifier: another brand has the same'],
    [endpoint === undefined, '.endpoint: this is added by the service'],
    [
      partOf === undefined || (host !== undefined && host.partOf === undefined),
      '.partOf: another of these brands is wanted, that has none',
    ],
    [
      links.every(({ valueReference }) => isObject(valueReference) && valueReference.reference === `Endpoint/${BRAND_ENDPOINT_ID}`),
      `.extension: portalEndpoint refers to Endpoint/${BRAND_ENDPOINT_ID}`,
    ],
  ];
  return rules.flatMap(([isMet, problem]) => (isMet ? [] : [problem]));
}

function shareIdentifier(one: Partial<Resource>, other: Partial<Resource>): boolean {
  const names = objectsIn(one.identifier).map(({ system, value }) => `${system} ${value}`);
  return objectsIn(other.identifier).some(({ system, value }) => names.includes(`${system} ${value}`));
}

function isHttps(url: unknown): boolean {
  return typeof url === 'string' && URL.parse(url)?.protocol === 'https:';
}
