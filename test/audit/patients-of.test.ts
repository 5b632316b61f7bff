import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { patientsOf } from '../../server/audit/patients-of.ts';

const task = (content: object): string => JSON.stringify({ resourceType: 'Task', id: 't1', ...content });

describe('the patients a resource is about', () => {
  it.each<[why: string, json: string, expected: readonly string[]]>([
    ['the subject', task({ for: { reference: 'Patient/p1' } }), ['p1']],
    ['a version of it', task({ for: { reference: 'Patient/p1/_history/2' } }), ['p1']],
    ['an absolute URL', task({ for: { reference: 'https://other.example/fhir/Patient/p1' } }), ['p1']],
    ['something stands before the reference', task({ for: { type: 'Patient', display: 'A "B" {', reference: 'Patient/p1' } }), ['p1']],
    [
      'each once, in order',
      task({ for: { reference: 'Patient/p2' }, subject: { reference: 'Patient/p1' }, patient: { reference: 'Patient/p2' } }),
      ['p2', 'p1'],
    ],
    ['who only takes part is not whom it is about', task({ for: { reference: 'Patient/p1' }, owner: { reference: 'Patient/p2' } }), ['p1']],
    ['a text that looks like one', task({ for: { reference: 'Patient/p1' }, description: '"subject":{"reference":"Patient/p2"}' }), ['p1']],
    ['a text that names one', task({ for: { reference: 'Patient/p1' }, description: 'see Patient/p2, "reference":"Patient/p3"' }), ['p1']],
    ['another type that ends alike', task({ for: { reference: 'OtherPatient/p1' } }), []],
    [
      'an element that has a member with another name before it',
      task({ for: { identifier: { value: '1' }, reference: 'Patient/p1' } }),
      ['p1'],
    ],
    ['in a list of targets', JSON.stringify({ resourceType: 'Provenance', target: [{ reference: 'Patient/p1' }] }), ['p1']],
    [
      'who comes to an appointment',
      JSON.stringify({
        resourceType: 'Appointment',
        participant: [
          { actor: { reference: 'Practitioner/n1' } },
          { actor: { reference: 'Patient/p1' } },
          { actor: { reference: 'Patient/p2' } },
        ],
      }),
      ['p1', 'p2'],
    ],
    [
      'who is in a group, also who has left it',
      JSON.stringify({
        resourceType: 'Group',
        managingEntity: { reference: 'Organization/o1' },
        member: [
          { entity: { reference: 'Patient/p1' } },
          { entity: { reference: 'Practitioner/n1' } },
          { entity: { reference: 'Patient/p2' }, inactive: true },
        ],
      }),
      ['p1', 'p2'],
    ],
    ['who is on a list', JSON.stringify({ resourceType: 'List', entry: [{ item: { reference: 'Patient/p1' } }] }), ['p1']],
    ['who is in a study', JSON.stringify({ resourceType: 'ResearchSubject', individual: { reference: 'Patient/p1' } }), ['p1']],
    [
      'an actor of what has a subject is not whom it is about',
      task({ for: { reference: 'Patient/p1' }, actor: { reference: 'Patient/p2' } }),
      ['p1'],
    ],
    ['nobody', task({ status: 'draft' }), []],
    ['an id without an end', task({ for: { reference: 'Patient/' } }), []],
  ])('are read from the text: %s', (_why, json, expected) => {
    expect(patientsOf((JSON.parse(json) as { resourceType: string }).resourceType, 't1', json)).toEqual(expected);
  });

  it('are as many of a large group as a page of a search names', () => {
    const member = Array.from({ length: 1500 }, (_, place) => ({ entity: { reference: `Patient/p${place}` } }));
    const patients = patientsOf('Group', 'g', JSON.stringify({ resourceType: 'Group', member }));
    expect([patients.length, patients[0], patients.at(-1)]).toEqual([1000, 'p0', 'p999']);
  });

  it.each<[how: string, more: object]>([
    ['at once', {}],
    ['where something stands before the reference', { display: 'x' }],
  ])('are its own first where it names very many, read %s', (_how, more) => {
    const contained = Array.from({ length: 1500 }, (_, place) => ({ subject: { ...more, reference: `Patient/p${place}` } }));
    const patients = patientsOf('Task', 't1', task({ contained, for: { ...more, reference: 'Patient/ida' } }));
    expect([patients.length, patients[0], patients[1], patients.at(-1)]).toEqual([1000, 'ida', 'p0', 'p998']);
  });

  it.each<[what: string, content: object]>([
    ['a text of mentions alone', { description: 'Patient/a '.repeat(100_000) }],
    ['a text of what looks like URLs', { description: 'https://x.example/Patient/a/'.repeat(50_000) }],
    ['a reference of as much', { requester: { reference: 'https://x.example/Patient/a/'.repeat(50_000) } }],
    [
      'many of whom it is about',
      { contained: Array.from({ length: 50_000 }, (_, place) => ({ subject: { reference: `Patient/p${place}` } })) },
    ],
  ])('are found in time that grows with the text and no faster: %s', (_what, content) => {
    const json = task({ for: { reference: 'Patient/ida' }, ...content });
    const before = process.cpuUsage();
    expect(patientsOf('Task', 't1', json)[0]).toBe('ida');
    // Looking back to where each text begins took from seven seconds on.
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(2);
  });

  it('are the patient itself, also when it is deleted', () => {
    expect(patientsOf('Person', 'x', JSON.stringify({ resourceType: 'Person', link: [{ target: { reference: 'Patient/p1' } }] }))).toEqual(
      [],
    );
    expect([patientsOf('Patient', 'p1', null), patientsOf('Task', 't1', null)]).toEqual([['p1'], []]);
  });

  it('hold on to no text that they were read from', () => {
    const id = 'b7c5e1f0-8d3a-4f6e-9a21-5c0d7e3f1b42';
    const found: (readonly string[])[] = [];
    const collect = (): number => {
      setFlagsFromString('--expose-gc');
      (runInNewContext('gc') as () => void)();
      setFlagsFromString('--no-expose-gc');
      return process.memoryUsage().heapUsed;
    };
    const before = collect();
    for (let n = 0; n < 50; n += 1) {
      const [first, second] = ['for', 'subject'].map((name) => ({ [name]: { reference: `Patient/${id}${n}` } }));
      const long = { description: `${n}`.repeat(500_000) };
      found.push(patientsOf('Task', 't1', Buffer.from(task({ ...first, ...long })).toString('latin1')));
      found.push(
        patientsOf('Task', 't1', Buffer.from(task({ ...long, subject: { type: 'Patient', ...second?.subject } })).toString('latin1')),
      );
    }
    expect(found.every(([one]) => one?.startsWith(id))).toBe(true);
    expect((collect() - before) / 1e6).toBeLessThan(10);
  });
});
