import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SMART_CHECKS } from '../../../server/conformance/smart/all-checks.ts';
import { readSuiteConfig } from '../../../server/conformance/smart/suite-config.ts';
import { runCli } from '../../cli/run-cli.ts';
import { type Servers, startServers } from './servers.ts';
import { configuration } from './spoilers.ts';

let servers: Servers;
let fhir: string;

beforeAll(async () => {
  servers = await startServers();
  const { fhirBaseUrl, ...config } = servers.suiteConfig('hospital');
  const { symmetric, backend } = config.clients;
  const { secret, ...app } = symmetric!;
  const { privateKey, ...system } = backend!;
  fhir = fhirBaseUrl;
  writeFileSync(join(servers.folder, 'secret'), `${secret}\n`);
  writeFileSync(join(servers.folder, 'key.json'), JSON.stringify(privateKey));
  const clients = {
    ...config.clients,
    symmetric: { ...app, secretFile: 'secret' },
    backend: { ...system, privateKeyFile: 'key.json' },
  };
  writeFileSync(join(servers.folder, 'smart.json'), JSON.stringify({ ...config, clients }));
});
afterAll(() => servers.close());
afterEach(() => servers.front.spoil());

const run = (...args: readonly string[]) => runCli(['conformance', 'smart', ...args], { cwd: servers.folder });
const smart = (...args: readonly string[]) => run('--fhir', `${fhir}/`, '--config', 'smart.json', ...args);

describe('fellesplan conformance smart', { timeout: 60_000 }, () => {
  it('exits 0 and tells what was met, and what was not tried and why', { timeout: 120_000 }, async () => {
    servers.front.asSomebodyNew();
    const { exitCode, stdout, stderr } = await smart();
    expect(stderr).toBe('');
    expect(stdout).toContain(`SMART App Launch 2.2 at ${fhir}\n`);
    expect(stdout).toMatch(/\nAccess token: (\d+) of \1 passed\n/);
    expect(stdout).toContain('\n  tls-current: the server is reached without TLS\n');
    expect(stdout).toMatch(/\nRequirements met: @14 @15 @16 .*\nRequirements not tried: /);
    expect(stdout).toMatch(/\n\d+ checks: \d+ passed, 0 failed, 0 pieces of advice not followed, \d+ not tried\n$/);
    expect(exitCode).toBe(0);
  });

  it('exits 1 and names the check, the reason, the requirement and the section when a SHALL is not met', async () => {
    servers.front.spoil(configuration({ code_challenge_methods_supported: ['S256', 'plain'] }));
    const { exitCode, stdout } = await smart('--only', 'discovery-no-plain', '--only', 'discovery-s256');
    expect(stdout).toContain(
      'Discovery: 1 of 2 passed\n  FAIL discovery-no-plain: PKCE by plain is not supported @15 @394\n' +
        '       code_challenge_methods_supported holds plain\n       https://hl7.org/fhir/smart-app-launch/STU2.2/conformance.html',
    );
    expect(stdout).toContain('Requirements not met: @15 @394\n');
    expect(exitCode).toBe(1);
  });

  it('exits 0 when only advice is not followed', async () => {
    servers.front.spoil(configuration({ capabilities: ['launch-ehr', 'invented'] }));
    const { exitCode, stdout } = await smart('--only', 'discovery-known-capabilities');
    expect(stdout).toContain('advice discovery-known-capabilities');
    expect(stdout).toContain('Requirements whose advice is not followed: @347\n');
    expect(exitCode).toBe(0);
  });

  it.each([
    [
      'nb',
      'Oppdagelse: 1 av 1 bestått',
      'Krav som er oppfylt: @15 @394',
      '1 kontroller: 1 bestått, 0 ikke bestått, 0 råd ikke fulgt, 0 ikke prøvd',
    ],
    [
      'nn',
      'Oppdaging: 1 av 1 bestått',
      'Krav som er oppfylte: @15 @394',
      '1 kontrollar: 1 bestått, 0 ikkje bestått, 0 råd ikkje følgde, 0 ikkje prøvde',
    ],
  ])('reports in %s, around the checks', async (language, ...lines) => {
    const { stdout } = await smart('--only', 'discovery-no-plain', '--language', language);
    for (const line of lines) expect(stdout).toContain(`${line}\n`);
  });

  it('reports as JSON', async () => {
    servers.front.spoil(configuration({ token_endpoint: undefined }));
    const { stdout } = await smart('--only', 'discovery-token-endpoint', '--only', 'discovery-issuer', '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      fhirBaseUrl: fhir,
      summary: { checks: 2, passed: 1, failed: 1, advised: 0, notApplicable: 0 },
      requirements: { 373: 'not met', 381: 'met', 385: 'not met' },
      checks: [{ id: 'discovery-token-endpoint', group: 'Discovery', severity: 'SHALL', outcome: 'fail' }, { id: 'discovery-issuer' }],
    });
  });

  it('reports as JUnit XML, with what was not tried as skipped and marks escaped', async () => {
    servers.front.spoil(configuration({ capabilities: ['<launch>&"'], code_challenge_methods_supported: ['plain'] }));
    const { stdout } = await smart('--only', 'discovery-known', '--only', 'discovery-no-plain', '--only', 'tls', '--format', 'junit');
    expect(stdout).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="http[^"]+" tests="8" failures="1" skipped="5"/);
    expect(stdout).toContain('<system-out>not known: &lt;launch&gt;&amp;&quot;</system-out>');
    expect(stdout).toContain('<failure message="code_challenge_methods_supported holds plain">https://hl7.org/');
    expect(stdout).toContain('<skipped message="the server is reached without TLS"/>');
  });

  it.each([
    ['a configuration is missing', ['--fhir', 'http://localhost:1/fhir'], '--fhir and --config are needed'],
    ['the base is no URL', ['--fhir', 'localhost', '--config', 'smart.json'], 'localhost is no http or https URL'],
    ['nobody answers there', ['--fhir', 'http://localhost:1/fhir', '--config', 'smart.json'], 'does not answer'],
    ['the format is unknown', ['--format', 'pdf'], "option '--format <format>' argument 'pdf' is invalid"],
  ])('exits 2 when %s', async (_why, args, message) => {
    const { exitCode, stderr } = await run(...args);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });

  it('exits 2 when no check is of the name', async () => {
    expect(await smart('--only', 'nothing')).toMatchObject({ exitCode: 2, stderr: 'fellesplan: no check begins with nothing\n' });
  });

  it('lists its checks, and has help and a configuration for the demo', async () => {
    const list = await run('--list');
    expect(
      list.stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t')[0]),
    ).toEqual(SMART_CHECKS.map(({ id }) => id));
    expect((await run('--help')).stdout).toContain('ehrLaunch.provider');
    const sample = (await run('--sample')).stdout;
    expect(JSON.parse(sample)).toHaveProperty('ehrLaunch.provider.kind', 'pages');
    writeFileSync(
      join(servers.folder, 'sample.json'),
      sample.replace('data/keys/admin-system.private.json', join(servers.folder, 'key.json')),
    );
    expect(readSuiteConfig(join(servers.folder, 'sample.json'), 'http://a/fhir/')).toMatchObject({ fhirBaseUrl: 'http://a/fhir' });
  });

  it('gives the configuration for the demo at its port and with its data folder', async () => {
    const env = { PORT: '8099', FELLESPLAN_DATA: '/srv/demo' };
    const { stdout } = await runCli(['conformance', 'smart', '--sample'], { cwd: servers.folder, env });
    expect(JSON.parse(stdout)).toMatchObject({
      redirectUri: 'http://localhost:8099/app/',
      clients: { backend: { privateKeyFile: '/srv/demo/keys/admin-system.private.json' } },
      ehrLaunch: { provider: { url: 'http://localhost:8099/ehr/hospital/' } },
    });
  });

  it('exits 2 and names the client whose key file is not there', async () => {
    const backend = { clientId: 'a', scope: 'system/*.rs', privateKeyFile: 'nowhere.json' };
    writeFileSync(join(servers.folder, 'no-key.json'), JSON.stringify({ redirectUri: 'http://a/', clients: { backend } }));
    expect(await run('--fhir', fhir, '--config', 'no-key.json')).toMatchObject({
      exitCode: 2,
      stderr: 'fellesplan: clients.backend: nowhere.json cannot be read (ENOENT)\n',
    });
  });

  it('tells nothing of what came in answers that were no refusals: they may hold tokens and patients', async () => {
    servers.front.asSomebodyNew();
    servers.front.spoil({
      reply(reply, sent) {
        if (sent.path.endsWith('/token') && reply.status === 200) reply.status = 203;
        if (sent.path.includes('/fhir/Patient')) reply.status = 299;
      },
    });
    const { stdout } = await smart('--only', 'token', '--only', 'context', '--only', 'access', '--only', 'backend');
    expect(stdout).toContain('status 203 where 200');
    expect(stdout).not.toMatch(/eyJ[\w-]{20}|Solberg|13717404089/);
  });
});
