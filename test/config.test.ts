import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CONFIG_VARIABLES, ConfigError, readConfig } from '../server/config.ts';

describe('configuration', () => {
  it('has sensible standards when nothing is set', () => {
    const config = readConfig('demo', {});
    expect(config).toMatchObject({ port: 8080, host: '127.0.0.1', publicUrl: 'http://localhost:8080', writeValidation: 'profile' });
    expect(config.databaseUrl).toBeUndefined();
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('names every bad variable at once', () => {
    const bad = {
      PORT: '80a',
      FELLESPLAN_URL: 'plan',
      DATABASE_URL: 'mysql://secret@host/db',
      FELLESPLAN_BODY_LIMIT: 'ten',
      FELLESPLAN_LOG: 'loud',
    };
    const problems = problemsOf(() => readConfig('serve', bad));
    expect(problems.map((line) => line.split('=')[0])).toEqual([
      'PORT',
      'FELLESPLAN_URL',
      'DATABASE_URL',
      'FELLESPLAN_BODY_LIMIT',
      'FELLESPLAN_LOG',
    ]);
  });

  it('never shows the database password', () => {
    expect(problemsOf(() => readConfig('serve', { DATABASE_URL: 'mysql://me:hush@host/db' })).join()).not.toContain('hush');
  });

  it.each([
    ['10mb', 10_485_760],
    ['500kb', 512_000],
    ['2048', 2048],
  ])('reads the size %s as %i bytes', (text, bytes) => {
    expect(readConfig('serve', { FELLESPLAN_BODY_LIMIT: text }).bodyLimitBytes).toBe(bytes);
  });

  it.each([
    ['PORT', '0', 'a port is a whole number from 1 to 65535'],
    ['FELLESPLAN_BODY_LIMIT', '0', 'a size from 1kb to 256mb is wanted'],
    ['FELLESPLAN_BODY_LIMIT', '999999mb', 'a size from 1kb to 256mb is wanted'],
    ['FELLESPLAN_URL', 'https://:hush@plan.example', 'without user, query and fragment'],
    ['DATABASE_URL', 'postgres://me:50%@host/db', 'in user, password and database % is written as %25'],
  ])('refuses %s=%s', (name, text, problem) => {
    expect(problemsOf(() => readConfig('serve', { [name]: text }))).toEqual([expect.stringContaining(problem)]);
  });

  it('takes addresses and networks of proxies', () => {
    const read = (text: string) => readConfig('serve', { FELLESPLAN_TRUST_PROXY: text }).trustProxy;
    expect(read('10.0.0.0/8, 2001:db8::1')).toEqual(['10.0.0.0/8', '2001:db8::1']);
    expect(read('loopback')).toEqual(['127.0.0.0/8', '::1/128']);
    for (const bad of ['1', '10.0.0.0/33', 'proxy.example', '10.0.0.0/8/8', '10.0.0.0/', 'all']) {
      expect(problemsOf(() => read(bad)).join(), bad).toContain('neither an address nor a network');
    }
  });

  it('warns of a variable that it does not know', () => {
    expect(readConfig('serve', { FELLESPLAN_TRUSTED_PROXIES: '2' }).warnings).toEqual([
      'FELLESPLAN_TRUSTED_PROXIES: there is no such variable',
    ]);
    expect(readConfig('serve', { FELLESPLAN_LOG: 'info', FELLESPLAN_METRICS_TOKEN_FILE: '', HOME: '/root' }).warnings).toEqual([]);
    expect(readConfig('serve', { FELLESPLAN_CLIENT: '/c.json' }).warnings).toEqual([
      'FELLESPLAN_CLIENT: there is no such variable. Did you mean FELLESPLAN_CLIENTS?',
    ]);
  });

  it('tells of it beside what is wrong: the name may be why another is missing', () => {
    const problems = problemsOf(() => readConfig('serve', { NODE_ENV: 'production', FELLESPLAN_URI: 'https://plan.example' }));
    expect(problems).toEqual([
      'NODE_ENV=production: FELLESPLAN_URL is to be an https URL',
      'FELLESPLAN_URI: there is no such variable. Did you mean FELLESPLAN_URL?',
    ]);
  });

  it('says of a URL that cannot be used no more than what is wrong with it', () => {
    const problems = problemsOf(() => readConfig('serve', { NODE_ENV: 'production', FELLESPLAN_URL: 'https://plan.example?x' }));
    expect(problems).toEqual(['FELLESPLAN_URL=https://plan.example?x: a URL without user, query and fragment is wanted']);
  });

  it('warns in production when nobody has said which URL clients use', () => {
    const tls = { NODE_ENV: 'production', FELLESPLAN_TLS_CERT: '/c.pem', FELLESPLAN_TLS_KEY: '/k.pem', PORT: '8443' };
    const warning = 'FELLESPLAN_URL is not set, and clients are told https://localhost:8443; set the URL that they use';
    expect(readConfig('serve', tls).warnings).toEqual([warning]);
    expect(readConfig('serve', { ...tls, FELLESPLAN_URL: 'https://plan.example' }).warnings).toEqual([]);
    expect(readConfig('serve', { ...tls, NODE_ENV: 'test' }).warnings).toEqual([]);
  });

  it.each([
    ['https that nobody speaks', { FELLESPLAN_URL: 'https://plan.example' }, 'neither a certificate'],
    [
      'a database in clear',
      {
        NODE_ENV: 'production',
        FELLESPLAN_URL: 'https://plan.example',
        FELLESPLAN_TRUST_PROXY: '10.0.0.1',
        DATABASE_URL: 'postgres://me@db.example/plans',
      },
      'add ?sslmode=verify-full',
    ],
  ])('warns of %s', (_why, env, text) => {
    expect(readConfig('serve', env).warnings).toEqual([expect.stringContaining(text)]);
  });

  it('does not warn of what is shut', () => {
    const env = { NODE_ENV: 'production', FELLESPLAN_URL: 'https://plan.example', FELLESPLAN_TRUST_PROXY: '10.0.0.1' };
    for (const url of ['postgres://me@db.example/plans?sslmode=verify-full', 'postgres://me@127.0.0.1/plans', 'postgres:///plans']) {
      expect(readConfig('serve', { ...env, DATABASE_URL: url }).warnings, url).toEqual([]);
    }
  });

  it.each(['https://me:hush@plan.example', 'https://plan.example?x=1', 'https://plan.example#x'])('refuses %s as its URL', (url) => {
    expect(problemsOf(() => readConfig('serve', { FELLESPLAN_URL: url })).join()).toContain('without user, query and fragment');
  });

  it.each([
    ['a certificate without its key', { FELLESPLAN_TLS_CERT: '/c.pem' }, 'go together'],
    [
      'a certificate and a URL that is not https',
      { FELLESPLAN_TLS_CERT: '/c', FELLESPLAN_TLS_KEY: '/k', FELLESPLAN_URL: 'http://x' },
      'https URL',
    ],
    ['production without https', { NODE_ENV: 'production' }, 'NODE_ENV=production: FELLESPLAN_URL is to be an https URL'],
    ['metrics for everybody', { FELLESPLAN_METRICS_LISTEN: '0.0.0.0:9464' }, '/metrics needs FELLESPLAN_METRICS_TOKEN'],
  ])('refuses %s', (_why, env, text) => {
    expect(problemsOf(() => readConfig('serve', env)).join()).toContain(text);
  });

  it('leaves the time of a search to the database unless it is told', () => {
    expect(readConfig('serve', {}).searchTimeoutSeconds).toBeUndefined();
    expect(readConfig('serve', { FELLESPLAN_SEARCH_TIMEOUT: '20' }).searchTimeoutSeconds).toBe(20);
    for (const text of ['0', '301', '1.5', 'long']) {
      const problems = problemsOf(() => readConfig('serve', { FELLESPLAN_SEARCH_TIMEOUT: text }));
      expect(problems.join()).toContain('a whole number of seconds from 1 to 300 is wanted');
    }
  });

  it('is at an https URL when it has a certificate', () => {
    const tls = { FELLESPLAN_TLS_CERT: '/c.pem', FELLESPLAN_TLS_KEY: '/k.pem', PORT: '8443' };
    expect(readConfig('serve', tls)).toMatchObject({ publicUrl: 'https://localhost:8443', tls: { certFile: '/c.pem', keyFile: '/k.pem' } });
  });

  it('gives each worker a port of its own for metrics', () => {
    const env = { FELLESPLAN_METRICS_LISTEN: '127.0.0.1:9464' };
    expect(readConfig('serve', env).metrics).toEqual({ place: { host: '127.0.0.1', port: 9464 }, token: undefined });
    expect(readConfig('serve', { ...env, FELLESPLAN_WORKER: '3' }).metrics?.place?.port).toBe(9467);
    expect(readConfig('serve', { FELLESPLAN_METRICS_TOKEN: 'known-to-operators' }).metrics).toEqual({
      place: undefined,
      token: 'known-to-operators',
    });
  });

  it('refuses demo mode in production', () => {
    expect(problemsOf(() => readConfig('demo', { NODE_ENV: 'production' }))[0]).toContain('does not run in production');
  });

  it.each(['Production', 'PRODUCTION', ' production ', 'prod'])('takes NODE_ENV=%j for production', (NODE_ENV) => {
    expect(problemsOf(() => readConfig('demo', { NODE_ENV }))[0]).toContain('does not run in production');
    expect(readConfig('serve', { NODE_ENV, FELLESPLAN_URL: 'https://plan.example' }).production).toBe(true);
  });

  it.each(['development', 'test', 'preproduction', ''])('takes NODE_ENV=%j for none', (NODE_ENV) => {
    expect(readConfig('serve', { NODE_ENV }).production).toBe(false);
  });

  it('refuses an origin with a path', () => {
    expect(problemsOf(() => readConfig('serve', { FELLESPLAN_CORS_ORIGINS: 'https://ehr.example/app' }))[0]).toContain('not an origin');
  });

  describe('a secret in a file', () => {
    const file = (content: string, mode = 0o600) => {
      const path = join(mkdtempSync(join(tmpdir(), 'fellesplan-config-')), 'secret');
      writeFileSync(path, content, { mode });
      onTestFinished(() => rmSync(dirname(path), { recursive: true }));
      return path;
    };

    it('is read from there, without the end of its line', () => {
      const config = readConfig('serve', { DATABASE_URL_FILE: file('postgres://me:hush@host/db\n') });
      expect(config).toMatchObject({ databaseUrl: 'postgres://me:hush@host/db', warnings: [] });
    });

    it('is warned of when everybody can read the file', () => {
      const [warning] = readConfig('serve', { DATABASE_URL_FILE: file('postgres://host/db', 0o644) }).warnings;
      expect(warning).toContain('can be read by everybody');
      const key = file('key', 0o644);
      const tls = readConfig('serve', { FELLESPLAN_TLS_CERT: file('cert', 0o644), FELLESPLAN_TLS_KEY: key });
      expect(tls.warnings).toEqual([`FELLESPLAN_TLS_KEY: ${key} holds a secret and can be read by everybody; chmod 640 or less`]);
    });

    it.each([
      ['that is not there', { DATABASE_URL_FILE: '/nowhere/secret' }, 'cannot be read (ENOENT)'],
      ['and in the variable as well', { DATABASE_URL_FILE: '/nowhere', DATABASE_URL: 'postgres://h/d' }, 'is set as well'],
    ])('is refused in one %s', (_why, env, text) => {
      expect(problemsOf(() => readConfig('serve', env)).join()).toContain(text);
    });

    it('is never repeated', () => {
      for (const [name, secret] of [
        ['DATABASE_URL', 'mysql://me:hush-hush@host'],
        ['FELLESPLAN_METRICS_TOKEN', 'hush-hush'],
      ] as const) {
        const problems = problemsOf(() => readConfig('serve', { [`${name}_FILE`]: file(secret) }));
        expect(problems.join()).toContain(name);
        expect(problems.join()).not.toContain('hush');
      }
    });
  });

  it('is told in the README, variable by variable', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    for (const { name, standard, meaning } of Object.values(CONFIG_VARIABLES)) {
      expect(readme).toContain(`| \`${name}\` | ${standard} | ${meaning} |`);
    }
  });
});

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('expected a ConfigError');
}
