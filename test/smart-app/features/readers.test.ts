import type { CarePlan, CareTeam, PractitionerRole, Resource, Task } from '@medplum/fhirtypes';
import { describe, expect, test } from 'vitest';
import { isCfsExpected, readCfs } from '../../../smart-app/src/features/cfs/read-cfs.ts';
import { mayBeSeen } from '../../../smart-app/src/features/consent/read-consent.ts';
import { readCoordinator } from '../../../smart-app/src/features/coordinator/read-coordinator.ts';
import { readGoals } from '../../../smart-app/src/features/goals/read-goals.ts';
import { readMeasures } from '../../../smart-app/src/features/measures/read-measures.ts';
import { readCoordinatingUnits } from '../../../smart-app/src/features/no-plan/read-coordinating-unit.ts';
import { orderPlans, partsOf, readPlanHeader } from '../../../smart-app/src/features/plan-header/read-plan-header.ts';
import { readSelfCare } from '../../../smart-app/src/features/self-care/read-self-care.ts';
import { readTeam } from '../../../smart-app/src/features/team/read-team.ts';
import { readWhatMatters } from '../../../smart-app/src/features/what-matters/read-what-matters.ts';
import { dayOfMs } from '../../../smart-app/src/fhir/dates.ts';
import { planData } from '../plan-data.ts';
import { consent, daysFromNow, goals, needReport, people, plan, tasks, team } from '../sample-plan.ts';

const data = planData();
const today = dayOfMs(Date.now());

describe('what matters', () => {
  test('the newest words come first, with date and who said them', () => {
    const [latest, earlier] = readWhatMatters(data);
    expect(latest).toMatchObject({ id: 'words-new', date: '2026-08-25', saidBy: { kind: 'patient' } });
    expect(earlier).toMatchObject({ id: 'words-old', saidBy: { kind: 'kin', name: 'Anne Solberg' } });
  });
});

describe('coordinator', () => {
  test('is the current member with that role, with organisation and phone', () => {
    expect(readCoordinator(plan, [team], data, today)).toMatchObject({
      person: { name: 'Kari Nes', organization: 'Solvik kommune', phones: ['+47 99 01 12 34', '+47 99 01 10 00'] },
      role: { code: 'koordinator' },
      since: '2026-08-20',
    });
  });

  test('a former coordinator is not named; the author of the plan is', () => {
    const ended = { ...team, participant: team.participant?.map((one) => ({ ...one, period: { end: daysFromNow(-1) } })) } as CareTeam;
    const byAuthor = readCoordinator({ ...plan, author: { reference: 'PractitionerRole/mona-role' } }, [ended], data, today);
    expect(byAuthor?.person.name).toBe('Mona Dahl');
  });

  test('there may be none', () => {
    expect(readCoordinator(undefined, [], data, today)).toBeUndefined();
  });

  test('a barnekoordinator is a coordinator', () => {
    const child = {
      ...team,
      participant: [
        {
          role: [{ coding: [{ system: 'https://fellesplan.example/fhir/CodeSystem/fp-team-role', code: 'barnekoordinator' }] }],
          member: { reference: 'PractitionerRole/mona-role' },
        },
      ],
    } as CareTeam;
    expect(readCoordinator(plan, [child], data, today)).toMatchObject({
      role: { code: 'barnekoordinator' },
      person: { name: 'Mona Dahl' },
    });
  });
});

describe('team', () => {
  test('current members stand by role: coordinator, the person, kin, GP, then the others', () => {
    const { current } = readTeam([team], data, today);
    expect(current.map((member) => member.roles[0]?.code)).toEqual(['koordinator', 'pasient', 'parorende', 'fastlege', 'fysioterapeut']);
  });

  test('a member whose period has ended is a former one', () => {
    const { former } = readTeam([team], data, today);
    expect(former.map((member) => [member.person.name, member.until])).toEqual([['Per Lund', daysFromNow(-30)]]);
  });

  test('a member on the last day of the period still takes part', () => {
    const lastDay = { ...team, participant: [{ ...team.participant?.[0], period: { start: '2024-01-01', end: today } }] } as CareTeam;
    expect(readTeam([lastDay], data, today).current).toHaveLength(1);
  });

  test('a member from a day to come is marked', () => {
    const ahead = { ...team, participant: [{ ...team.participant?.[0], period: { start: daysFromNow(9) } }] } as CareTeam;
    expect(readTeam([ahead], data, today).current[0]).toMatchObject({ ahead: true });
  });

  test('an inactive team has former members only', () => {
    expect(readTeam([{ ...team, status: 'inactive' }], data, today).current).toEqual([]);
  });

  test('the role «annen» is shown in the words of the service', () => {
    const title: Resource = { ...(people.find((one) => one.id === 'mona-role') as PractitionerRole), code: [{ text: 'Boligveileder' }] };
    const other = {
      ...team,
      participant: [
        {
          role: [{ coding: [{ system: 'https://fellesplan.example/fhir/CodeSystem/fp-team-role', code: 'annen' }] }],
          member: { reference: 'PractitionerRole/mona-role' },
        },
      ],
    } as CareTeam;
    expect(readTeam([other], planData([...people, title]), today).current[0]?.roles).toEqual([
      { system: '', code: 'annen', display: 'Boligveileder' },
    ]);
  });

  test("a children's coordinator stands before all others, and who has no role in the team has that of their post", () => {
    const system = 'https://fellesplan.example/fhir/CodeSystem/fp-team-role';
    const members = {
      ...team,
      participant: [
        { role: [{ coding: [{ system, code: 'koordinator' }] }], member: { reference: 'PractitionerRole/a', display: 'A' } },
        { role: [{ coding: [{ system, code: 'barnekoordinator' }] }], member: { reference: 'PractitionerRole/b', display: 'B' } },
        { member: { reference: 'PractitionerRole/post' } },
      ],
    } as CareTeam;
    const post = { resourceType: 'PractitionerRole', id: 'post', code: [{ coding: [{ system, code: 'ppt' }] }] } as PractitionerRole;
    const { current } = readTeam([members], planData([...people, post]), today);
    expect(current.map(({ roles }) => roles[0]?.code)).toEqual(['barnekoordinator', 'koordinator', 'ppt']);
  });

  test('each organisation that answers for the team is told once', () => {
    const kept = (id: string): CareTeam => ({ ...team, managingOrganization: [{ reference: `Organization/${id}`, display: id }] });
    const { managedBy } = readTeam([kept('x'), kept('x'), kept('y')], data, today);
    expect(managedBy.map(({ name }) => name)).toEqual(['x', 'y']);
  });

  test('a member that cannot be read is shown by its display', () => {
    const unknown = { ...team, participant: [{ member: { reference: 'PractitionerRole/closed', display: 'Nav Solvik' } }] } as CareTeam;
    expect(readTeam([unknown], data, today).current[0]?.person).toMatchObject({ name: 'Nav Solvik', kind: 'unknown' });
  });
});

describe('goals', () => {
  const NONE = { running: 0, planned: 0, onHold: 0, done: 0, cancelled: 0, rejected: 0, failed: 0 };

  test('the responsible are the owners of the measures for the goal', () => {
    const [walk, home] = readGoals(goals, tasks, data);
    expect(walk).toMatchObject({
      responsible: [{ name: 'Mona Dahl' }],
      progress: { ...NONE, running: 1 },
      achievement: { code: 'improving' },
    });
    expect(home?.responsible.map((person) => person.name)).toEqual(['Kari Nes', 'Solvik kommune']);
  });

  test('ended goals come last', () => {
    expect(readGoals([...goals].reverse(), tasks, data).map((goal) => goal.ended)).toEqual([false, false, true]);
  });

  test('a goal without measures has nobody responsible', () => {
    expect(readGoals(goals, [], data)[0]).toMatchObject({
      responsible: [],
      progress: NONE,
    });
  });

  test('measures are counted by how far they have come, and nobody is responsible for one that was dropped', () => {
    const [walk] = tasks;
    const states = ['in-progress', 'in-progress', 'requested', 'on-hold', 'completed', 'cancelled', 'failed'] as const;
    const own = states.map((status, position) => ({ ...walk, id: `t${position}`, status }) as Task);
    expect(readGoals(goals, own, data)[0]?.progress).toEqual({
      running: 2,
      planned: 1,
      onHold: 1,
      done: 1,
      cancelled: 1,
      rejected: 0,
      failed: 1,
    });
    expect(readGoals(goals, own.slice(5), data)[0]?.responsible).toEqual([]);
  });

  test('a target that is a PSFS score says so', () => {
    const measure = { coding: [{ system: 'https://fellesplan.example/fhir/CodeSystem/fp-score', code: 'psfs-activity' }], text: 'Gå' };
    const [goal] = readGoals([{ ...goals[0]!, target: [{ measure, detailInteger: 7 }] }], [], data);
    expect(goal?.targets).toEqual([{ isScore: true, text: 'Gå', value: 7, unit: undefined, due: undefined }]);
  });
});

describe('measures', () => {
  test('open ones stand by due date, overdue first, with days left', () => {
    const { open } = readMeasures(tasks, goals, data, today);
    expect(open.map(({ id, daysLeft, overdue }) => ({ id, daysLeft, overdue }))).toEqual([
      { id: 'task-overdue', daysLeft: -3, overdue: true },
      { id: 'task-soon', daysLeft: 5, overdue: false },
      { id: 'task-later', daysLeft: 40, overdue: false },
    ]);
    expect(open[0]).toMatchObject({
      step: { pathway: 'HPH2' },
      type: { code: 'oppfolging-hjemme' },
      goal: { text: goals[1]?.description?.text },
    });
  });

  test('a measure that is due today is not overdue', () => {
    const due = { ...tasks[0], restriction: { period: { end: today } } } as Task;
    expect(readMeasures([due], goals, data, today).open[0]).toMatchObject({ daysLeft: 0, overdue: false });
  });

  test('a measure on hold is not overdue, and stands after those that are due', () => {
    const held = { ...tasks[1], id: 'held', status: 'on-hold' } as Task;
    const { open } = readMeasures([held, ...tasks], goals, data, today);
    expect(open.at(-1)).toMatchObject({ id: 'held', overdue: false, daysLeft: -3 });
  });

  test('a month as due date lasts to its last day', () => {
    const due = { ...tasks[0], restriction: { period: { end: '2026-02' } } } as Task;
    expect(readMeasures([due], goals, data, '2026-02-28').open[0]?.overdue).toBe(false);
    expect(readMeasures([due], goals, data, '2026-03-01').open[0]?.overdue).toBe(true);
  });

  test('a measure that is over is never overdue', () => {
    const { over } = readMeasures(tasks, goals, data, today);
    expect(over).toMatchObject([{ id: 'task-done', overdue: false, status: { code: 'completed' } }]);
  });

  test('without restriction the end of the execution period is the due date', () => {
    const { restriction: _restriction, ...rest } = tasks[0] as Task;
    const { open } = readMeasures([{ ...rest, executionPeriod: { end: '2026-01-05' } }], goals, data, '2026-01-01');
    expect(open[0]).toMatchObject({ due: '2026-01-05', daysLeft: 4 });
  });
});

describe('CFS', () => {
  test('the newest rating comes first, with level, name and rater', () => {
    expect(readCfs(data)).toMatchObject([
      { level: 5, date: '2026-11-03', rater: { name: 'Mona Dahl' }, underAge: false },
      { level: 6, date: '2026-08-10' },
    ]);
  });

  test('none is expected of a person under 65 years', () => {
    const born = (birthDate: string) => ({ ...data, patient: { ...data.patient, birthDate } });
    expect(isCfsExpected(born('1961-11-22'), '2026-11-22')).toBe(true);
    expect(isCfsExpected(born('1961-11-23'), '2026-11-22')).toBe(false);
  });

  test('a rating under 65 years is marked', () => {
    const younger = { ...data, patient: { ...data.patient, birthDate: '1970-01-01' } };
    expect(readCfs(younger)[0]?.underAge).toBe(true);
  });

  test('a value outside 1–9 is left out', () => {
    const wrong = { ...data, observations: data.observations.map((one) => ({ ...one, valueQuantity: { value: 12 }, component: [] })) };
    expect(readCfs(wrong)).toEqual([]);
  });
});

describe('plan header', () => {
  test('tells type, keeper, version and an overdue review', () => {
    expect(readPlanHeader(plan, data, today)).toMatchObject({
      type: { code: 'individuell-plan' },
      keeper: { name: 'Solvik kommune' },
      version: '4',
      reviewOverdueDays: 12,
      active: true,
    });
  });

  test('a plan that is over has no overdue review', () => {
    expect(readPlanHeader({ ...plan, status: 'completed' }, data, today).reviewOverdueDays).toBeUndefined();
  });

  test('the active individuell plan is shown first, parts of other plans last', () => {
    const category = (code: string) => [{ coding: [{ system: 'https://fellesplan.example/fhir/CodeSystem/fp-plan-type', code }] }];
    const zone: CarePlan = { ...plan, id: 'zone', partOf: [{ reference: 'CarePlan/self' }] };
    const self: CarePlan = { ...plan, id: 'self', category: category('egenbehandlingsplan') };
    const old: CarePlan = { ...plan, id: 'old', status: 'completed' };
    expect(orderPlans([zone, old, self, plan]).map((one) => one.id)).toEqual(['plan', 'self', 'old', 'zone']);
  });

  test('a plan has its own goals, measures and team, and those of the plans within it', () => {
    const zone: CarePlan = {
      ...plan,
      id: 'zone',
      partOf: [{ reference: 'CarePlan/self' }],
      goal: [{ reference: 'Goal/goal-home' }],
      activity: [],
    };
    const self: CarePlan = { ...plan, id: 'self', goal: [], activity: [{ reference: { reference: 'Task/task-soon' } }] };
    const parts = partsOf(self, { ...data, plans: [plan, self, zone] });
    expect(parts.goals.map((goal) => goal.id)).toEqual(['goal-home']);
    expect(parts.tasks.map((task) => task.id)).toEqual(['task-soon']);
  });
});

describe('self-care', () => {
  const type = (code: string) => [{ coding: [{ system: 'https://fellesplan.example/fhir/CodeSystem/fp-plan-type', code }] }];
  const part = (id: string, whole: string, about: Partial<CarePlan>): CarePlan => ({
    resourceType: 'CarePlan',
    id,
    status: 'active',
    intent: 'plan',
    subject: plan.subject,
    category: type('egenbehandlingsplan'),
    partOf: [{ reference: `CarePlan/${whole}` }],
    ...about,
  });
  const self = part('self', 'plan', { title: 'Egenbehandlingsplan' });
  const green = part('green', 'self', { title: 'Grønn sone', description: 'Som vanlig' });
  const red = part('red', 'self', { title: 'Rød sone', activity: [{ reference: { reference: 'Task/task-zone' } }] });
  const zoneTask: Task = {
    resourceType: 'Task',
    id: 'task-zone',
    status: 'in-progress',
    intent: 'order',
    description: 'Ring 113',
    basedOn: [{ reference: 'CarePlan/red' }],
  };
  const withZones = { ...data, plans: [plan, self, green, red], tasks: [...tasks, zoneTask] };

  test('zones stand in order with their signs and what to do', () => {
    expect(readSelfCare(plan, withZones)).toMatchObject([
      {
        title: 'Egenbehandlingsplan',
        zones: [
          { title: 'Grønn sone', color: 'green', signs: 'Som vanlig', todo: [] },
          { title: 'Rød sone', color: 'red', todo: [{ text: 'Ring 113' }] },
        ],
      },
    ]);
  });

  test('what holds good in a zone only is not among the measures of the plan', () => {
    const parts = partsOf(plan, withZones);
    expect(parts.tasks.map((task) => task.id)).not.toContain('task-zone');
    expect(parts.nested).toEqual([]);
  });

  test('zones that are over are left out, and a plan without any shows none', () => {
    expect(
      readSelfCare(plan, { ...withZones, plans: [plan, self, { ...red, status: 'completed' }] })[0]?.zones.map((zone) => zone.id),
    ).toEqual(['self']);
    expect(readSelfCare(plan, data)).toEqual([]);
  });

  test('plans that are part of each other do not turn in a circle', () => {
    const circle = [part('a', 'b', { category: type('behandlingsplan') }), part('b', 'a', { category: type('behandlingsplan') })];
    expect(partsOf(circle[0] as CarePlan, { ...data, plans: circle }).nested.map((one) => one.id)).toEqual(['b']);
  });
});

describe('consent', () => {
  test.each([
    ['none is there: missing or deleted', [], false],
    ['both are active', [consent('plan', 'active'), consent('innsyn', 'active')], true],
    ['only the plan itself is consented to', [consent('plan', 'active')], false],
    ['sharing is withdrawn', [consent('plan', 'active'), consent('innsyn', 'inactive')], false],
    ['withdrawn and given again', [consent('innsyn', 'inactive'), consent('innsyn', 'active')], true],
    ['they are closed to the reader: the server has decided', undefined, true],
  ])('%s', (_why, consents, expected) => {
    expect(mayBeSeen(consents)).toBe(expected);
  });
});

describe('a person without a plan', () => {
  test('the coordinating unit is found from the report of need, with phone', () => {
    const found = readCoordinatingUnits(planData([...people, needReport]));
    expect(found.units).toMatchObject([{ name: 'Solvik kommune', phones: ['+47 99 01 10 00'] }]);
    expect(found.needs).toMatchObject([{ need: { code: 'koordinator' }, date: '2026-11-10' }]);
  });

  test('a report that is done is not shown as open', () => {
    expect(readCoordinatingUnits(planData([...people, { ...needReport, status: 'completed' }])).needs).toEqual([]);
  });
});
