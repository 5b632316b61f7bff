import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Resource } from '../../../server/fhir/resource.ts';
import type { ResourceStore } from '../../../server/store/resource-store.ts';
import { ACCESS_MATRIX, COLUMNS, type Column, type ConsentState, rowsOf } from '../../cases/access-matrix.ts';
import { onEachDatabase } from '../../support/stores.ts';
import type { TestAnswer } from '../../support/test-server.ts';
import { consentsOf, DIRECTORY, FOURTEEN, IDA, PATIENTS, recordOf, TEN } from './matrix-record.ts';
import { NOW_MS } from './people.ts';
import { put, ref } from './record-parts.ts';
import { type Ask, type RuledServer, startRuledServer, type TokenClaims } from './ruled-server.ts';

/** A row of the matrix: whose plan it is about, the caller's token, and who they are where they express something. */
interface Role {
  readonly patient: string;
  readonly claims: TokenClaims | undefined;
  readonly expressedBy?: string;
}

const user = (id: string, organization_number: string, more: Partial<TokenClaims> = {}): Role => ({
  patient: IDA.id,
  claims: { scope: 'user/*.cruds', fhirUser: `Practitioner/${id}`, hpr_number: '9990001', organization_number, ...more },
});
const own = (reference: string, patient: string): Role => ({
  patient,
  claims: { scope: 'patient/*.cruds', fhirUser: reference, patient },
  expressedBy: reference,
});
const system = (organization_number: string): Role => ({
  patient: IDA.id,
  claims: { scope: 'system/*.cruds', organization_number },
});

const ROLES: Readonly<Record<string, Role>> = {
  coordinator: user('coordinator', '100000002'),
  'team nurse': user('nurse', '100000002'),
  GP: user('gp', '200000001'),
  'outsider nurse, same unit': user('outsider', '100000002'),
  'outsider, other hospital': user('stranger', '300000001'),
  'former member': user('former', '100000002'),
  'coordinating unit': user('ke', '100000003'),
  patient: own('Patient/ida', IDA.id),
  'mother of 10-year-old': own('RelatedPerson/ten-mother', TEN.id),
  'mother of 14-year-old, objection': own('RelatedPerson/fourteen-mother', FOURTEEN.id),
  'kin without consent': own('RelatedPerson/ida-cousin', IDA.id),
  'system of member organisation': system('100000002'),
  'system of other organisation': system('300000001'),
  'no token': { patient: IDA.id, claims: undefined },
  'expired token': user('coordinator', '100000002', { exp: NOW_MS / 1000 - 1 }),
  'token for another audience': user('coordinator', '100000002', { aud: 'https://other.example/fhir' }),
};
const NAMES = Object.keys(ROLES);
const goalOf = (who: string) => `goal-${NAMES.indexOf(who)}`;
const READING: readonly Column[] = ['read', 'search', 'include', 'revinclude', 'chain', 'everything', 'history'];
const ROLES_AT_ONCE = 4;

/** What a cell stands for: `holds` names what a good answer holds. */
function asked(
  column: Column,
  who: string,
  { patient, expressedBy }: Role,
  current: Resource | undefined,
): readonly [string, string, unknown?, string?] {
  const subject = ref(`Patient/${patient}`);
  const plan = `CarePlan/${patient}-plan`;
  switch (column) {
    case 'read':
      return ['GET', plan];
    case 'search':
      return ['GET', `CarePlan?patient=${patient}`];
    case 'include':
      return ['GET', `ServiceRequest?_id=${patient}-need&_include=ServiceRequest:based-on`];
    case 'revinclude':
      return ['GET', 'PractitionerRole?_id=coordinator-role&_revinclude=CareTeam:participant'];
    case 'chain':
      return ['GET', `ServiceRequest?_id=${patient}-need&based-on:CarePlan.status=active`];
    case 'everything':
      return ['GET', `${plan}/$everything`];
    case 'history':
      return ['GET', `${plan}/_history`];
    case 'transaction': {
      const expressed = { expressedBy: ref(expressedBy ?? `Patient/${patient}`) };
      const resource = { resourceType: 'Goal', lifecycleStatus: 'active', description: { text: who }, subject, ...expressed };
      const entry = [{ resource, request: { method: 'POST', url: 'Goal' } }];
      return ['POST', '', { resourceType: 'Bundle', type: 'transaction', entry }];
    }
    case 'score':
      return ['POST', 'Observation', { resourceType: 'Observation', status: 'final', code: { text: 'PSFS' }, subject, valueInteger: 4 }];
    case 'task':
    case 'team': {
      const { id, resourceType, meta, ...rest } = current!;
      return ['PUT', `${resourceType}/${id}`, { resourceType, id, ...rest, language: 'nn' }, `W/"${meta?.versionId}"`];
    }
    case 'delete':
      return ['DELETE', `Goal/${goalOf(who)}`, undefined, 'W/"1"'];
    case 'export':
      return ['GET', '$export?_type=CarePlan'];
  }
}

/** What must be in the body of an answer for the cell to say yes. */
const HOLDS: Readonly<Partial<Record<Column, (patient: string) => string>>> = {
  search: (patient) => `CarePlan/${patient}-plan`,
  include: (patient) => `CarePlan/${patient}-plan`,
  revinclude: (patient) => `CareTeam/${patient}-team`,
  chain: (patient) => `ServiceRequest/${patient}-need`,
  everything: (patient) => `CarePlan/${patient}-plan`,
  history: (patient) => `CarePlan/${patient}-plan`,
};

async function cellOf(column: Column, who: string, ask: Ask, current: Current): Promise<string> {
  const role = ROLES[who]!;
  const [method, path, body, ifMatch] = asked(column, who, role, await current(column, role.patient));
  const headers = {
    ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
    ...(column === 'export' ? { Prefer: 'respond-async' } : {}),
  };
  const answer = await ask(method, path, body, headers);
  if (answer.status >= 300) return String(answer.status);
  if (column === 'export') return (await exported(answer, ask)).includes(`"id":"${role.patient}-plan"`) ? 'yes' : 'empty';
  const holds = HOLDS[column]?.(role.patient);
  if (holds === undefined) return 'yes';
  const entries = (answer.body.entry ?? []) as readonly { readonly fullUrl?: string }[];
  return entries.some(({ fullUrl }) => fullUrl?.endsWith(`/${holds}`)) ? 'yes' : 'empty';
}

/** All files of an export. */
async function exported(accepted: TestAnswer, ask: Ask): Promise<string> {
  const job = accepted.headers.get('Content-Location') ?? '';
  for (;;) {
    const status = await ask('GET', job);
    if (status.status === 202) {
      await wait(5);
      continue;
    }
    const { output } = status.body as unknown as { readonly output: readonly { readonly url: string }[] };
    return (await Promise.all(output.map(async ({ url }) => (await ask('GET', url)).text))).join('');
  }
}

/** Reading goes on for several roles at once; writing one role after the other, or they would step on each other's versions. */
async function foundCells(ruled: RuledServer, current: Current): Promise<ReadonlyMap<string, string>> {
  const cells = new Map<string, string>();
  const fill = async (who: string, ask: Ask, column: Column) => cells.set(`${who}: ${column}`, await cellOf(column, who, ask, current));
  const asks = new Map(await Promise.all(NAMES.map(async (who) => [who, await ruled.as(ROLES[who]!.claims)] as const)));
  const waiting = [...asks];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [who, ask] = next;
      await Promise.all(READING.map((column) => fill(who, ask, column)));
    }
  };
  await Promise.all(Array.from({ length: ROLES_AT_ONCE }, worker));
  for (const [who, ask] of asks) for (const column of COLUMNS) if (!READING.includes(column)) await fill(who, ask, column);
  return cells;
}

function cellNamed(cell: string): { readonly who: string; readonly column: Column } {
  const [who = '', column] = cell.split(': ');
  return { who, column: column as Column };
}

/** The measure or team as it stands: it is changed at the version that is current. */
type Current = (column: Column, patient: string) => Promise<Resource | undefined>;

function currentOf(store: ResourceStore): Current {
  const types: Partial<Record<Column, string>> = { task: 'Task', team: 'CareTeam' };
  return async (column, patient) => {
    const type = types[column];
    const version = type === undefined ? undefined : await store.read(type, `${patient}-${column}`);
    if (version?.json == null) return undefined;
    return { ...(JSON.parse(version.json) as Resource), meta: { versionId: String(version.versionId) } };
  };
}

onEachDatabase('the access matrix', (open) => {
  it.each(Object.keys(ACCESS_MATRIX) as ConsentState[])('holds in every cell when consent is: %s', async (state) => {
    const database = await open({ nowMs: () => NOW_MS });
    const goals = (patient: string) => NAMES.filter((who) => ROLES[who]!.patient === patient).map(goalOf);
    const records = PATIENTS.flatMap((patient) => [...recordOf(patient, goals(patient.id)), ...consentsOf(patient, state)]);
    await put(database.resources, ...DIRECTORY, ...records);
    const ruled = await startRuledServer(database);
    const current = currentOf(database.resources);
    const found = await foundCells(ruled, current);
    await ruled.close();
    const rows = rowsOf(state);
    const wrong = [...found].filter(([cell, answer]) => {
      const { who, column } = cellNamed(cell);
      return rows[who]?.[COLUMNS.indexOf(column)] !== answer;
    });
    expect(wrong).toEqual([]);
    expect(found.size).toBe(NAMES.length * COLUMNS.length);
  });
});

it('the access matrix has an answer for each of 16 roles, 13 interactions and 5 states of consent', () => {
  const states = Object.keys(ACCESS_MATRIX) as ConsentState[];
  for (const state of states) {
    expect(Object.keys(rowsOf(state)), state).toEqual(NAMES);
    for (const cells of Object.values(rowsOf(state))) expect(cells).toHaveLength(COLUMNS.length);
  }
  expect(states.length * NAMES.length * COLUMNS.length).toBe(1040);
});
