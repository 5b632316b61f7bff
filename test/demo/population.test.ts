import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatJson } from '../../server/demo/author/bundle.ts';
import { EHR_RECORDS } from '../../server/demo/author/ehr-records.ts';
import { demoFiles } from '../../server/demo/author/files.ts';
import { syntheticNationalId } from '../../server/demo/author/numbers.ts';
import { STORIES } from '../../server/demo/author/stories/index.ts';
import { checkNationalId, isHprNumber, isOrganizationNumber } from '../../server/fhir/norwegian-id.ts';
import { isObject, type Resource } from '../../server/fhir/resource.ts';
import { bundlesOf, entriesOf, resourcesOf, SETS, textsIn, valuesNamed } from './bundles.ts';

const DEMO_FOLDER = join(import.meta.dirname, '../../server/demo');
const NATIONAL_NUMBER = 'urn:oid:2.16.578.1.12.4.1.4.1';
const HPR_NUMBER = 'urn:oid:2.16.578.1.12.4.1.4.4';
const ORGANIZATION_NUMBER = 'urn:oid:2.16.578.1.12.4.1.4.101';

describe('the files of the demo population', () => {
  const written = demoFiles();

  it('are what the stories say: regenerate with `node server/demo/author/write.ts`', () => {
    for (const [path, bundle] of Object.entries(written)) {
      expect(readFileSync(join(DEMO_FOLDER, path), 'utf8') === formatJson(bundle), `${path} is not up to date`).toBe(true);
    }
  });

  it('are listed in the README, each person with the records they are in', () => {
    const readme = readFileSync(join(DEMO_FOLDER, 'README.md'), 'utf8');
    const cells = readme.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    const rows = cells
      .filter(([, story]) => /^\d\d-/.test(story ?? ''))
      .map(([, story, id, name, born, , records]) => [story, id, name, born, records]);
    const visited = (name: string) => EHR_RECORDS.find((record) => record.name === name)!.visits.map((visit) => visit.person);
    const expected = Object.entries(STORIES).flatMap(([story, persons]) =>
      persons.map((person) => {
        const records = [visited('hospital').includes(person.id) ? 'H' : '', visited('municipality').includes(person.id) ? 'M' : ''];
        const where = records.filter((record) => record !== '').join(' ') || '–';
        return [story, `\`${person.id}\``, `${person.given} ${person.family}`, person.birthDate.slice(0, 4), where];
      }),
    );
    expect(rows).toEqual(expected);
  });

  it('are all written by a story', () => {
    const there = ['stories', 'ehr/hospital', 'ehr/municipality'].flatMap((folder) =>
      readdirSync(join(DEMO_FOLDER, folder)).map((name) => `${folder}/${name}`),
    );
    expect(there.sort()).toEqual(Object.keys(written).sort());
  });
});

describe.each(SETS)('the Bundles of %s', (set) => {
  it('are transactions of PUT entries whose full URL, request and id agree', () => {
    for (const bundle of bundlesOf(set)) {
      expect(bundle).toMatchObject({ resourceType: 'Bundle', type: 'transaction' });
      for (const { fullUrl, resource, request } of entriesOf(bundle)) {
        const key = `${resource.resourceType}/${resource.id}`;
        expect(request).toEqual({ method: 'PUT', url: key });
        expect(fullUrl.endsWith(`.example/fhir/${key}`)).toBe(true);
        expect(resource.id).toMatch(/^[a-z0-9-]{1,64}$/);
      }
    }
  });

  it('have no full URL twice', () => {
    const fullUrls = bundlesOf(set).flatMap((bundle) => entriesOf(bundle).map((entry) => entry.fullUrl));
    expect(new Set(fullUrls).size).toBe(fullUrls.length);
  });

  it('refer only to what the same Bundle or the directory holds', () => {
    const keysOf = (index: number) => entriesOf(bundlesOf(set)[index]!).map(({ resource }) => `${resource.resourceType}/${resource.id}`);
    const directory = keysOf(0);
    bundlesOf(set).forEach((bundle, index) => {
      const known = new Set([...directory, ...keysOf(index)]);
      const references = valuesNamed(bundle, 'reference').filter((reference) => typeof reference === 'string');
      const dangling = references.filter((reference) => !known.has(reference.replace(/\/_history\/1$/, '')));
      expect(dangling, String(bundle.id)).toEqual([]);
    });
  });

  it('show names with every reference to somebody', () => {
    const references = resourcesOf(set).flatMap((resource) =>
      ['member', 'owner', 'author', 'subject'].flatMap((name) => valuesNamed(resource, name)),
    );
    for (const reference of references.filter(isObject)) expect(reference.display, JSON.stringify(reference)).toBeTypeOf('string');
  });
});

describe('numbers', () => {
  const identifiers = SETS.flatMap((set) =>
    resourcesOf(set).flatMap((resource) =>
      valuesNamed(resource, 'identifier')
        .flat()
        .filter(isObject)
        .map((identifier) => ({ set, resource, system: String(identifier.system), value: String(identifier.value) })),
    ),
  );
  const withSystem = (system: string) => identifiers.filter((identifier) => identifier.system === system);

  it('are national numbers of the series month + 80 with valid check digits, never those of a living person', () => {
    expect(withSystem(NATIONAL_NUMBER).length).toBeGreaterThan(70);
    for (const { value } of withSystem(NATIONAL_NUMBER)) {
      expect(checkNationalId(value)).toEqual({ valid: true, kind: 'fodselsnummer', synthetic: 'tenor', rule: 'current' });
    }
  });

  it('agree with the birth date', () => {
    for (const { resource, value } of withSystem(NATIONAL_NUMBER)) {
      const [year = '', month = '', dayOfMonth = ''] = String(resource.birthDate).split('-');
      expect(value.slice(0, 6)).toBe(`${dayOfMonth}${Number(month) + 80}${year.slice(2)}`);
    }
  });

  it('are one for each person, and the same wherever that person stands', () => {
    const nameByNumber = new Map<string, string>();
    for (const { resource, value } of withSystem(NATIONAL_NUMBER)) {
      const [name] = valuesNamed(resource, 'name').flat().filter(isObject);
      const person = `${String(name?.given)} ${String(name?.family)} ${String(resource.birthDate)}`;
      expect(nameByNumber.get(value) ?? person).toBe(person);
      nameByNumber.set(value, person);
    }
    expect(new Set(nameByNumber.values()).size).toBe(nameByNumber.size);
  });

  it('are in the directory of none, but of a Person for each employee without an HPR number, kept where they work', () => {
    const practitioners = resourcesOf('shared', 'Practitioner');
    const staff = new Set(['Practitioner', 'PractitionerRole', 'Organization']);
    expect(withSystem(NATIONAL_NUMBER).filter(({ resource }) => staff.has(resource.resourceType))).toEqual([]);
    const without = practitioners.filter((resource) => !textsIn(resource).includes(HPR_NUMBER)).map(({ id }) => `${id}-person`);
    const persons = resourcesOf('shared', 'Person');
    expect(without.length).toBeGreaterThan(10);
    expect(persons.map(({ id }) => id).sort()).toEqual(without.sort());
    for (const { id, managingOrganization, link } of persons) {
      const key = id!.replace('-person', '');
      const role = resourcesOf('shared', 'PractitionerRole').find((each) => each.id === key);
      expect(managingOrganization).toEqual(role?.organization);
      expect(link).toEqual([{ target: { reference: `Practitioner/${key}` } }]);
    }
  });

  it('stand nowhere else: no other eleven digits in a row', () => {
    const known = new Set(withSystem(NATIONAL_NUMBER).map(({ value }) => value));
    const found = SETS.flatMap((set) => resourcesOf(set).flatMap(textsIn)).flatMap((text) => text.match(/(?<!\d)\d{11}(?!\d)/g) ?? []);
    expect(found.filter((digits) => !known.has(digits))).toEqual([]);
  });

  it('are HPR numbers above those in use, one for each employee', () => {
    const numbers = withSystem(HPR_NUMBER).filter(({ set }) => set === 'shared');
    for (const { value } of numbers) {
      expect(isHprNumber(value)).toBe(true);
      expect(value).toMatch(/^9990/);
    }
    expect(new Set(numbers.map(({ value }) => value)).size).toBe(numbers.length);
  });

  it('are organisation numbers with a valid check digit, of a series the register does not give out', () => {
    const numbers = withSystem(ORGANIZATION_NUMBER).filter(({ set }) => set === 'shared');
    for (const { value } of numbers) {
      expect(isOrganizationNumber(value)).toBe(true);
      expect(value).toMatch(/^3/);
    }
    expect(new Set(numbers.map(({ value }) => value)).size).toBe(numbers.length);
  });

  it('are phone numbers that no subscriber has, and addresses beyond the last postal code', () => {
    const phones = SETS.flatMap((set) => resourcesOf(set).flatMap((resource) => valuesNamed(resource, 'telecom').flat()))
      .filter(isObject)
      .filter((point) => point.system === 'phone');
    for (const phone of phones) expect(phone.value).toMatch(/^\+47 00 \d\d \d\d \d\d$/);
    const postalCodes = resourcesOf('shared').flatMap((resource) => valuesNamed(resource, 'postalCode'));
    for (const code of postalCodes) expect(Number(code)).toBeGreaterThan(9991);
  });
});

describe('the two EHRs', () => {
  const numberOf = (resource: Resource, system: string) =>
    valuesNamed(resource, 'identifier')
      .flat()
      .filter(isObject)
      .find((identifier) => identifier.system === system)?.value;
  const numbers = (set: (typeof SETS)[number], type: string, system: string) =>
    resourcesOf(set, type)
      .map((resource) => numberOf(resource, system))
      .filter((value) => value !== undefined);

  it.each(['hospital', 'municipality'] as const)(
    '%s knows at least 12 patients and 4 users, all but one patient known to the shared service',
    (set) => {
      const patients = numbers(set, 'Patient', NATIONAL_NUMBER);
      const users = numbers(set, 'Practitioner', HPR_NUMBER);
      expect(patients.length).toBeGreaterThanOrEqual(12);
      expect(users.length).toBe(resourcesOf(set, 'Practitioner').length);
      expect(users.length).toBeGreaterThanOrEqual(4);
      const unknown = new Set(patients).difference(new Set(numbers('shared', 'Patient', NATIONAL_NUMBER)));
      expect([...unknown]).toEqual([syntheticNationalId('1951-08-28', 'birger-lonevikmo')]);
      expect(numbers('shared', 'Practitioner', HPR_NUMBER)).toEqual(expect.arrayContaining(users));
      expect(numbers('shared', 'Organization', ORGANIZATION_NUMBER)).toEqual(
        expect.arrayContaining(numbers(set, 'Organization', ORGANIZATION_NUMBER)),
      );
    },
  );

  it.each(['hospital', 'municipality'] as const)('%s has a nurse, a doctor, a coordinator and somebody of the coordinating unit', (set) => {
    const titles = textsIn(resourcesOf(set, 'PractitionerRole'));
    for (const title of [/^Sykepleier/, /lege/i, /koordinator/i, /^Leder av koordinerende enhet$/]) {
      expect(
        titles.some((text) => title.test(text)),
        String(title),
      ).toBe(true);
    }
  });

  it.each(['hospital', 'municipality'] as const)('%s has an Encounter with a service provider for each patient', (set) => {
    const patients = resourcesOf(set, 'Patient').map((patient) => `Patient/${patient.id}`);
    const encounters = resourcesOf(set, 'Encounter');
    expect(valuesNamed(encounters, 'subject').map((subject) => isObject(subject) && subject.reference)).toEqual(patients);
    expect(valuesNamed(encounters, 'serviceProvider').length).toBe(patients.length);
  });

  it('have ids of their own, and several people in common', () => {
    const ids = SETS.map((set) => new Set(resourcesOf(set, 'Patient').map((patient) => patient.id)));
    expect(ids[1]!.intersection(ids[2]!).size + ids[0]!.intersection(ids[1]!).size + ids[0]!.intersection(ids[2]!).size).toBe(0);
    const both = new Set(numbers('hospital', 'Patient', NATIONAL_NUMBER)).intersection(
      new Set(numbers('municipality', 'Patient', NATIONAL_NUMBER)),
    );
    expect(both.size).toBeGreaterThanOrEqual(5);
  });
});
