import { describe, expect, it } from 'vitest';
import { createValidator } from '../../server/validation/create-validator.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { computeMs } from '../support/compute-time.ts';

const validator = createValidator({ terminology: createTerminology() });
const STRUCTURES = 'https://fellesplan.example/fhir/StructureDefinition';

/** What is told of the first broken rule of a name. */
const told = (rule: string, resource: object) =>
  validator.validate(resource).find(({ details }) => details?.coding?.[0]?.code === rule)?.diagnostics;

describe('a name that is not known is told with the one that was probably meant', () => {
  it.each([
    ['birthdate', "Unrecognized property 'birthdate' (birthDate?)"],
    ['nmae', "Unrecognized property 'nmae' (name?)"],
    ['shoeSize', "Unrecognized property 'shoeSize'"],
  ])('a property: %s', (name, text) => {
    expect(told('unknown-property', { resourceType: 'Patient', [name]: [] })).toBe(text);
  });

  it('a property of what stands inside', () => {
    const patient = { resourceType: 'Patient', contact: [{ telecon: [{ value: '1' }] }] };
    expect(told('unknown-property', patient)).toBe("Unrecognized property 'telecon' (telecom?)");
  });

  it.each([
    [`${STRUCTURES}/fp-careplan`, ' (fp-care-plan?)'],
    [`${STRUCTURES}/fp-care-paln|0.1.0`, ' (fp-care-plan?)'],
    [`${STRUCTURES}/fp-diagnosis`, ''],
    ['http://hl7.no/fhir/StructureDefinition/no-basis-Patint', ''],
  ])('a profile of the project: %s', (profile, near) => {
    expect(told('profile-unknown', { resourceType: 'CarePlan', meta: { profile: [profile] } })).toBe(
      `The profile ${profile}${near} is not known and was not checked`,
    );
  });

  it('an extension of the project', () => {
    const extension = [{ url: `${STRUCTURES}/fp-nextreview`, valueDate: '2026-01-01' }];
    expect(told('extension-unknown', { resourceType: 'CarePlan', extension })).toBe(
      `The extension ${STRUCTURES}/fp-nextreview (fp-next-review?) is not known`,
    );
  });

  it('costs little where very many are not known', () => {
    const extension = Array.from({ length: 2000 }, (_, n) => ({ url: `${STRUCTURES}/fp-nextrevi${n}`, valueDate: '2026-01-01' }));
    expect(Math.min(...[1, 2].map(() => computeMs(() => validator.validate({ resourceType: 'CarePlan', extension }))))).toBeLessThan(400);
  });
});
