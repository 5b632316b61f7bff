import { expect, it } from 'vitest';
import { staffByNumber } from '../../../server/auth/sign-in/staff-by-number.ts';
import type { Resource } from '../../../server/fhir/resource.ts';
import { onEachStore } from '../../support/stores.ts';
import { NOW_MS } from '../access-rule/people.ts';
import { organization, put, ref, role } from '../access-rule/record-parts.ts';

const OID = 'urn:oid:2.16.578.1.12.4.1.4.';
const fnr = { system: `${OID}1`, value: '23817010075' };
const dNumber = { system: `${OID}2`, value: '57834201582' };
const ENDED = { period: { start: '2020-01-01', end: '2025-12-31' } };
const ORGANIZATIONS = [
  organization('solvik', '100000001'),
  organization('school', '100000002', { partOf: 'solvik' }),
  organization('nursery', '100000003', { partOf: 'solvik' }),
  organization('hospital', '200000001'),
];

function person(id: string, practitioner: string, more: object = {}): Resource {
  return { resourceType: 'Person', id, identifier: [fnr], link: [{ target: ref(`Practitioner/${practitioner}`) }], ...more };
}
const keptBy = (id: string) => ({ managingOrganization: ref(`Organization/${id}`) });

const tone = (at: string, more: object = {}): Resource => ({ ...role('tone', at, more), id: `tone-at-${at}` });

type Row = readonly [what: string, known: readonly Resource[], actingFor: string | undefined, found: string | undefined];
const ROWS: readonly Row[] = [
  ['a Person of the organisation acted for', [person('a', 'tone', keptBy('school'))], 'school', 'tone'],
  ['a Person of the whole, for its unit', [person('a', 'tone', keptBy('solvik'))], 'school', 'tone'],
  ['no Person of a unit, for the whole', [person('a', 'tone', keptBy('school'))], 'solvik', undefined],
  ['no Person of a unit, for the one beside it', [person('a', 'tone', keptBy('nursery'))], 'school', undefined],
  ['no Person of another organisation', [person('a', 'tone', keptBy('hospital'))], 'school', undefined],
  ['a Person of administration, everywhere', [person('a', 'tone')], 'hospital', 'tone'],
  ['a Person of administration, for nobody', [person('a', 'tone')], undefined, 'tone'],
  ['no Person of an organisation, for nobody', [person('a', 'tone', keptBy('school'))], undefined, undefined],
  ['no Person that is out of use', [person('a', 'tone', { active: false })], 'school', undefined],
  ['a D-number as well', [person('a', 'tone', { identifier: [dNumber] })], 'school', 'tone'],
  ['a number as people write it', [person('a', 'tone', { identifier: [{ ...fnr, value: '238170 10075' }] })], 'school', 'tone'],
  ['nobody by another number', [person('a', 'tone', { identifier: [{ ...fnr, value: '13717404089' }] })], 'school', undefined],
  [
    'who works at the organisation that keeps the Person',
    [person('a', 'tone', keptBy('solvik')), tone('school'), tone('nursery')],
    'school',
    'tone',
  ],
  ['nobody who works elsewhere as well', [person('a', 'tone', keptBy('school')), tone('school'), tone('hospital')], 'school', undefined],
  ['nobody who works in the whole as well', [person('a', 'tone', keptBy('school')), tone('school'), tone('solvik')], 'school', undefined],
  ['who worked elsewhere', [person('a', 'tone', keptBy('school')), tone('school'), tone('hospital', ENDED)], 'school', 'tone'],
  ['who works in two places, by administration', [person('a', 'tone'), tone('school'), tone('hospital')], 'hospital', 'tone'],
  ['nobody who works nobody knows where', [person('a', 'tone', keptBy('school')), tone('nowhere')], 'school', undefined],
  ['neither of two', [person('a', 'tone'), person('b', 'tine', keptBy('school'))], 'school', undefined],
  ['the one of two that counts here', [person('a', 'tone', keptBy('school')), person('b', 'tine', keptBy('hospital'))], 'school', 'tone'],
  ['the same one by two', [person('a', 'tone', keptBy('solvik')), person('b', 'tone', keptBy('school'))], 'school', 'tone'],
  ['nobody by a link to a patient', [{ ...person('a', 'x'), link: [{ target: ref('Patient/ida') }] }], 'school', undefined],
  [
    'nobody by a link to elsewhere',
    [{ ...person('a', 'x'), link: [{ target: ref('https://x.example/Practitioner/y') }] }],
    'school',
    undefined,
  ],
];

onEachStore('staff by national number', (open) => {
  it.each(ROWS)('finds %s', async (_what, known, actingFor, found) => {
    const store = await open();
    await put(store, ...ORGANIZATIONS, ...known);
    const acting = ORGANIZATIONS.find(({ id }) => id === actingFor);
    expect(await staffByNumber(store, [fnr, dNumber], acting, NOW_MS)).toBe(found);
    expect(await staffByNumber(store, [], acting, NOW_MS)).toBeUndefined();
  });
});
