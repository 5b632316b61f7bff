/**
 * The vital signs that R4 binds to a profile: an Observation with one of these codes must conform to it.
 *
 * Spec: https://hl7.org/fhir/R4/observation-vitalsigns.html
 */
import { isObject, type Resource } from '../fhir/resource.ts';

const LOINC = 'http://loinc.org';
const CORE = 'http://hl7.org/fhir/StructureDefinition/';

/** Profile by LOINC code. */
const PROFILES: Readonly<Record<string, string>> = {
  '85353-1': 'vitalspanel',
  '9279-1': 'resprate',
  '8867-4': 'heartrate',
  '2708-6': 'oxygensat',
  '8310-5': 'bodytemp',
  '8302-2': 'bodyheight',
  '9843-4': 'headcircum',
  '29463-7': 'bodyweight',
  '39156-5': 'bmi',
  '85354-9': 'bp',
};

const NONE: readonly string[] = [];

/** The canonicals of the profiles that an Observation's codes ask for. */
export function vitalSignProfiles(resource: Resource): readonly string[] {
  if (resource.resourceType !== 'Observation' || !isObject(resource.code) || !Array.isArray(resource.code.coding)) return NONE;
  const found: string[] = [];
  for (const coding of resource.code.coding) {
    if (!isObject(coding) || coding.system !== LOINC || typeof coding.code !== 'string') continue;
    const name = Object.hasOwn(PROFILES, coding.code) ? PROFILES[coding.code] : undefined;
    if (name !== undefined && !found.includes(CORE + name)) found.push(CORE + name);
  }
  return found;
}
