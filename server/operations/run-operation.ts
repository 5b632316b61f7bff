/**
 * The operations that this server offers, and the way to them.
 *
 * Spec: https://hl7.org/fhir/R4/operations.html
 */

import type { Definitions } from '../definitions/definitions.ts';
import { CANONICAL_BASE } from '../fhir/canonical.ts';
import { methodNotAllowed, notFound } from '../fhir/errors.ts';
import { didYouMean } from '../fhir/nearest.ts';
import type { FhirContext, FhirResponse, HttpMethod } from '../interactions/context.ts';
import { allowHeader, type InteractionOf, offerAt } from '../interactions/resolve.ts';
import { accessLog } from './access-log.ts';
import { breakTheGlass } from './break-the-glass.ts';
import { bulkFile, bulkStatus } from './bulk-status.ts';
import { diff } from './diff.ts';
import { everythingOfPatient, everythingOfPlan } from './everything.ts';
import { expand } from './expand.ts';
import { exportResources } from './export.ts';
import { extract } from './extract.ts';
import { importResources } from './import.ts';
import { lookup } from './lookup.ts';
import { addMeta, deleteMeta, meta } from './meta.ts';
import type { Operation, OperationLevel, OperationRequest } from './operation.ts';
import { subsumes } from './subsumes.ts';
import { translate } from './translate.ts';
import { validate } from './validate.ts';
import { validateCodeInSystem, validateCodeInValueSet } from './validate-code.ts';

const HL7 = 'http://hl7.org/fhir/OperationDefinition';
const OWN = `${CANONICAL_BASE}/OperationDefinition`;
const BULK = 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition';
const SDC = 'http://hl7.org/fhir/uv/sdc/OperationDefinition';

/** Every operation, as the capability statement lists them. */
export const OPERATIONS: readonly Operation[] = [
  {
    name: 'validate',
    definition: `${HL7}/Resource-validate`,
    levels: ['type', 'instance'],
    methods: ['GET', 'POST'],
    postOnlyAt: 'type',
    run: validate,
  },
  {
    name: 'everything',
    definition: `${HL7}/Patient-everything`,
    types: ['Patient'],
    levels: ['type', 'instance'],
    methods: ['GET', 'POST'],
    run: everythingOfPatient,
  },
  {
    name: 'everything',
    definition: `${OWN}/fp-care-plan-everything`,
    types: ['CarePlan'],
    levels: ['instance'],
    methods: ['GET', 'POST'],
    run: everythingOfPlan,
  },
  {
    name: 'access-log',
    definition: `${OWN}/fp-access-log`,
    types: ['Patient'],
    levels: ['instance'],
    methods: ['GET', 'POST'],
    run: accessLog,
  },
  {
    name: 'diff',
    definition: `${OWN}/fp-diff`,
    levels: ['instance'],
    methods: ['GET', 'POST'],
    run: diff,
  },
  {
    name: 'meta',
    definition: `${HL7}/Resource-meta`,
    levels: ['system', 'type', 'instance'],
    methods: ['GET', 'POST'],
    run: meta,
  },
  {
    name: 'meta-add',
    definition: `${HL7}/Resource-meta-add`,
    levels: ['instance'],
    methods: ['POST'],
    writes: true,
    run: addMeta,
  },
  {
    name: 'meta-delete',
    definition: `${HL7}/Resource-meta-delete`,
    levels: ['instance'],
    methods: ['POST'],
    writes: true,
    run: deleteMeta,
  },
  {
    name: 'extract',
    definition: `${SDC}/QuestionnaireResponse-extract`,
    types: ['QuestionnaireResponse'],
    levels: ['type', 'instance'],
    methods: ['POST'],
    writes: true,
    run: extract,
  },
  {
    name: 'break-the-glass',
    definition: `${OWN}/fp-break-the-glass`,
    levels: ['system'],
    methods: ['GET', 'POST', 'DELETE'],
    writes: true,
    run: breakTheGlass,
  },
  bulk('export', `${BULK}/export`, { levels: ['system'] }, exportResources),
  bulk('export', `${BULK}/patient-export`, { levels: ['type'], types: ['Patient'] }, exportResources),
  bulk('export', `${BULK}/group-export`, { levels: ['instance'], types: ['Group'] }, exportResources),
  { name: 'import', definition: `${OWN}/fp-import`, levels: ['system'], methods: ['POST'], writes: true, run: importResources },
  {
    name: 'bulk-status',
    definition: `${OWN}/fp-bulk-status`,
    levels: ['system'],
    methods: ['GET', 'DELETE'],
    writes: true,
    run: bulkStatus,
  },
  { name: 'bulk-file', definition: `${OWN}/fp-bulk-file`, levels: ['system'], methods: ['GET'], run: bulkFile },
  terminology('expand', 'ValueSet', ['type', 'instance'], expand),
  terminology('validate-code', 'ValueSet', ['type', 'instance'], validateCodeInValueSet),
  terminology('validate-code', 'CodeSystem', ['type', 'instance'], validateCodeInSystem),
  terminology('lookup', 'CodeSystem', ['type'], lookup),
  terminology('subsumes', 'CodeSystem', ['type', 'instance'], subsumes),
  terminology('translate', 'ConceptMap', ['type', 'instance'], translate),
];

function bulk(name: string, definition: string, where: Pick<Operation, 'levels' | 'types'>, run: Operation['run']): Operation {
  return { name, definition, ...where, methods: ['GET', 'POST'], beginsByGet: true, writes: true, run };
}

function terminology(name: string, type: string, levels: readonly OperationLevel[], run: Operation['run']): Operation {
  return { name, definition: `${HL7}/${type}-${name}`, types: [type], levels, methods: ['GET', 'POST'], run };
}

/**
 * Runs the operation of a request.
 * @throws FhirError 404 `not-found` for one that is not offered there.
 */
export async function runOperation(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  return offered(request.interaction).run(ctx, request);
}

/**
 * Passes when an operation is called by a method that it takes.
 * @throws FhirError 404 `not-found` for one that is not offered there, 405 `not-supported` (with `Allow`) for another method.
 */
export function checkMethod(interaction: InteractionOf<'operation'>, method: HttpMethod): void {
  const operation = offered(interaction);
  const { name, beginsByGet } = operation;
  const methods = methodsAt(operation, interaction);
  const asked = method === 'HEAD' && beginsByGet !== true ? 'GET' : method;
  if (methods.some((each) => each === asked)) return;
  throw methodNotAllowed(`$${name} is called by ${methods.join(' or ')}`, allowHeader(methods, beginsByGet !== true));
}

/** The methods offered at a path, as the header `Allow` lists them. @throws FhirError as offerAt; 404 `not-found` for an operation that is not offered there. */
export function allowedAt(path: readonly string[], definitions: Definitions): string {
  const offer = offerAt(path, definitions);
  if (offer.GET?.name !== 'operation') return allowHeader(Object.keys(offer));
  const operation = offered(offer.GET);
  return allowHeader(methodsAt(operation, offer.GET), operation.beginsByGet !== true);
}

/** True for the call of an operation that writes: it commits by itself, so it cannot stand or fall with others. */
export function operationWrites(interaction: InteractionOf<'operation'>): boolean {
  return operationOf(interaction)?.writes === true;
}

function offered(interaction: InteractionOf<'operation'>): Operation {
  const operation = operationOf(interaction);
  if (operation !== undefined) return operation;
  const here = OPERATIONS.filter((each) => isOfferedAt(each, interaction)).map(({ name }) => `$${name}`);
  const elsewhere = OPERATIONS.find(({ name }) => `$${name}` === interaction.operation);
  const help = elsewhere === undefined ? didYouMean(interaction.operation, here) : `: it is called at ${placesOf(elsewhere)}`;
  throw notFound(`The operation ${interaction.operation.slice(0, 64)} is not offered here${help}`);
}

/** Where an operation is called, as paths below the base. */
function placesOf({ name, levels, types = ['[type]'] }: Operation): string {
  const before = { system: [''], type: types.map((type) => `${type}/`), instance: types.map((type) => `${type}/[id]/`) };
  return levels.flatMap((level) => before[level].map((path) => `${path}$${name}`)).join(' or ');
}

function methodsAt({ methods, postOnlyAt }: Operation, interaction: InteractionOf<'operation'>): Operation['methods'] {
  return postOnlyAt === levelOf(interaction) ? ['POST'] : methods;
}

function levelOf({ type, id }: InteractionOf<'operation'>): OperationLevel {
  if (type === undefined) return 'system';
  return id === undefined ? 'type' : 'instance';
}

function operationOf(interaction: InteractionOf<'operation'>): Operation | undefined {
  return OPERATIONS.find((each) => `$${each.name}` === interaction.operation && isOfferedAt(each, interaction));
}

/** True for an operation of the level and type of an interaction. */
function isOfferedAt({ types, levels }: Operation, interaction: InteractionOf<'operation'>): boolean {
  const { type } = interaction;
  return levels.includes(levelOf(interaction)) && (type === undefined || types === undefined || types.includes(type));
}
