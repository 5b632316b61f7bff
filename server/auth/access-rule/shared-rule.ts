/**
 * Who may change what is about no patient: the directory of people and organisations, the numbers that staff sign in by,
 * places and services, and definitions and forms. A person changes none of it. A system of an organisation does this, and
 * all else is for systems that their scopes alone bind:
 *
 * | what | a system of an organisation |
 * |---|---|
 * | PractitionerRole | keeps those of its own organisation and its units |
 * | Person | keeps those of its own organisation and its units; whom a number signs in: staff-by-number.ts |
 * | Practitioner | adds some, and changes what decides no access |
 * | Organization | changes its own and its units, but for what decides access |
 * | Location, HealthcareService, Endpoint | keeps those of its own organisation and its units |
 * | definitions, forms and all other | adds some: another's pathway or form is not its to change |
 *
 * Teams name roles and organisations, so that whoever changes these makes members.
 *
 * Spec: profiles/README.md
 */
import type { Resource } from '../../fhir/resource.ts';
import type { Change } from '../access-decision.ts';
import { namesOne } from './links.ts';
import { PERSON } from './person-access.ts';
import type { BoundReach } from './reach.ts';

/** Of an Organization and a Practitioner: by what they are known, and where an organisation belongs. */
const DECIDING_ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  Organization: ['active', 'identifier', 'partOf', 'type'],
  Practitioner: ['active', 'identifier'],
};
const DIRECTORY: ReadonlySet<string> = new Set(['PractitionerRole', PERSON, ...Object.keys(DECIDING_ELEMENTS)]);
/** The element that says whose it is. */
const KEEPERS: Readonly<Record<string, string>> = {
  PractitionerRole: 'organization',
  [PERSON]: 'managingOrganization',
  Location: 'managingOrganization',
  HealthcareService: 'providedBy',
  Endpoint: 'managingOrganization',
};

/** Why a change of a resource of a shared type is not the caller's to make; undefined when it is. Pure. */
export function whyNotShared({ service }: BoundReach, change: Change): string | undefined {
  const { before, after } = change;
  const { resourceType: type = '' } = (after ?? before)!;
  const own = service === undefined || service.practitionerId !== undefined ? undefined : new Set(service.members);
  if (own !== undefined && mayChange(own, type, change)) return undefined;
  const deed = before === undefined ? 'create' : after === undefined ? 'delete' : 'update';
  const [rule, who] = DIRECTORY.has(type) ? ['directory', 'the system of the organisation'] : ['shared', 'the system of whoever keeps it'];
  return `By the access rule "${rule}", to ${deed} this ${type} is for ${who}, or administration`;
}

function mayChange(own: ReadonlySet<string>, type: string, { before, after }: Change): boolean {
  const keeper = KEEPERS[type];
  if (keeper !== undefined) return [before, after].every((each) => each === undefined || namesOne(each[keeper], own));
  if (type === 'Organization') return own.has(`Organization/${(after ?? before)!.id}`) && isSame(type, before, after);
  if (type === 'Practitioner') return after !== undefined && (before === undefined || isSame(type, before, after));
  return before === undefined;
}

/** True when nothing differs that decides access. */
function isSame(type: string, before: Resource | undefined, after: Resource | undefined): boolean {
  return (DECIDING_ELEMENTS[type] ?? []).every((element) => JSON.stringify(before?.[element]) === JSON.stringify(after?.[element]));
}
