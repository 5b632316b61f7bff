import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { requester } from '../../../server/conformance/smart/http.ts';
import { runSmartChecks } from '../../../server/conformance/smart/run-checks.ts';
import { pressThrough } from '../../../server/conformance/smart/sign-in-driver.ts';
import { startServers } from './servers.ts';

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((resolve) => {
    probe.close(() => resolve());
  });
  return port;
}

it('lets a person sign in and launch where pages need scripts: it prints what to do and waits on this machine', async () => {
  const app = `http://127.0.0.1:${await freePort()}`;
  const redirectUri = `${app}/callback`;
  const launchUrl = `${app}/launch`;
  const servers = await startServers({ redirectUri });
  const { standaloneLaunch, ehrLaunch, ...config } = servers.suiteConfig('hospital');
  const ask = requester(0);
  const printed: string[] = [];
  /** What the person does who reads the terminal. */
  const person = async (line: string) => {
    printed.push(line);
    const url = /^ {2}(http\S+)$/m.exec(line)?.[1];
    if (url === undefined) {
      const launched = await ask(`${servers.front.origin}/launch/hospital?client=public-app&patient=p1`);
      await ask(`${launchUrl}?${new URLSearchParams(JSON.parse(launched.text) as Record<string, string>)}`);
    } else {
      const { redirect } = await pressThrough(ask, { url }, [redirectUri], {
        press: standaloneLaunch!.press!.map((pattern) => pattern.replace('{patient}', 'Ingrid Solberg')),
      });
      await ask(redirect!.href);
    }
  };
  const results = await runSmartChecks(
    {
      ...config,
      standaloneLaunch: { scope: standaloneLaunch!.scope, manual: true },
      ehrLaunch: { scope: ehrLaunch!.scope, manual: true, provider: { kind: 'manual', clientId: 'public-app', launchUrl } },
    },
    {
      only: ['standalone-launch-code', 'ehr-launch-code', 'context-standalone-patient', 'scope-left-out'],
      say: (line) => void person(line),
    },
  );
  await servers.close();
  expect(results.map(({ check, outcome, reason }) => [check.id, outcome, reason])).toEqual([
    ['ehr-launch-code', 'pass', undefined],
    ['standalone-launch-code', 'pass', undefined],
    ['context-standalone-patient', 'pass', undefined],
    ['context-standalone-patient-read', 'pass', undefined],
    ['scope-left-out', 'not-applicable', 'a person signs in, who cannot be told what to leave out'],
    ['scope-left-out-enforced', 'not-applicable', 'a person signs in, who cannot be told what to leave out'],
  ]);
  expect(printed[0]).toBe(`Launch the app in the EHR for Ingrid Solberg; its launch URL is ${launchUrl}`);
  expect(printed[1]).toContain('Open this URL in a browser and sign in:\n  http');
});
