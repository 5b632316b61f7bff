/**
 * What a write here cannot do without, and nothing more: a bare Express server that parses a plan, checks it against its
 * profile, indexes it, and answers when the product's own store has it on disk, with the row of the access journal and,
 * where asked, a Provenance beside it. It knows no token, no rights, no rules between resources, none of FHIR's headers,
 * and makes no AuditEvent.
 *
 * `POST /CarePlan`, `GET` and `PUT /CarePlan/ID`. Started as a process of its own: `node bare-duties.ts FILE [provenance]`;
 * prints its port.
 */
import { randomUUID } from 'node:crypto';
import { loadDefinitions } from '../../server/definitions/load.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { createIndexer } from '../../server/search/index-resource.ts';
import { createSearchRegistry } from '../../server/search/registry.ts';
import type { ResourceWrite } from '../../server/store/resource-store.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { createValidator } from '../../server/validation/create-validator.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { type PlanToStore, servePlans } from './bare-plans.ts';

const [, , file = '', beside] = process.argv;
const { resources } = await openSqliteStore({ file });
const definitions = loadDefinitions();
const index = createIndexer(definitions, createSearchRegistry(definitions));
const validator = createValidator({ terminology: createTerminology() });
let journalled = 0;

servePlans(async ({ id, versionId, nowMs, json, journal }, plan) => {
  const issues = validator.validate(plan);
  if (issues.some(({ severity }) => severity === 'error')) throw new Error(JSON.stringify(issues));
  const written: ResourceWrite = writeOf(plan, { id, versionId, nowMs, json });
  const writes = beside === 'provenance' ? [written, provenanceOf(written)] : [written];
  const state = [{ kind: 'audit-journal', id: `bare/${process.pid}/${journalled++}`, value: { journal } }];
  const lookups = { versions: versionId > 1 ? [{ type: 'CarePlan', id }] : [] };
  await resources.transact({ lookups, build: () => ({ writes, state, result: undefined }) });
});

function writeOf(
  resource: Resource,
  { id, versionId, nowMs, json }: Pick<PlanToStore, 'id' | 'versionId' | 'nowMs' | 'json'>,
): ResourceWrite {
  const method = versionId > 1 ? 'PUT' : 'POST';
  return { type: resource.resourceType, id, versionId, lastUpdatedMs: nowMs, method, json, index: index(resource) };
}

/** As long as the product's, and found by the same parameters. */
function provenanceOf({ id, versionId, lastUpdatedMs: nowMs }: ResourceWrite): ResourceWrite {
  const at = new Date(nowMs).toISOString();
  const code = (system: string, coded: string) => ({
    coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code: coded }],
  });
  const provenance = {
    resourceType: 'Provenance',
    id: randomUUID(),
    meta: {
      versionId: '1',
      lastUpdated: at,
      profile: ['https://fellesplan.example/fhir/StructureDefinition/fp-provenance'],
    },
    target: [{ reference: `CarePlan/${id}/_history/${versionId}` }],
    occurredDateTime: at,
    recorded: at,
    reason: [code('v3-ActReason', 'COC')],
    activity: code('v3-DataOperation', versionId > 1 ? 'UPDATE' : 'CREATE'),
    agent: [
      {
        type: code('provenance-participant-type', 'author'),
        who: { type: 'Device', identifier: { value: 'bench-system' }, display: 'bench' },
      },
    ],
  };
  return writeOf(provenance, { id: provenance.id, versionId: 1, nowMs, json: JSON.stringify(provenance) });
}
