import { expect, it } from 'vitest';
import { requester } from '../../../server/conformance/smart/http.ts';
import { runSmartChecks } from '../../../server/conformance/smart/run-checks.ts';
import { pressThrough } from '../../../server/conformance/smart/sign-in-driver.ts';
import type { SuiteConfig } from '../../../server/conformance/smart/suite-config.ts';
import { freePort } from '../../support/free-port.ts';
import { type Servers, startServers } from './servers.ts';

interface Person {
  readonly servers: Servers;
  readonly config: SuiteConfig;
  readonly launchUrl: string;
  /** What was printed for them. */
  readonly printed: readonly string[];
  /** They do what they read on the terminal. */
  say(line: string): void;
}

async function withPerson(): Promise<Person> {
  const app = `http://127.0.0.1:${await freePort()}`;
  const redirectUri = `${app}/callback`;
  const launchUrl = `${app}/launch`;
  const servers = await startServers({ redirectUri });
  const { standaloneLaunch, ehrLaunch, ...config } = servers.suiteConfig('hospital');
  const ask = requester(0);
  const printed: string[] = [];
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
  return {
    servers,
    printed,
    launchUrl,
    say: (line) => void person(line),
    config: {
      ...config,
      standaloneLaunch: { scope: standaloneLaunch!.scope, manual: true },
      ehrLaunch: { scope: ehrLaunch!.scope, manual: true, provider: { kind: 'manual', clientId: 'public-app', launchUrl } },
    },
  };
}

it('lets a person sign in and launch where pages need scripts: it prints what to do and waits on this machine', async () => {
  const { servers, config, printed, launchUrl, say } = await withPerson();
  const only = ['standalone-launch-code', 'ehr-launch-code', 'context-standalone-patient', 'scope-left-out'];
  const results = await runSmartChecks(config, { only, say });
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

it('asks a person for launches that many checks share, and tells which checks want one of their own', { timeout: 60_000 }, async () => {
  const { servers, config, printed, say } = await withPerson();
  const results = await runSmartChecks(config, { say });
  await servers.close();
  const alone = results.filter(({ reason }) => reason?.startsWith('a person would have to sign in for this check alone'));
  expect(results.filter(({ outcome }) => outcome === 'fail').map(({ check, reason }) => [check.id, reason])).toEqual([]);
  expect(results.filter(({ outcome }) => outcome === 'pass').length).toBeGreaterThan(200);
  expect(alone.map(({ check }) => check.id)).toContain('token-code-replayed');
  expect(printed.filter((line) => line.startsWith('Open this URL')).length).toBeLessThan(20);
});
