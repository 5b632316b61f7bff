import { describe, expect, it } from 'vitest';
import { isObject, type Resource } from '../../server/fhir/resource.ts';
import { bundlesOf, codesOf, entriesOf, resourcesOf, valuesNamed } from './bundles.ts';

const BASE = 'https://fellesplan.example/fhir';

/** Everything about one patient, by type; the patient's own resource included. */
function storyOf(patientId: string): Record<string, Resource[]> {
  const bundle = bundlesOf('shared').find((candidate) => entriesOf(candidate).some(({ resource }) => isPatient(resource, patientId)));
  if (bundle === undefined) throw new Error(`No story of ${patientId}`);
  const resources = entriesOf(bundle).map(({ resource }) => resource);
  return Object.groupBy(
    resources.filter((resource) => String(resource.id).startsWith(patientId)),
    (resource) => resource.resourceType,
  ) as Record<string, Resource[]>;
}

const isPatient = (resource: Resource, id: string): boolean => resource.resourceType === 'Patient' && resource.id === id;
const referenceOf = (value: unknown): string => (isObject(value) ? String(value.reference) : '');
const ofCode = (resources: readonly Resource[] | undefined, system: string, code: string): Resource[] =>
  (resources ?? []).filter((resource) => codesOf(resource.code, system).includes(code));
const componentOf = (observation: Resource, code: string): Record<string, unknown> | undefined =>
  (observation.component as Record<string, unknown>[] | undefined)?.find((component) => codesOf(component.code, 'fp-score').includes(code));
const quantity = (value: unknown): number | undefined =>
  isObject(value) && isObject(value.valueQuantity) ? Number(value.valueQuantity.value) : undefined;

describe('the population', () => {
  it('has at least 30 persons, of all ages and of more than one municipality', () => {
    const patients = resourcesOf('shared', 'Patient');
    expect(patients.length).toBeGreaterThanOrEqual(30);
    expect(new Set(valuesNamed(patients, 'city')).size).toBeGreaterThanOrEqual(3);
    const years = patients.map((patient) => Number(String(patient.birthDate).slice(0, 4)));
    expect(Math.max(...years) - Math.min(...years)).toBeGreaterThan(85);
  });

  it('speaks bokmål and nynorsk, and offers an interpreter', () => {
    const languages = valuesNamed(resourcesOf('shared', 'Patient'), 'communication').flatMap((item) => valuesNamed(item, 'code'));
    expect(new Set(languages)).toEqual(new Set(['nb', 'nn', 'se', 'ti']));
    expect(resourcesOf('shared', 'CarePlan').filter((plan) => plan.language === 'nn').length).toBeGreaterThanOrEqual(5);
  });

  it('has every system of work that a plan carries somewhere', () => {
    const tasks = resourcesOf('shared', 'Task');
    expect(new Set(tasks.flatMap((task) => codesOf(task, 'fp-hph-step')))).toEqual(
      new Set(['HPH0', 'HPH1', 'HPH2', 'HPH3', 'HPH4', 'HPH5', 'HPH6']),
    );
    expect(new Set(tasks.flatMap((task) => codesOf(task, 'fp-bti-level')))).toEqual(new Set(['0', '1', '2', '3']));
    expect(new Set(tasks.flatMap((task) => codesOf(task, 'fp-measure-type'))).size).toBe(15);
    const plans = resourcesOf('shared', 'CarePlan').flatMap((plan) => codesOf(plan, 'fp-plan-type'));
    expect(new Set(plans).size).toBe(5);
    const messages = resourcesOf('shared', 'Communication').flatMap((message) => codesOf(message, 'fp-message-type'));
    expect(new Set(messages).size).toBe(7);
    const changes = resourcesOf('shared', 'Observation').flatMap((panel) => codesOf(panel.interpretation, 'fp-psfs-change'));
    expect(new Set(changes).size).toBe(3);
  });
});

describe('plans', () => {
  const plans = resourcesOf('shared', 'CarePlan');

  it('have a type, a next review, a keeper, a coordinator as author and a UUID', () => {
    for (const plan of plans) {
      expect(plan.meta?.profile).toEqual([`${BASE}/StructureDefinition/fp-care-plan`]);
      expect(codesOf(plan.category, 'fp-plan-type').length).toBe(1);
      expect(valuesNamed(plan.category, 'code')).toContain('734163000');
      expect(valuesNamed(plan, 'valueDate').length).toBe(1);
      expect(referenceOf(valuesNamed(plan, 'valueReference')[0])).toMatch(/^Organization\//);
      expect(referenceOf(plan.author)).toMatch(/^PractitionerRole\//);
      expect(valuesNamed(plan.identifier, 'value')[0]).toMatch(
        /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }
    const uuids = plans.flatMap((plan) => valuesNamed(plan.identifier, 'value'));
    expect(new Set(uuids).size).toBe(plans.length);
  });

  it('have at least three goals and four measures, and refer to each measure once', () => {
    for (const plan of plans.filter((candidate) => candidate.partOf === undefined)) {
      expect(valuesNamed(plan, 'goal').flat().length, String(plan.id)).toBeGreaterThanOrEqual(3);
      expect(storyOf(patientOf(plan)).Task!.length, String(plan.id)).toBeGreaterThanOrEqual(4);
    }
    const activities = plans.flatMap((plan) => valuesNamed(plan.activity, 'reference').filter((value) => typeof value === 'string'));
    expect(activities.length).toBe(new Set(activities).size);
    expect(activities.length).toBe(resourcesOf('shared', 'Task').length);
  });

  it('are at most one active individual plan for each person', () => {
    const active = plans.filter((plan) => plan.status === 'active' && codesOf(plan, 'fp-plan-type').includes('individuell-plan'));
    const subjects = active.map((plan) => referenceOf(plan.subject));
    expect(new Set(subjects).size).toBe(subjects.length);
  });

  it('rest on a consent that the plan is made', () => {
    for (const plan of plans) {
      const consents = storyOf(patientOf(plan)).Consent ?? [];
      expect(consents.some((consent) => consent.status === 'active' && codesOf(consent, 'fp-consent-purpose').includes('plan'))).toBe(true);
    }
  });

  it('leave a Provenance when they are made and when a measure has ended', () => {
    const traced = new Set(resourcesOf('shared', 'Provenance').flatMap((provenance) => valuesNamed(provenance.target, 'reference')));
    for (const plan of plans) expect(traced).toContain(`CarePlan/${plan.id}/_history/1`);
    const ended = resourcesOf('shared', 'Task').filter((task) =>
      ['completed', 'cancelled', 'failed', 'rejected', 'on-hold'].includes(String(task.status)),
    );
    expect(ended.length).toBeGreaterThan(30);
    for (const task of ended) expect(traced).toContain(`Task/${task.id}/_history/1`);
  });

  it('can be overdue for review, and measures for being done', () => {
    const today = String(bundlesOf('shared')[0]!.timestamp).slice(0, 10);
    expect(plans.some((plan) => String(valuesNamed(plan.extension, 'valueDate')[0]) < today)).toBe(true);
    const open = resourcesOf('shared', 'Task').filter((task) => ['accepted', 'in-progress'].includes(String(task.status)));
    expect(open.filter((task) => String(valuesNamed(task.restriction, 'end')[0] ?? '9999') < today).length).toBeGreaterThan(5);
  });
});

const patientOf = (resource: Resource): string => referenceOf(resource.subject).replace('Patient/', '');

describe('teams', () => {
  const teams = resourcesOf('shared', 'CareTeam');

  it('have exactly one coordinator today, the patient, and a keeper', () => {
    const today = String(bundlesOf('shared')[0]!.timestamp).slice(0, 10);
    for (const team of teams) {
      const participants = (team.participant as Record<string, unknown>[]).filter((participant) => {
        const [end] = valuesNamed(participant.period, 'end');
        return end === undefined || String(end) >= today;
      });
      const roles = participants.flatMap((participant) => codesOf(participant.role, 'fp-team-role'));
      expect(roles.filter((role) => role === 'koordinator' || role === 'barnekoordinator').length, String(team.id)).toBe(1);
      expect(roles.filter((role) => role === 'pasient').length, String(team.id)).toBe(1);
      expect(referenceOf(valuesNamed(team, 'managingOrganization').flat()[0])).toMatch(/^Organization\//);
    }
  });

  it('have a children’s coordinator only round a person under 18', () => {
    const year = Number(String(bundlesOf('shared')[0]!.timestamp).slice(0, 4));
    for (const team of teams.filter((candidate) => codesOf(candidate, 'fp-team-role').includes('barnekoordinator'))) {
      const patient = storyOf(patientOf(team)).Patient![0]!;
      expect(year - Number(String(patient.birthDate).slice(0, 4))).toBeLessThanOrEqual(18);
    }
  });
});

describe('measures and goals', () => {
  it('have an owner, a goal and a plan, and a due date or a time when they are done', () => {
    for (const task of resourcesOf('shared', 'Task')) {
      expect(referenceOf(task.owner), String(task.id)).toMatch(/^(PractitionerRole|Patient|RelatedPerson|Organization)\//);
      expect(referenceOf(task.focus)).toMatch(/^Goal\//);
      expect(valuesNamed(task, 'basedOn').length).toBe(1);
      expect(task.restriction !== undefined || task.executionPeriod !== undefined).toBe(true);
      expect(String(task.authoredOn) <= String(task.lastModified), String(task.id)).toBe(true);
      expect(String(task.lastModified) <= '2026-11-16T23', String(task.id)).toBe(true);
    }
  });

  it('follow from what matters, in the words of the person or kin', () => {
    for (const goal of resourcesOf('shared', 'Goal')) {
      const [address] = valuesNamed(goal, 'addresses').flat();
      const words = resourcesOf('shared', 'Observation').find((observation) => `Observation/${observation.id}` === referenceOf(address));
      expect(codesOf(words, 'fp-observation'), String(goal.id)).toEqual(['what-matters']);
      expect(referenceOf(goal.expressedBy)).toMatch(/^(Patient|RelatedPerson)\//);
    }
  });
});

describe('PSFS', () => {
  const panels = ofCode(resourcesOf('shared', 'Observation'), 'fp-score', 'psfs-panel');
  const byId = new Map(resourcesOf('shared').map((resource) => [`${resource.resourceType}/${resource.id}`, resource]));

  it('has the total, the mean and the change that follow from the scores', () => {
    expect(panels.length).toBeGreaterThan(40);
    for (const panel of panels) {
      const scores = (panel.hasMember as unknown[]).map((member) => Number(byId.get(referenceOf(member))?.valueInteger));
      const total = scores.reduce((sum, score) => sum + score, 0);
      expect(scores.every((score) => score >= 0 && score <= 10) && scores.length <= 5).toBe(true);
      expect(componentOf(panel, 'psfs-total')?.valueInteger).toBe(total);
      expect(quantity(panel)).toBeCloseTo(total / scores.length, 2);
      const conversation = Number(componentOf(panel, 'psfs-conversation')?.valueInteger);
      const previous = byId.get(`Observation/${String(panel.id).replace(/-\d+-samtale$/, `-${conversation - 1}-samtale`)}`);
      if (conversation === 1) {
        expect([componentOf(panel, 'psfs-change'), panel.interpretation]).toEqual([undefined, undefined]);
        continue;
      }
      const change = quantity(panel)! - quantity(previous)!;
      expect(quantity(componentOf(panel, 'psfs-change'))).toBeCloseTo(change, 2);
      const expected = change >= 2 ? 'clear-improvement' : change <= -2 ? 'clear-worsening' : 'no-clear-change';
      expect(codesOf(panel.interpretation, 'fp-psfs-change'), String(panel.id)).toEqual([expected]);
    }
  });

  it('says the same in the form as in the scores, and always the direction', () => {
    for (const panel of panels) {
      const response = byId.get(referenceOf((panel.derivedFrom as unknown[])[0]))!;
      const items = response.item as {
        linkId: string;
        answer?: Record<string, unknown>[];
        item?: { answer: Record<string, unknown>[] }[];
      }[];
      const answers = (linkId: string) => items.filter((item) => item.linkId === linkId);
      expect(answers('mean')[0]?.answer?.[0]?.valueDecimal).toBe(quantity(panel));
      expect(answers('total')[0]?.answer?.[0]?.valueInteger).toBe(componentOf(panel, 'psfs-total')?.valueInteger);
      expect(codesOf({ coding: valuesNamed(response, 'valueCoding') }, 'fp-psfs-direction')).toEqual(['0-cannot-10-without-difficulty']);
      const inForm = answers('activity').map((activity) => [
        activity.item?.[0]?.answer[0]?.valueString,
        activity.item?.[1]?.answer[0]?.valueInteger,
      ]);
      const inScores = (panel.hasMember as unknown[]).map((member) => {
        const score = byId.get(referenceOf(member))!;
        expect(codesOf(score.component, 'fp-psfs-direction').length).toBe(1);
        return [isObject(score.code) ? score.code.text : undefined, score.valueInteger];
      });
      expect(inForm).toEqual(inScores);
    }
  });
});

describe('CFS', () => {
  it('is rated on the state two weeks before, from 1 to 9, of people over 65', () => {
    const scores = resourcesOf('shared', 'Observation').filter((observation) =>
      valuesNamed(observation.code, 'code').includes('763264000'),
    );
    expect(scores.length).toBeGreaterThan(15);
    for (const score of scores) {
      const days = (Date.parse(String(score.issued).slice(0, 10)) - Date.parse(String(score.effectiveDateTime))) / 86_400_000;
      expect(days).toBe(14);
      expect(codesOf(score.component, 'fp-cfs-level')).toEqual([String(quantity(score))]);
      const born = Number(String(storyOf(patientOf(score)).Patient![0]!.birthDate).slice(0, 4));
      expect(Number(String(score.effectiveDateTime).slice(0, 4)) - born).toBeGreaterThanOrEqual(65);
    }
  });
});

describe('the stories asked for', () => {
  it('Ingrid: discharged with CFS 6, HPH0–HPH5 in steps of one pathway', () => {
    const { Task: tasks = [], Observation: observations = [] } = storyOf('ingrid-solberg');
    const steps = tasks.filter((task) => codesOf(task, 'fp-hph-step').length > 0 && task.partOf !== undefined);
    expect(new Set(steps.flatMap((task) => codesOf(task, 'fp-hph-step')))).toEqual(
      new Set(['HPH0', 'HPH1', 'HPH2', 'HPH3', 'HPH4', 'HPH5', 'HPH6']),
    );
    expect(observations.filter((observation) => codesOf(observation, 'fp-cfs-level').includes('6')).length).toBe(1);
  });

  it('Jonas: children’s coordinator, parents, school, habilitation and BTI level 3', () => {
    const { CareTeam: teams, Task: tasks } = storyOf('jonas-lindvik');
    const roles = codesOf(teams, 'fp-team-role');
    expect(roles).toEqual(expect.arrayContaining(['barnekoordinator', 'larer', 'ppt', 'habilitering', 'foresatt', 'lege-spesialist']));
    expect(roles.filter((role) => role === 'foresatt').length).toBe(2);
    expect(codesOf(tasks, 'fp-bti-level').filter((level) => level === '3').length).toBeGreaterThanOrEqual(4);
  });

  it('Even: Nav, housing, addiction medicine and a blocked employee', () => {
    const { CareTeam: teams, Consent: consents } = storyOf('even-strandheim');
    expect(codesOf(teams, 'fp-team-role')).toEqual(expect.arrayContaining(['nav-veileder', 'ruskonsulent', 'psykolog', 'lege-spesialist']));
    const blocks = valuesNamed(consents, 'provision')
      .flat()
      .filter(isObject)
      .filter((provision) => provision.type === 'deny');
    expect(blocks.flatMap((block) => codesOf(block, 'fp-blocking-reason'))).toEqual(['pasientens-onske']);
  });

  it('Arne: a self-care plan with three zones as plans of their own', () => {
    const plans = storyOf('arne-kvamsdal').CarePlan!;
    const zones = plans.filter(
      (plan) => referenceOf((plan.partOf as unknown[] | undefined)?.[0]) === 'CarePlan/arne-kvamsdal-egenbehandling',
    );
    expect(zones.map((plan) => String(plan.title).split(' ')[0])).toEqual(['Grønn', 'Gul', 'Rød']);
  });

  it('Marit: four conversations with a clear improvement, a standstill and a clear improvement', () => {
    const panels = ofCode(storyOf('marit-haugstad').Observation, 'fp-score', 'psfs-panel');
    expect(panels.map((panel) => codesOf(panel.interpretation, 'fp-psfs-change')[0])).toEqual([
      undefined,
      'clear-improvement',
      'no-clear-change',
      'clear-improvement',
    ]);
  });

  it('Solveig: reports of need lie open, no team and no plan', () => {
    const story = storyOf('solveig-brekkhus');
    expect(story.ServiceRequest!.map((need) => need.status)).toEqual(['active', 'active']);
    expect([story.CareTeam, story.CarePlan]).toEqual([undefined, undefined]);
  });

  it('Tor Egil: the consent to access is withdrawn, the plan stands, and the withdrawal is traced', () => {
    const { Consent: consents = [], CarePlan: plans = [], Provenance: provenances } = storyOf('tor-egil-myrvang');
    expect(consents.map((consent) => [codesOf(consent.category, 'fp-consent-purpose')[0], consent.status])).toEqual([
      ['plan', 'active'],
      ['innsyn', 'inactive'],
    ]);
    expect(plans.map((plan) => plan.status)).toEqual(['active']);
    expect(valuesNamed(provenances, 'reference')).toContain('Consent/tor-egil-myrvang-samtykke-innsyn/_history/1');
  });

  it('Selam: one known midwife coordinates', () => {
    const [team] = storyOf('selam-haile').CareTeam!;
    expect(referenceOf(valuesNamed(team, 'member')[0])).toBe('PractitionerRole/sofie-malmlid');
  });

  it('Sara: both parents are blocked by her own wish, and not in the team', () => {
    const { Consent: consents, CareTeam: teams } = storyOf('sara-fossdal');
    const blocks = valuesNamed(consents, 'provision')
      .flat()
      .filter(isObject)
      .filter((provision) => provision.type === 'deny');
    expect(blocks.map((block) => codesOf(block, 'fp-blocking-reason')[0])).toEqual(['ungdommens-onske', 'ungdommens-onske']);
    expect(codesOf(teams, 'fp-team-role')).not.toContain('foresatt');
  });

  it('Kari: antibiotics into a vein at home, led by the hospital and given by the municipality', () => {
    const [plan] = storyOf('kari-lonningdal').CarePlan!;
    expect(codesOf(plan, 'fp-plan-type')).toEqual(['behandlingsplan']);
    expect(referenceOf(valuesNamed(plan, 'valueReference')[0])).toBe('Organization/fjordheim');
  });

  it('Olav and Gudrun: two patients in one story, each with a plan', () => {
    expect([storyOf('olav-tveitmo').CarePlan?.length, storyOf('gudrun-tveitmo').CarePlan?.length]).toEqual([1, 1]);
  });
});
