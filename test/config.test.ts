import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
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

  it('counts the proxies in front', () => {
    expect(readConfig('serve', { FELLESPLAN_TRUSTED_PROXIES: '2' }).trustedProxies).toBe(2);
    expect(problemsOf(() => readConfig('serve', { FELLESPLAN_TRUSTED_PROXIES: '-1' }))[0]).toContain('a whole number from 0 to 10');
  });

  it('refuses demo mode in production', () => {
    expect(problemsOf(() => readConfig('demo', { NODE_ENV: 'production' }))[0]).toContain('does not run in production');
  });

  it('refuses an origin with a path', () => {
    expect(problemsOf(() => readConfig('serve', { FELLESPLAN_CORS_ORIGINS: 'https://ehr.example/app' }))[0]).toContain('not an origin');
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
