import { describe, expect, it } from 'vitest';
import type { AuditLog } from '../../server/audit/audit-log.ts';
import { loadDefinitions } from '../../server/definitions/load.ts';
import { capabilities } from '../../server/interactions/capabilities.ts';
import type { FhirServices, HttpMethod } from '../../server/interactions/context.ts';
import { resolve } from '../../server/interactions/resolve.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal } from '../support/expect-answer.ts';
import { patient } from '../support/fixtures.ts';

interface StatedResource {
  readonly type: string;
  readonly interaction: readonly { readonly code: string }[];
  readonly versioning: string;
  readonly searchParam: readonly { readonly name: string; readonly type: string }[];
  readonly searchInclude: readonly string[];
  readonly searchRevInclude: readonly string[];
  readonly operation: readonly { readonly name: string }[];
}

interface Stated {
  readonly fhirVersion: string;
  readonly rest: readonly {
    readonly resource: readonly StatedResource[];
    readonly interaction: readonly { readonly code: string }[];
    readonly searchParam: readonly { readonly name: string; readonly type: string }[];
    readonly security?: object;
    readonly documentation?: string;
  }[];
}

interface StatedTerminology {
  readonly codeSystem: readonly { readonly uri: string; readonly version: readonly object[] }[];
  readonly expansion: { readonly parameter: readonly { readonly name: string }[] };
}

const SAMPLES: Readonly<Record<string, string>> = {
  token: 'x',
  string: 'x',
  uri: 'urn:x',
  reference: 'Patient/x',
  date: '2026',
  number: '1',
  quantity: '1',
};

/** A request for each interaction that may be claimed. */
const REQUESTS: Readonly<Record<string, readonly [HttpMethod, string]>> = {
  read: ['GET', 'Patient/p1'],
  vread: ['GET', 'Patient/p1/_history/1'],
  update: ['PUT', 'Patient/p1'],
  patch: ['PATCH', 'Patient/p1'],
  delete: ['DELETE', 'Patient/p1'],
  'history-instance': ['GET', 'Patient/p1/_history'],
  'history-type': ['GET', 'Patient/_history'],
  create: ['POST', 'Patient'],
  'search-type': ['GET', 'Patient'],
  transaction: ['POST', ''],
  batch: ['POST', ''],
  'search-system': ['GET', ''],
  'history-system': ['GET', '_history'],
};

onEachServer('capabilities', (start) => {
  it('says what is built, valid and for every type [R4 http#capabilities]', async () => {
    const oauth = { authorize: 'http://auth.example/authorize', token: 'http://auth.example/token' };
    const server = await start({ services: { oauth } });
    const answer = await server.request('GET', 'metadata');
    const stated = answer.body as unknown as Stated;
    expect([answer.status, stated.fhirVersion, stated.rest[0]?.resource.length]).toEqual([200, '4.0.1', 145]);
    expect(JSON.stringify(stated.rest[0]?.security)).toContain(oauth.token);
    expect(stated.rest[0]?.documentation).toContain('kept as it was sent');
    expect(stated.rest[0]?.documentation).toContain('into contained resources');
    const issues = server.services.validator.validate(answer.body).filter(({ severity }) => severity === 'error');
    expect(issues).toEqual([]);
  });

  it('claims every parameter of a search over all types, and how else searches are shaped', async () => {
    const server = await start();
    const stated = (await server.request('GET', 'metadata')).body as unknown as Stated;
    const claimed = stated.rest[0]?.searchParam ?? [];
    const common = ['_content', '_id', '_lastUpdated', '_profile', '_security', '_source', '_tag', '_text'];
    expect(claimed.map(({ name }) => name)).toEqual(common);
    for (const { name, type } of claimed) {
      const answer = await server.request('GET', `?${name}=${SAMPLES[type]}`);
      expect(answer.status, `${name}: ${answer.text}`).toBe(200);
    }
    const besides = stated.rest[0]?.documentation?.match(/_[a-z]+/g) ?? [];
    expect(besides).toEqual(expect.arrayContaining(['_filter', '_has', '_list', '_type', '_sort', '_total', '_revinclude']));
  });

  it('answers every interaction it claims', async () => {
    const server = await start();
    const stated = (await server.request('GET', 'metadata')).body as unknown as Stated;
    const claimed = [
      ...(stated.rest[0]?.interaction ?? []),
      ...(stated.rest[0]?.resource.find(({ type }) => type === 'Patient')?.interaction ?? []),
    ];
    expect(claimed.map(({ code }) => code).toSorted()).toEqual(Object.keys(REQUESTS).toSorted());
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    for (const { code } of claimed.filter(({ code }) => code !== 'delete')) {
      const [method, path] = REQUESTS[code]!;
      const body = path === '' && method === 'POST' ? { resourceType: 'Bundle', type: code } : patient({ id: 'p1' });
      const patch = {
        resourceType: 'Parameters',
        parameter: [
          {
            name: 'operation',
            part: [
              { name: 'type', valueCode: 'delete' },
              { name: 'path', valueString: 'Patient.photo' },
            ],
          },
        ],
      };
      const sent = method === 'GET' ? undefined : method === 'PATCH' ? patch : body;
      const answer = await server.request(method, path, sent);
      expect(answer.status, `${code}: ${answer.text}`).toBeLessThan(300);
    }
  });

  it('takes every search parameter and include that it claims', async () => {
    const server = await start();
    const stated = (await server.request('GET', 'metadata')).body as unknown as Stated;
    for (const type of ['Patient', 'CarePlan', 'CareTeam', 'Observation', 'Task']) {
      const resource = stated.rest.flatMap((rest) => rest.resource).find((each) => each.type === type);
      if (resource === undefined) throw new Error(`${type} is missing`);
      for (const param of resource.searchParam) {
        const name = param.name;
        const sample = SAMPLES[param.type];
        const answer = await server.request('GET', `${type}?${sample === undefined ? `${name}:missing=false` : `${name}=${sample}`}`);
        expect(answer.status, `${type} ${name}: ${answer.text.slice(0, 300)}`).toBe(200);
      }
      for (const include of resource.searchInclude) {
        expect((await server.request('GET', `${type}?_include=${include}`)).status, include).toBe(200);
      }
      for (const include of resource.searchRevInclude.slice(0, 20)) {
        expect((await server.request('GET', `${type}?_revinclude=${include}`)).status, include).toBe(200);
      }
    }
  }, 60_000);

  it('says what the terminology knows and takes, valid, and no more than is so [R4 terminology-service]', async () => {
    const terminology = createTerminology();
    const server = await start({ services: { terminology } });
    const answer = await server.request('GET', 'metadata?mode=terminology');
    const stated = answer.body as unknown as StatedTerminology;
    expect([answer.status, answer.body.resourceType]).toEqual([200, 'TerminologyCapabilities']);
    expect(server.services.validator.validate(answer.body).filter(({ severity }) => severity === 'error')).toEqual([]);
    const uris = stated.codeSystem.map(({ uri }) => uri);
    expect([uris.length > 1000, new Set(uris).size]).toEqual([true, uris.length]);
    expect(uris).toEqual(expect.arrayContaining(['http://unitsofmeasure.org', 'http://hl7.org/fhir/administrative-gender']));
    expect(uris).not.toContain('http://snomed.info/sct');
    for (const uri of uris) expect(terminology.definition('CodeSystem', uri) ?? terminology.knows(uri), uri).toBeTruthy();
    const gender = stated.codeSystem.find(({ uri }) => uri === 'http://hl7.org/fhir/administrative-gender');
    expect(gender?.version).toEqual([{ code: '4.0.1', isDefault: true }]);
    for (const { name } of stated.expansion.parameter) {
      const refused = await server.request('GET', `ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender&${name}=true`);
      expect(refused.body.issue?.[0]?.code, name).not.toBe('not-supported');
    }
    const part = await server.request('GET', 'metadata?mode=terminology&_elements=expansion');
    expect([part.body.expansion, part.body.codeSystem]).toEqual([stated.expansion, undefined]);
    const etag = answer.headers.get('ETag') ?? '';
    expect((await server.request('GET', 'metadata?mode=terminology', undefined, { 'If-None-Match': etag })).status).toBe(304);
    expect((await server.request('GET', 'metadata', undefined, { 'If-None-Match': etag })).status).toBe(200);
    const without = await start();
    expect((await without.request('GET', 'metadata?mode=terminology')).body.resourceType).toBe('CapabilityStatement');
  });

  it('claims versioned-update where If-Match is required, and only there', async () => {
    const server = await start();
    const stated = (await server.request('GET', 'metadata')).body as unknown as Stated;
    const versioned = stated.rest[0]?.resource.filter(({ versioning }) => versioning === 'versioned-update').map(({ type }) => type);
    expect(versioned).toEqual(['CarePlan', 'CareTeam', 'Goal', 'Task']);
  });

  it('claims no writing of the access log where there is one', async () => {
    const server = await start();
    const stateOf = async (services: Partial<FhirServices>) => {
      const answer = await capabilities({ ...server.services, ...services }, { method: 'GET', path: ['metadata'], query: [], headers: {} });
      const stated = JSON.parse((answer.body as { text: string }).text) as Stated;
      return stated.rest[0]?.resource.find(({ type }) => type === 'AuditEvent');
    };
    const codes = (resource: Awaited<ReturnType<typeof stateOf>>) => resource?.interaction.map(({ code }) => code).toSorted();
    const closed = await stateOf({ audit: {} as AuditLog });
    expect(codes(closed)).toEqual(['history-instance', 'history-type', 'read', 'search-type', 'vread']);
    expect(closed).toMatchObject({
      updateCreate: false,
      conditionalCreate: false,
      conditionalUpdate: false,
      conditionalDelete: 'not-supported',
    });
    expect(JSON.stringify(closed)).not.toContain('meta-add');
    expect(codes(await stateOf({}))).toContain('create');
  });

  it('validates by operation, 200 whether valid or not [R4 resource-operation-validate]', async () => {
    const server = await start();
    const codes = async (path: string, body?: unknown) => {
      const answer = await server.request(body === undefined ? 'GET' : 'POST', path, body);
      expect([answer.status, answer.body.resourceType], answer.text).toEqual([200, 'OperationOutcome']);
      return answer.body.issue?.filter(({ severity }) => severity === 'error').map(({ code }) => code);
    };
    expect(await codes('Patient/$validate', patient())).toEqual([]);
    expect(await codes('Patient/%24validate', patient({ gender: 'odd' }))).toEqual(['code-invalid']);
    expect(await codes('Patient/$validate', '{"resourceType":"Patient","active":true,"active":true}')).toEqual(['invalid']);
    const located = await server.request('POST', 'Patient', '{"resourceType":"Patient",\n  "gender":"odd"}');
    expect(located.text).toContain('operationoutcome-issue-line","valueInteger":2');
    const inParameters = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'mode', valueCode: 'create' },
        { name: 'resource', resource: patient({ gender: 'odd' }) },
      ],
    };
    expect(await codes('Patient/$validate', inParameters)).toEqual(['code-invalid']);
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    expect(await codes('Patient/p1/$validate')).toEqual([]);
    expectRefusal(await server.request('POST', 'Patient/$validate?mode=odd', patient()), 400, 'value', 'mode');
    expectRefusal(await server.request('POST', 'Patient/$validate', { resourceType: 'Parameters' }), 400, 'structure', 'Patient');
    expectRefusal(await server.request('GET', 'Patient/$validate'), 405, 'not-supported');
    expectRefusal(await server.request('GET', 'Patient/none/$validate'), 404, 'not-found');
  });
});

describe('resolve', () => {
  it.each(Object.entries(REQUESTS))('knows %s', (code, [method, path]) => {
    const name = code === 'transaction' ? 'batch' : code;
    expect(resolve(method, path === '' ? [] : path.split('/'), loadDefinitions()).name).toBe(name);
  });
});
