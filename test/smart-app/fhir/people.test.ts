import type { ContactPoint, Resource } from '@medplum/fhirtypes';
import { describe, expect, test } from 'vitest';
import { CODE_SYSTEM } from '../../../smart-app/src/fhir/canonicals.ts';
import { personOf, telephoneLink } from '../../../smart-app/src/fhir/people.ts';
import { ResourceIndex } from '../../../smart-app/src/fhir/resource-index.ts';
import { codeName } from '../../../smart-app/src/i18n/code-labels.ts';

const person = (resource: Resource, ...others: readonly Resource[]) =>
  personOf({ reference: `${resource.resourceType}/${resource.id}` }, new ResourceIndex([resource, ...others]));
const patient = (more: object): Resource => ({ resourceType: 'Patient', id: 'p', ...more }) as Resource;
const phones = (...telecom: readonly ContactPoint[]) => person(patient({ telecom })).phones;

describe('who a relative is', () => {
  const V3 = 'http://terminology.hl7.org/CodeSystem/v3-RoleCode';
  const NO_BASIS = 'http://hl7.no/fhir/CodeSystem/no-basis';
  const kin = (...relationship: readonly object[]) =>
    person({ resourceType: 'RelatedPerson', id: 'r', relationship } as Resource).roles.map((role) => codeName(role, 'nn'));

  test.each<[why: string, relationship: readonly object[], shown: readonly string[]]>([
    ['has a name, not a code', [{ coding: [{ system: V3, code: 'DAUC' }] }], ['Dotter']],
    [
      'stands in the data’s own words where it has any',
      [{ coding: [{ system: V3, code: 'MTH' }], text: 'Mor, eneansvar' }],
      ['Mor, eneansvar'],
    ],
    [
      'is told once',
      [{ coding: [{ system: V3, code: 'MTH' }] }, { coding: [{ system: `${NO_BASIS}-family-relation`, code: 'mor' }] }],
      ['Mor'],
    ],
    [
      'is neither marital status nor who has parental responsibility',
      [
        { coding: [{ system: `${NO_BASIS}-marital-status`, code: 'gift', display: 'Gift' }] },
        { coding: [{ system: `${NO_BASIS}-parental-responsibility`, code: 'felles', display: 'Felles' }] },
        { coding: [{ system: V3, code: 'FTH' }] },
      ],
      ['Far'],
    ],
    ['may be a role in the team', [{ coding: [{ system: CODE_SYSTEM.teamRole, code: 'foresatt' }] }], ['Føresett']],
    ['is left out where the code has no name', [{ coding: [{ system: V3, code: 'ONESELF' }] }], []],
  ])('%s', (_why, relationship, shown) => {
    expect(kin(...relationship)).toEqual(shown);
  });
});

describe('the name of a person', () => {
  test.each<[why: string, name: readonly object[] | undefined, shown: string | undefined]>([
    ['is what stands as text', [{ text: 'Ola Nordmann', family: 'X' }], 'Ola Nordmann'],
    [
      'is given and family names, without titles',
      [{ given: ['Ola', 'Per'], family: 'Nordmann', prefix: ['Dr.'], suffix: ['jr.'] }],
      'Ola Per Nordmann',
    ],
    [
      'is the official one before the usual one',
      [
        { use: 'usual', text: 'Olli' },
        { use: 'official', text: 'Ola' },
      ],
      'Ola',
    ],
    [
      'is the usual one before others',
      [
        { use: 'nickname', text: 'O' },
        { use: 'usual', text: 'Olli' },
      ],
      'Olli',
    ],
    ['is never an old one', [{ use: 'old', text: 'Før' }], undefined],
    ['may be unknown', undefined, undefined],
  ])('%s', (_why, name, shown) => {
    expect(person(patient({ name }))).toMatchObject({ kind: 'patient', key: 'Patient/p' });
    expect(person(patient({ name })).name).toBe(shown);
  });

  test('is that of the reference where the resource is not here', () => {
    const index = new ResourceIndex([]);
    expect(personOf({ reference: 'Patient/x', display: 'Kari' }, index)).toMatchObject({ kind: 'patient', name: 'Kari' });
    expect(personOf({ display: 'Nav Solvik' }, index)).toMatchObject({ kind: 'unknown', key: 'Nav Solvik', name: 'Nav Solvik' });
  });
});

describe('phone numbers', () => {
  test('are telephones and SMS that are in use, each once', () => {
    expect(
      phones(
        { system: 'phone', value: '22 00 00 01' },
        { system: 'email', value: 'a@b.example' },
        { system: 'fax', value: '22 00 00 02' },
        { system: 'sms', value: '99 00 00 03' },
        { system: 'phone', value: '22 00 00 04', use: 'old' },
        { system: 'phone', use: 'work' },
        { system: 'phone', value: '22 00 00 01', use: 'work' },
      ),
    ).toEqual(['22 00 00 01', '99 00 00 03']);
  });

  test('come home last, and as they are ranked', () => {
    const home: ContactPoint = { system: 'phone', value: 'home', use: 'home' };
    const work: ContactPoint = { system: 'phone', value: 'work', use: 'work' };
    expect(phones(home, work)).toEqual(['work', 'home']);
    expect(phones(work, { ...home, rank: 1 })).toEqual(['home', 'work']);
  });

  test('of a role come before those of who has it, and of where it is', () => {
    const role = {
      resourceType: 'PractitionerRole',
      id: 'r',
      practitioner: { reference: 'Practitioner/n' },
      organization: { reference: 'Organization/o' },
      telecom: [{ system: 'phone', value: '1', use: 'home' }],
    } as Resource;
    const nurse = {
      resourceType: 'Practitioner',
      id: 'n',
      name: [{ text: 'Kari Nes' }],
      telecom: [{ system: 'phone', value: '2' }],
    } as Resource;
    const place = { resourceType: 'Organization', id: 'o', name: 'Solvik kommune', telecom: [{ system: 'phone', value: '3' }] } as Resource;
    expect(person(role, nurse, place)).toMatchObject({
      kind: 'professional',
      name: 'Kari Nes',
      organization: 'Solvik kommune',
      phones: ['1', '2', '3'],
    });
  });

  test('are dialled without what is there to be read', () => {
    expect(telephoneLink('+47 99 01-12 (34)')).toBe('tel:+4799011234');
  });
});
