/**
 * Where a resource tells the national identity number of somebody who works in health or welfare. Patients, relatives
 * and a Person have numbers of their own; anywhere else a number is read by more people than it is for:
 *
 * | where | is such a number |
 * |---|---|
 * | a resource of the directory, also a contained one | every national number in it, under whatever system, in an identifier or in words |
 * | a Reference with an identifier | unless it is said, by type, by reference or by what may stand there, that it names a patient or relative |
 * | any other identifier | of all but a Patient, RelatedPerson or Person |
 *
 * A StructureDefinition holds patterns and examples, which are nobody's.
 *
 * Spec: https://hl7.org/fhir/R4/references.html#logical · https://hl7.org/fhir/R4/person.html
 */
import type { Definitions, TypeInfo } from '../../definitions/definitions.ts';
import { parseReference } from '../../fhir/reference.ts';
import { isObject, isResource, type Resource } from '../../fhir/resource.ts';
import { holdsNationalNumber, isPersonalSystem } from '../../search/personal-number.ts';

/** A place in a resource, from the root. */
export interface NumberPlace {
  readonly path: readonly (string | number)[];
  /** What stands there: an identifier of a resource, the identifier in a reference, or words. */
  readonly kind: 'identifier' | 'reference' | 'words';
  /** True in a resource of the directory. */
  readonly inDirectory: boolean;
}

type Values = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

/** Who works where, and how they are reached: read by all who sign in. */
const DIRECTORY: ReadonlySet<string> = new Set([
  'Endpoint',
  'HealthcareService',
  'Location',
  'Organization',
  'Practitioner',
  'PractitionerRole',
]);
const IN_CARE: ReadonlySet<string> = new Set(['Patient', 'RelatedPerson']);
/** Types whose own identifiers are numbers of people in care; a Person is kept from others as a whole, not inside another resource. */
const HAVE_NUMBERS: ReadonlySet<string> = new Set([...IN_CARE, 'Person']);
const MAY_WORK_HERE: ReadonlySet<string> = new Set(['Practitioner', 'PractitionerRole', 'Person']);
const DEFINITION = 'StructureDefinition';
/** What every such number has in its text, but for those that only the directory is searched for. */
const OID = '2.16.578.1.12.4.1.4.';

/**
 * False when the JSON text of a resource can tell no such number: asked of every write, and nearly always so. Whether
 * something is contained can be told by who has more than the text: to look for it there costs the most.
 */
export function mayTellNumber(type: string, json: string, isContaining = json.includes('"contained":')): boolean {
  return isContaining || DIRECTORY.has(type) || type === 'Bundle' || json.includes(OID);
}

/** The places, in the order of the resource. */
export function staffNumberPlaces(resource: Resource, definitions: Pick<Definitions, 'type'>): readonly NumberPlace[] {
  const search = new PlaceSearch(resource, definitions);
  search.inResource(resource, []);
  return search.found;
}

class PlaceSearch {
  readonly found: NumberPlace[] = [];
  readonly #root: Resource;
  readonly #definitions: Pick<Definitions, 'type'>;

  constructor(root: Resource, definitions: Pick<Definitions, 'type'>) {
    this.#root = root;
    this.#definitions = definitions;
  }

  inResource(resource: Resource, path: Path): void {
    const { resourceType: type } = resource;
    const isOwn = path.length === 0 ? HAVE_NUMBERS.has(type) : IN_CARE.has(type);
    this.#inElements(resource, path, this.#definitions.type(type), type, isOwn);
  }

  #inElements(values: Values, path: Path, info: TypeInfo | undefined, owner: string, isOwn = false): void {
    for (const [name, value] of Object.entries(values)) {
      if (typeof value === 'string' && name !== 'id') this.#inWords(value, [...path, name], values, owner);
      if (typeof value !== 'object' || value === null || (isOwn && name === 'identifier')) continue;
      const property = info?.property(name);
      const type = property === undefined ? undefined : (property.element.childrenIn ?? property.type);
      const each = Array.isArray(value)
        ? value.map((item, place) => [item, [...path, name, place]] as const)
        : [[value, [...path, name]] as const];
      for (const [item, at] of each) {
        if (typeof item === 'string') this.#inWords(item, at, values, owner);
        else if (isResource(item)) this.inResource(item, at);
        else if (isObject(item)) this.#inElement(item, at, { name, type, targets: property?.element.targets ?? [], owner });
      }
    }
  }

  #inElement(
    item: Values,
    at: Path,
    { name, type, targets, owner }: { name: string; type: string | undefined; targets: readonly string[]; owner: string },
  ): void {
    if (isNumber(item, owner) && !(HAVE_NUMBERS.has(owner) && name === 'valueIdentifier')) {
      this.#add(at, 'identifier', owner);
      return;
    }
    const { identifier, ...rest } = item;
    if (isObject(identifier)) {
      const within = [...at, 'identifier'];
      if (!isNumber(identifier, owner)) this.#inElements(identifier, within, this.#typeOf('Identifier'), owner);
      else if (!this.#namesSomebodyInCare(item, targets)) this.#add(within, 'reference', owner);
      this.#inElements(rest, at, this.#typeOf(type), owner);
    } else this.#inElements(item, at, this.#typeOf(type), owner);
  }

  #typeOf(name: string | undefined): TypeInfo | undefined {
    return name === undefined ? undefined : this.#definitions.type(name);
  }

  #namesSomebodyInCare({ type, reference }: Values, targets: readonly string[]): boolean {
    const said = [typeof type === 'string' ? type.slice(type.lastIndexOf('/') + 1) : undefined, this.#pointsAt(reference)];
    const types = said.filter((each) => each !== undefined);
    if (types.length > 0) return types.every((each) => IN_CARE.has(each));
    return targets.some((target) => IN_CARE.has(target)) && !targets.some((target) => MAY_WORK_HERE.has(target));
  }

  /** The type of what a reference points at; undefined where its text does not tell. */
  #pointsAt(reference: unknown): string | undefined {
    if (typeof reference !== 'string') return undefined;
    const parsed = parseReference(reference);
    if (parsed.kind === 'local' || parsed.kind === 'absolute' || parsed.kind === 'conditional') return parsed.type;
    if (parsed.kind !== 'contained') return undefined;
    const contained = Array.isArray(this.#root.contained) ? this.#root.contained : [];
    return contained.filter(isResource).find(({ id }) => id === parsed.id)?.resourceType;
  }

  /** A phone number may have eleven digits as well. */
  #inWords(text: string, path: Path, beside: Values, owner: string): void {
    const isContact = path.at(-1) === 'value' && typeof beside.system === 'string' && CONTACT_SYSTEMS.has(beside.system);
    if (DIRECTORY.has(owner) && !isContact && holdsNationalNumber(text)) this.#add(path, 'words', owner);
  }

  #add(path: Path, kind: NumberPlace['kind'], owner: string): void {
    this.found.push({ path, kind, inDirectory: DIRECTORY.has(owner) });
  }
}

/** https://hl7.org/fhir/R4/valueset-contact-point-system.html */
const CONTACT_SYSTEMS: ReadonlySet<string> = new Set(['phone', 'fax', 'pager', 'sms', 'email', 'url', 'other']);

/** True for an Identifier that is a national number, in the directory under whatever system. */
function isNumber({ system, value }: Values, owner: string): boolean {
  if (typeof value !== 'string' || value === '' || owner === DEFINITION) return false;
  if (isPersonalSystem(system)) return true;
  return DIRECTORY.has(owner) && !CONTACT_SYSTEMS.has(String(system)) && holdsNationalNumber(value);
}
