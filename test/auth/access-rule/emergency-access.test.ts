import { afterEach, describe, expect, it } from 'vitest';
import { openAuditLog } from '../../../server/audit/audit-log.ts';
import { journalInTable } from '../../../server/audit/journal-table.ts';
import { launchContexts } from '../../../server/auth/launch-context.ts';
import { sharedAccess } from '../../../server/composition/shared-access.ts';
import type { Resource } from '../../../server/fhir/resource.ts';
import { onEachDatabase } from '../../support/stores.ts';
import { consentsOf, DIRECTORY, IDA, recordOf } from './matrix-record.ts';
import { indexer } from './people.ts';
import { deny, put, ref, role } from './record-parts.ts';
import { type Ask, NAME, RULED_SCOPES, startRuledServer, type TokenClaims } from './ruled-server.ts';

const REASON = 'Bevisstløs i akuttmottaket, må vite om medisiner og pårørende';
const asking = (reason?: string) => ({
  resourceType: 'Parameters',
  ...(reason === undefined ? {} : { parameter: [{ name: 'reason', valueString: reason }] }),
});
const doctor: TokenClaims = {
  scope: 'patient/*.cruds',
  fhirUser: 'Practitioner/stranger',
  hpr_number: '999000001',
  organization_number: '300000001',
};

onEachDatabase('emergency access', (open) => {
  let closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.toReversed()) await close();
    closing = [];
  });

  async function start(...more: readonly Resource[]) {
    const database = await open();
    await put(database.resources, ...DIRECTORY, ...recordOf(IDA, []), ...(more.length === 0 ? consentsOf(IDA, 'withdrawn') : more));
    const access = sharedAccess({
      database,
      issuerName: NAME,
      fhirBaseUrl: 'http://localhost/fhir',
      emergencyMinutes: 60,
      writesAlone: true,
      reportFault: (error) => expect.fail(String(error)),
    });
    const audit = openAuditLog({
      store: database.resources,
      journal: journalInTable(database.state, Date.now),
      index: indexer,
      nowMs: Date.now,
      reportFault: (error) => expect.fail(String(error)),
    });
    const ruled = await startRuledServer(database, {
      store: access.database.resources,
      nowMs: Date.now,
      services: { access: access.rule(RULED_SCOPES), emergency: access.emergency, audit, leavesProvenance: true },
    });
    closing.push(
      () => audit.close(),
      () => ruled.close(),
    );
    const launches = launchContexts(database.state, NAME);
    let grants = 0;
    /** A session whose record system has confirmed Ida, as a token exchange begins it. */
    const inFront = async (claims: TokenClaims, patient: 'told' | 'untold' = 'untold') => {
      const grantId = `grant-${++grants}`;
      const { scope: _scope, grantId: _grant, patient: _patient, ...kept } = claims;
      const launch = patient === 'told' ? { patient: 'ida' } : {};
      await launches.keepForGrant(grantId, { launch, claims: { ...kept }, confirmedPatient: 'ida' }, 3600);
      return ruled.as({ ...claims, ...launch, grantId });
    };
    /** What an exchange gives after the glass was broken. */
    const renewed = async (claims: TokenClaims) => {
      const emergency = await access.exchange.inEmergency!(
        { clientId: '', subject: '', scope: '', scopes: [], fhirUser: claims.fhirUser! },
        'ida',
      );
      return inFront({ ...claims, ...(emergency ? { purpose_of_use: 'BTG' } : {}) }, emergency ? 'told' : 'untold');
    };
    return { ruled, database, access, audit, inFront, renewed };
  }
  const eventsOf = async ({ ruled, audit }: Awaited<ReturnType<typeof start>>) => {
    await audit.settle();
    const patient = await ruled.as({ scope: 'patient/*.rs', fhirUser: 'Patient/ida', patient: 'ida' });
    const found = (await patient('GET', 'AuditEvent?patient=ida&_count=200')).body as unknown as { entry: { resource: Resource }[] };
    return found.entry.map(({ resource }) => JSON.stringify(resource));
  };

  it('opens the plan to read, with a reason, for as long as it lasts, and ends when the user says so', async () => {
    const started = await start();
    const before = await started.inFront(doctor);
    expect((await before('GET', 'CarePlan/ida-plan')).status).toBe(403);
    const given = await before('POST', '$break-the-glass', asking(REASON));
    expect(given.status, given.text).toBe(201);
    const parameters = Object.fromEntries((given.body.parameter as { name: string }[]).map((each) => [each.name, each]));
    expect(parameters).toMatchObject({ patient: { valueReference: { reference: 'Patient/ida' } } });
    const until = Date.parse(String((parameters.until as unknown as { valueInstant: string }).valueInstant));
    expect(until - Date.now()).toBeGreaterThan(59 * 60_000);
    expect(until - Date.now()).toBeLessThanOrEqual(60 * 60_000);

    const during = await started.renewed(doctor);
    for (const path of [
      'CarePlan/ida-plan',
      'CarePlan/ida-plan/$everything',
      'CareTeam/ida-team',
      'Patient/ida',
      'CarePlan/ida-plan/_history',
    ]) {
      expect((await during('GET', path)).status, path).toBe(200);
    }
    const writes: readonly (readonly [string, string, Resource | undefined])[] = [
      ['POST', 'Observation', { resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: ref('Patient/ida') }],
      ['PUT', 'CareTeam/ida-team', { ...recordOf(IDA, []).find(({ resourceType }) => resourceType === 'CareTeam')!, status: 'inactive' }],
      [
        'PUT',
        'CarePlan/ida-plan',
        { resourceType: 'CarePlan', id: 'ida-plan', status: 'revoked', intent: 'plan', subject: ref('Patient/ida') },
      ],
      ['DELETE', 'Task/ida-task', undefined],
    ];
    for (const [method, path, body] of writes) {
      const refused = await during(method, path, body, { 'If-Match': 'W/"1"' });
      expect(refused.status, path).toBe(403);
      expect(refused.body.issue?.[0]?.code, path).toBe('forbidden');
    }
    expect((await during('GET', '$break-the-glass')).status).toBe(200);
    expect((await during('POST', '$break-the-glass', asking(REASON))).status).toBe(200);

    expect((await during('DELETE', '$break-the-glass')).status).toBe(204);
    expect((await during('GET', 'CarePlan/ida-plan')).status).toBe(401);
    const after = await started.renewed(doctor);
    expect((await after('GET', 'CarePlan/ida-plan')).status).toBe(403);
    expect((await after('GET', '$break-the-glass')).status).toBe(404);
    expect((await after('DELETE', '$break-the-glass')).status).toBe(404);
  });

  it('is announced in the record to coordinator, coordinating unit and patient, and stands in the log with its reason', async () => {
    const started = await start(...consentsOf(IDA, 'limited'));
    await (await started.inFront(doctor))('POST', '$break-the-glass', asking(REASON));
    await (await started.renewed(doctor))('GET', 'CarePlan/ida-plan');
    const patient = await started.ruled.as({ scope: 'patient/*.rs', fhirUser: 'Patient/ida', patient: 'ida' });
    const coordinator = await started.ruled.as({
      scope: 'user/*.rs',
      fhirUser: 'Practitioner/coordinator',
      organization_number: '100000002',
    });
    for (const ask of [patient, coordinator]) {
      const { entry } = (await ask('GET', 'Communication?subject=Patient/ida')).body as unknown as { entry: { resource: Resource }[] };
      expect(entry).toHaveLength(1);
      expect(entry[0]?.resource).toMatchObject({
        status: 'completed',
        priority: 'urgent',
        sender: ref('PractitionerRole/stranger-role'),
        recipient: [ref('PractitionerRole/coordinator-role'), ref('Organization/solvik'), ref('Patient/ida')],
        reasonCode: [{ coding: [{ code: 'BTG' }], text: REASON }],
      });
    }
    const leads = (await patient('GET', 'Communication?subject=Patient/ida&_revinclude=Provenance:target')).body as unknown as {
      entry: { resource: Resource }[];
    };
    expect(leads.entry.slice(1).map(({ resource }) => resource)).toMatchObject([
      { reason: [{ coding: [{ code: 'BTG' }] }], agent: [{ who: { reference: 'Practitioner/stranger' } }] },
    ]);
    const events = (await eventsOf(started)).filter((event) => event.includes('Practitioner/stranger'));
    const told = events.filter((event) => event.includes('"code":"BTG"'));
    expect(told.some((event) => event.includes('"action":"C"') && event.includes('Communication/') && event.includes(REASON))).toBe(true);
    expect(told.some((event) => event.includes('$break-the-glass'))).toBe(true);
    expect(told.some((event) => event.includes('CarePlan/ida-plan'))).toBe(true);
    expect(events.filter((event) => event.includes('CarePlan/ida-plan') && !event.includes('"code":"BTG"'))).toEqual([]);
  });

  it('is over when its time is up, whatever the token says', async () => {
    const started = await start();
    await (await started.inFront(doctor))('POST', '$break-the-glass', asking(REASON));
    const during = await started.renewed(doctor);
    expect((await during('GET', 'CarePlan/ida-plan')).status).toBe(200);
    const grant = await started.access.emergency.find('stranger', 'ida');
    await started.access.emergency.end('stranger', 'ida');
    await started.access.emergency.begin({ ...grant!, untilMs: Date.now() - 1 });
    expect((await during('GET', 'CarePlan/ida-plan')).status).toBe(404);
  });

  it('reaches the one patient alone, and nobody with a token that only says so', async () => {
    const { database, ruled, inFront } = await start();
    await put(database.resources, ...recordOf({ id: 'eva', birthDate: '1960-01-01' }, []));
    const claimed = await ruled.as({ ...doctor, scope: 'user/*.rs', patient: 'eva', purpose_of_use: 'BTG' });
    await (await inFront(doctor))('POST', '$break-the-glass', asking(REASON));
    expect((await claimed('GET', 'CarePlan/eva-plan')).status).toBe(404);
    expect((await claimed('GET', 'CarePlan/ida-plan')).status).toBe(404);
  });

  describe('is refused', () => {
    const rows: readonly (readonly [who: string, claims: TokenClaims, status: number, code: string])[] = [
      ['a user without an HPR number', { ...doctor, hpr_number: '' }, 403, 'forbidden'],
      ['a patient', { scope: 'patient/*.cruds', fhirUser: 'Patient/ida' }, 403, 'forbidden'],
      ['a relative', { scope: 'patient/*.cruds', fhirUser: 'RelatedPerson/ida-cousin' }, 403, 'forbidden'],
      ['a system', { scope: 'system/*.cruds', organization_number: '300000001' }, 403, 'forbidden'],
      ['a user without a role where they act', { ...doctor, organization_number: '100000002' }, 403, 'forbidden'],
      ['a user whose scopes read no plans', { ...doctor, scope: 'patient/Observation.rs' }, 403, 'forbidden'],
    ];
    it.each(rows)('to %s, and told in the log', async (_who, claims, status, code) => {
      const started = await start();
      const { hpr_number, ...others } = claims;
      const ask = await started.inFront(hpr_number === '' ? others : claims);
      const refused = await ask('POST', '$break-the-glass', asking(REASON));
      expect(refused.status, refused.text).toBe(status);
      expect(refused.body.issue?.[0]).toMatchObject({ severity: 'error', code });
      expect(await started.access.emergency.find('stranger', 'ida')).toBeUndefined();
      await started.audit.settle();
      const page = await started.database.resources.search({
        types: ['AuditEvent'],
        where: { op: 'match', param: 'outcome', test: { kind: 'token', code: '8' } },
        sort: [],
        limit: 10,
        total: 'none',
      });
      expect(page.matches.some(({ json }) => json.includes('$break-the-glass'))).toBe(true);
    });

    it('to whoever a block names in person, in the same words as to all others; a block of where they work gives way', async () => {
      const active = consentsOf(IDA, 'active')[0]!;
      const blocking = (reference: string) => ({ ...active, provision: { type: 'permit', ...deny(reference) } });
      const named = await start(blocking('PractitionerRole/stranger-role'));
      const refused = await (await named.inFront(doctor))('POST', '$break-the-glass', asking(REASON));
      const other = await (await named.inFront({ scope: 'patient/*.cruds', fhirUser: 'Patient/ida' }))(
        'POST',
        '$break-the-glass',
        asking(REASON),
      );
      expect([refused.status, refused.body.issue]).toEqual([403, other.body.issue]);
      const elsewhere = { ...role('stranger', 'gp-office'), id: 'elsewhere', active: false };
      const before = await start(blocking('PractitionerRole/elsewhere'), elsewhere);
      expect((await (await before.inFront(doctor))('POST', '$break-the-glass', asking(REASON))).body.issue).toEqual(other.body.issue);
      const place = await start(blocking('Organization/other-hospital'));
      expect((await (await place.inFront(doctor))('POST', '$break-the-glass', asking(REASON))).status).toBe(201);
      expect((await (await place.renewed(doctor))('GET', 'CarePlan/ida-plan')).status).toBe(200);
    });

    it('without a patient before the user, or to whoever has access already', async () => {
      const { ruled, inFront } = await start(...consentsOf(IDA, 'active'));
      const nobody = await (await ruled.as(doctor))('POST', '$break-the-glass', asking(REASON));
      expect(nobody.body.issue?.[0]).toMatchObject({ code: 'not-found' });
      expect(nobody.status).toBe(404);
      const nurse = { ...doctor, fhirUser: 'Practitioner/nurse', organization_number: '100000002' };
      const needless = await (await inFront(nurse))('POST', '$break-the-glass', asking(REASON), { 'Accept-Language': 'nn' });
      expect(needless.status).toBe(422);
      expect(needless.body.issue?.[0]).toMatchObject({ code: 'business-rule', details: { text: expect.stringContaining('naudtilgang') } });
    });

    const reasons: readonly (readonly [why: string, reason: string | undefined])[] = [
      ['is missing', undefined],
      ['says too little', 'haster veldig'],
      ['is blank', ' '.repeat(40)],
      ['is too long', 'x'.repeat(1001)],
      ['holds a national identity number', 'Bevisstløs pasient 17834201585 i mottak'],
    ];
    it.each(reasons)('when the reason %s', async (_why, reason) => {
      const { inFront } = await start();
      const refused = await (await inFront(doctor))('POST', '$break-the-glass', asking(reason));
      expect(refused.status, refused.text).toBe(400);
      expect(refused.body.issue?.[0]).toMatchObject({ code: 'value', expression: ['reason'] });
    });
  });

  describe('sessions that lived by a consent', () => {
    it('end with it: tokens are refused, those of the person are not', async () => {
      const started = await start(...consentsOf(IDA, 'active'));
      const nurse = { ...doctor, fhirUser: 'Practitioner/nurse', organization_number: '100000002' };
      const session = await started.inFront(nurse, 'told');
      const own = await started.inFront({ scope: 'patient/*.cruds', fhirUser: 'Patient/ida' }, 'told');
      expect((await session('GET', 'CarePlan/ida-plan')).status).toBe(200);
      const change = async (ask: Ask, consent: Resource) => expect((await ask('PUT', 'Consent/ida-innsyn', consent)).status).toBe(200);
      await change(own, consentsOf(IDA, 'active')[0]!);
      expect((await session('GET', 'CarePlan/ida-plan')).status).toBe(200);
      await change(own, consentsOf(IDA, 'withdrawn')[0]!);
      expect((await session('GET', 'CarePlan/ida-plan')).status).toBe(401);
      expect((await own('GET', 'CarePlan/ida-plan')).status).toBe(200);
      expect(await launchContexts(started.database.state, NAME).ofGrant('grant-1')).toBeUndefined();
    });

    it('end when the consent is deleted, when a part in the team ends, and when a block is set', async () => {
      const gp = { ...doctor, fhirUser: 'Practitioner/gp', organization_number: '200000001' };
      const team = recordOf(IDA, []).find(({ resourceType }) => resourceType === 'CareTeam')!;
      const active = consentsOf(IDA, 'active')[0]!;
      const ends: readonly (readonly [string, string, Resource | undefined])[] = [
        ['DELETE', 'Consent/ida-innsyn', undefined],
        [
          'PUT',
          'CareTeam/ida-team',
          { ...team, participant: (team.participant as object[]).filter((each) => !JSON.stringify(each).includes('gp-role')) },
        ],
        ['PUT', 'Consent/ida-innsyn', { ...active, provision: { type: 'permit', ...deny('PractitionerRole/gp-role') } }],
      ];
      for (const [method, path, body] of ends) {
        const started = await start(active);
        const session = await started.inFront(gp, 'told');
        const coordinator = await started.ruled.as({
          scope: 'user/*.cruds',
          fhirUser: 'Practitioner/coordinator',
          organization_number: '100000002',
        });
        expect((await session('GET', 'CarePlan/ida-plan')).status).toBe(200);
        expect((await coordinator(method, path, body, { 'If-Match': 'W/"1"' })).status, path).toBeLessThan(300);
        expect((await session('GET', 'CarePlan/ida-plan')).status, `${method} ${path}`).toBe(401);
      }
    });
  });
});
