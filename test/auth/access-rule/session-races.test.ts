/** Sessions that are begun or renewed at the very moment at which their ground is taken away: none is left [MODEL, access rule]. */
import { afterEach, expect, it } from 'vitest';
import { sharedAccess } from '../../../server/composition/shared-access.ts';
import { onEachDatabase } from '../../support/stores.ts';
import { APP_REDIRECT, authorize, post, redeem, type SmartServer, startSmartServer } from '../smart-server.ts';
import { consentsOf, DIRECTORY, IDA, recordOf } from './matrix-record.ts';
import { put } from './record-parts.ts';

const ROUNDS = 16;
const [given] = consentsOf(IDA, 'active');
const withdrawn = { ...given!, status: 'inactive' };

onEachDatabase('a session whose consent is withdrawn', (open) => {
  let smart: SmartServer | undefined;
  afterEach(() => smart?.close());

  async function start() {
    const database = await open();
    await put(database.resources, ...DIRECTORY, ...recordOf(IDA, []), given!);
    const fhirBaseUrl = 'https://plan.example/fhir';
    const access = sharedAccess({
      database,
      issuerName: 'test',
      fhirBaseUrl,
      emergencyMinutes: 60,
      writesAlone: false,
      reportFault: (error) => expect.fail(String(error)),
    });
    const findUser = async (subject: string) => ({ fhirUser: `${fhirBaseUrl}/Practitioner/${subject}` });
    const started = await startSmartServer(database.state, { fhirBaseUrl, findUser, mayContinue: access.mayContinue });
    smart = started;
    const write = (consent: typeof withdrawn) => put(access.database.resources, consent);
    const begin = async () => {
      const claims = { organization_number: '200000001' };
      const value = await started.server.mintLaunch({ clientId: 'public-app', userId: 'gp', context: { patient: 'ida' }, claims });
      const { code } = await authorize(started, { launch: value, redirect_uri: APP_REDIRECT });
      return code === null ? undefined : (await redeem(started, code)).body;
    };
    const renew = async (token: unknown) =>
      (await post(started, '/token', { grant_type: 'refresh_token', refresh_token: String(token), client_id: 'public-app' })).body;
    const left = async () => {
      const lists = ['AccessToken', 'RefreshToken', 'grant-context'].map((model) => database.state.list(`auth/test/${model}`, 10));
      return (await Promise.all(lists)).map((entries) => entries.length);
    };
    return { write, begin, renew, left };
  }
  const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  it('while it is begun is over, whatever its app was told', async () => {
    const { write, begin, left } = await start();
    for (let round = 0; round < ROUNDS; round += 1) {
      await write(given as typeof withdrawn);
      await Promise.all([begin(), after(round * 2).then(() => write(withdrawn))]);
      expect([round, ...(await left())]).toEqual([round, 0, 0, 0]);
    }
  });

  it('while it is renewed is over', async () => {
    const { write, begin, renew, left } = await start();
    for (let round = 0; round < ROUNDS; round += 1) {
      await write(given as typeof withdrawn);
      const session = await begin();
      expect(session).toHaveProperty('refresh_token');
      await Promise.all([renew(session?.refresh_token), after(round).then(() => write(withdrawn))]);
      expect([round, ...(await left())]).toEqual([round, 0, 0, 0]);
    }
  });
});
