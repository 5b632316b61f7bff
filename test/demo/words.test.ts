import { describe, expect, it } from 'vitest';
import { isObject, type Resource } from '../../server/fhir/resource.ts';
import { codesOf, resourcesOf } from './bundles.ts';

const ANCHOR = '2026-11-16';
const listOf = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isObject) : []);
const idOf = (reference: unknown): string => (isObject(reference) ? String(reference.reference).split('/')[1]! : '');
const plans = resourcesOf('shared', 'CarePlan');
const tasks = new Map(resourcesOf('shared', 'Task').map((task) => [task.id, task]));

/** What is to be done in a zone, as one text. */
const todoOf = (zone: Resource): string =>
  listOf(zone.activity)
    .map((activity) => String(tasks.get(idOf(activity.reference))?.description ?? ''))
    .join(' ');

describe('what the whole team reads', () => {
  it('names no code of a diagnosis and no self-harm in the notes of a plan', () => {
    const notes = plans.flatMap((plan) => listOf(plan.note).map((note) => String(note.text)));
    expect(notes.length).toBeGreaterThan(8);
    for (const note of notes) expect(note).not.toMatch(/\b[A-Z]\d{2}(\.\d)?\b|selvskad|sjølvskad|diagnose|psykose|avhengighet av/i);
  });
});

describe('people’s own words', () => {
  it('name no season, so that they are true on any day', () => {
    const words = [
      ...resourcesOf('shared', 'Observation').map((observation) => observation.valueString),
      ...resourcesOf('shared', 'Goal').map((goal) => (isObject(goal.description) ? goal.description.text : undefined)),
    ].filter((text) => typeof text === 'string');
    expect(words.length).toBeGreaterThan(100);
    const season =
      /(?<!\p{L})(vår|våren|sommer(en)?|høst(en)?|haust(en)?|vinter(en)?|jul(en|a)?|påske[na]?|snøen?|i dag|i morgen|i år)(?!\p{L})/iu;
    for (const text of words) expect(text).not.toMatch(season);
  });
});

describe('self-care plans', () => {
  it.each(['arne-kvamsdal', 'nils-bakkehavn', 'even-strandheim'])(
    'of %s have a green, a yellow and a red zone, and red says 113',
    (person) => {
      const zones = plans.filter((plan) => String(plan.id).startsWith(person) && /-sone$/.test(String(plan.id)));
      expect(zones.map((zone) => String(zone.title).split(' ')[0])).toEqual(['Grønn', 'Gul', 'Rød']);
      for (const zone of zones) expect(todoOf(zone)).not.toBe('');
      expect(todoOf(zones[2]!)).toContain('113');
    },
  );

  it('of Even tells the FACT team’s own number', () => {
    const team = resourcesOf('shared', 'Organization').find((organization) => organization.id === 'fjordheim-fact');
    const phone = String(listOf(team?.telecom)[0]?.value);
    const crisis = plans.find((plan) => plan.id === 'even-strandheim-kriseplan');
    expect([crisis?.title, String(crisis?.description).includes(phone)]).toEqual(['Kriseplan', true]);
  });
});

describe('parents in a team', () => {
  it('are guardians of children, and kin of those who are of age', () => {
    const born = new Map(resourcesOf('shared', 'Patient').map((patient) => [patient.id, String(patient.birthDate)]));
    const guarded = resourcesOf('shared', 'CareTeam').filter((team) =>
      listOf(team.participant).some((one) => listOf(one.role).some((role) => codesOf(role, 'fp-team-role').includes('foresatt'))),
    );
    expect(guarded.length).toBeGreaterThan(2);
    for (const team of guarded) {
      const birthDate = born.get(idOf(team.subject)) ?? '';
      expect(`${Number(birthDate.slice(0, 4)) + 18}${birthDate.slice(4)}` > ANCHOR, String(team.id)).toBe(true);
    }
  });
});
