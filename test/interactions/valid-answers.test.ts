import { expect, it } from 'vitest';
import { isErrorIssue } from '../../server/fhir/outcome.ts';
import { onEachServer } from '../support/each-server.ts';
import { bundle, entry, observation, patient } from '../support/fixtures.ts';
import type { TestAnswer, TestServer } from '../support/test-server.ts';

const P = 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a';
const LENIENT = { Prefer: 'handling=lenient' };

const TRANSACTION = bundle(
  'transaction',
  entry('POST', 'Patient', patient(), { fullUrl: P }),
  entry('POST', 'Observation', observation({ subject: { reference: P } })),
  entry('PUT', 'Patient/a', patient({ id: 'a' })),
  entry('DELETE', 'Patient/never'),
  entry('GET', 'Patient?_count=1'),
  entry('HEAD', 'Patient/a'),
  entry('GET', 'Patient/a/_history'),
  entry('GET', 'Patient/a', undefined, { request: { ifNoneMatch: '*' } }),
);
const BATCH = bundle('batch', entry('GET', 'Patient/a'), entry('GET', 'Patient/none'), null, entry('POST', 'Patient', patient({ odd: 1 })));

/** What the validator has to say of an answer, but for narratives that are missing. */
function faultsOf(server: TestServer, answer: TestAnswer): readonly string[] {
  const issues = server.services.validator.validate(answer.body);
  const told = issues.filter((issue) => isErrorIssue(issue) || !issue.details?.coding?.some(({ code }) => code === 'dom-6'));
  return told.map(({ severity, diagnostics, expression }) => `${severity} ${diagnostics} ${expression?.[0]}`);
}

onEachServer('what the server answers', (start) => {
  it.each(['minimal', 'representation', 'OperationOutcome'])(
    'is valid for a batch and a transaction with Prefer: return=%s',
    async (wish) => {
      const server = await start();
      for (const body of [TRANSACTION, BATCH]) {
        const answer = await server.request('POST', '', body, { Prefer: `return=${wish}` });
        expect(answer.status, answer.text).toBe(200);
        expect(faultsOf(server, answer)).toEqual([]);
      }
    },
  );

  it('is valid for reads, histories, searches and refusals, whole and in part', async () => {
    const server = await start();
    await server.request('POST', '', TRANSACTION);
    await server.request('DELETE', 'Patient/a');
    const [person] = (await server.request('GET', 'Patient?_count=1')).body.entry as { resource: { id: string } }[];
    const one = `Patient/${person?.resource.id}`;
    const parts = ['_summary=true', '_summary=text', '_summary=data', '_elements=birthDate'];
    const urls = ['', one, `${one}/_history`, '_history', 'Patient', 'Observation'].flatMap((path) =>
      parts.map((part) => `${path}?${part}`),
    );
    const whole = [
      '_history?_count=2',
      'Patient/a/_history',
      '?_type=Patient',
      'Observation?_include=Observation:subject',
      'Patient?_summary=count',
    ];
    for (const url of [...urls, ...whole, 'Patient?odd=1', 'Patient/none', 'Patient/a', '_history?_summary=count']) {
      expect(faultsOf(server, await server.request('GET', url, undefined, LENIENT)), url).toEqual([]);
    }
  });
});
