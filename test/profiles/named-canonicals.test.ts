/**
 * What the CapabilityStatement names under the project's own URL is there to be read.
 *
 * Spec: https://hl7.org/fhir/R4/capabilitystatement.html · https://hl7.org/fhir/R4/operationdefinition.html
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { OPERATIONS } from '../../server/operations/run-operation.ts';
import { onEachServer } from '../support/each-server.ts';
import { allGenerated } from './profile-rules.ts';

interface Definition {
  readonly url?: string;
  readonly code?: string;
  readonly system?: boolean;
  readonly type?: boolean;
  readonly instance?: boolean;
  readonly resource?: readonly string[];
}

const SERVER = join(import.meta.dirname, '..', '..', 'server');
const BASE = 'https://fellesplan.example/fhir/';
const generated = allGenerated() as readonly Definition[];

onEachServer('the capability statement', (start) => {
  test('names no definition of the project that does not exist', async () => {
    const server = await start();
    const { text } = await server.request('GET', 'metadata');
    const named = new Set([...text.matchAll(/"(https:\/\/fellesplan\.example\/fhir\/[A-Za-z]+\/[^"|]+)/g)].map(([, url]) => url));
    expect([...named].filter((url) => url?.startsWith(`${BASE}OperationDefinition/`)).length).toBeGreaterThanOrEqual(6);
    const known = new Set(generated.map(({ url }) => url));
    expect([...named].filter((url) => !known.has(url))).toEqual([]);
  });
});

test('the server names no definition of the project that does not exist, in outcomes neither', () => {
  const files = readdirSync(SERVER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const text = files.map((name) => readFileSync(join(SERVER, name), 'utf8')).join('\n');
  const kinds = 'CodeSystem|ValueSet|StructureDefinition|Questionnaire|OperationDefinition|SearchParameter|PlanDefinition';
  const named = new Set([...text.matchAll(new RegExp(`\\b(?:${kinds})/fp-[a-z0-9-]+(?=[\`'"|])`, 'g'))].map(([url]) => BASE + url));
  const known = new Set(generated.map(({ url }) => url));
  expect(named.size).toBeGreaterThan(10);
  expect([...named].filter((url) => !known.has(url))).toEqual([]);
});

describe('the definition of an operation', () => {
  const own = OPERATIONS.filter(({ definition }) => definition.startsWith(BASE));

  test.each(own)('says where $$name is called', ({ name, definition, levels, types }) => {
    const { code, system, type, instance, resource } = generated.find(({ url }) => url === definition) ?? {};
    const said = Object.entries({ system, type, instance }).flatMap(([level, offered]) => (offered === true ? [level] : []));
    expect([code, said]).toEqual([name, levels]);
    expect(resource).toEqual(types ?? (levels.includes('system') ? undefined : ['Resource']));
  });
});
