/**
 * Rules of conformance resources that their own invariants do not say: StructureDefinition, Questionnaire, ValueSet,
 * CodeSystem and SearchParameter.
 *
 * Spec: https://hl7.org/fhir/R4/structuredefinition.html · https://hl7.org/fhir/R4/questionnaire.html · https://hl7.org/fhir/R4/searchparameter.html
 */

import { compileFhirPath } from '../../fhir/fhirpath.ts';
import { textOf } from '../../fhir/json.ts';
import { isObject, objectsIn, type Resource } from '../../fhir/resource.ts';
import type { Run } from '../run.ts';
import { generateSnapshot } from '../snapshot.ts';
import type { Structure } from '../structure.ts';
import type { ValueCheck } from '../type-plan.ts';
import type { Workshop } from '../workshop.ts';
import { checkConstraints } from './constraint-rules.ts';
import { checkElements } from './element-definition-rules.ts';

type Json = Record<string, unknown>;

/** A profile's differential must lead to a snapshot, and a profile is not sliced at its root. */
export function structureDefinitionRules(workshop: Workshop): readonly ValueCheck[] {
  return [
    (run, value) => {
      const definition = value as Resource;
      const differential = isObject(definition.differential) ? objectsIn(definition.differential.element) : [];
      const root = differential[0];
      if (root !== undefined && isObject(root.slicing) && !textOf(root.path).includes('.')) {
        run.report('root-slicing', {}, 'error', '.differential.element[0]');
        run.report('snapshot-failed', { why: 'the profile has slicing at its root' });
        return;
      }
      const { baseDefinition } = definition;
      const base = typeof baseDefinition === 'string' ? workshop.catalog.get(baseDefinition) : undefined;
      checkElements(run, definition, base, workshop.catalog);
      checkConstraints(run, definition, base);
      checkExtensionUrl(run, definition, differential);
      checkContexts(run, definition, differential);
      checkType(run, definition, workshop);
      if (typeof baseDefinition !== 'string') return;
      if (base !== undefined) checkBase(run, definition, base);
      if (definition.derivation !== 'constraint') return;
      if (base === undefined) {
        run.report('profile-unknown', { profile: baseDefinition.slice(0, 200), near: '' }, 'warning', '.baseDefinition');
        return;
      }
      const { unplaced } = generateSnapshot(base, differential, workshop.catalog);
      if (unplaced.length > 0) run.report('snapshot-failed', { why: `no element ${unplaced[0]} in ${base.url}` });
    },
  ];
}

const JSON_NAME = /\/(?:elementdefinition-json-name|json-name)$/;

/** Only extensions say where they may stand, and elements with a name of their own in JSON. */
function checkContexts(run: Run, definition: Resource, differential: readonly Json[]): void {
  if (definition.type === 'Extension') return;
  const named = objectsIn(differential[0]?.extension).some(({ url }) => JSON_NAME.test(textOf(url)));
  for (const name of named ? ['contextInvariant'] : ['context', 'contextInvariant']) {
    const { [name]: list } = definition;
    for (let index = 0; Array.isArray(list) && index < list.length; index++)
      run.report('definition-context', { type: textOf(definition.type) }, 'error', `.${name}[${index}]`);
  }
}

/** A type is one of FHIR's own, or a URL for a logical model; only FHIR defines its own anew. */
function checkType(run: Run, { type, kind, url, derivation }: Resource, workshop: Workshop): void {
  if (typeof type !== 'string') return;
  if (/^[a-z][a-z0-9+.-]*:/i.test(type)) {
    if (kind !== 'logical') run.report('definition-type', { type, why: 'a URL names a logical model' }, 'error', '.type');
    return;
  }
  const core = workshop.catalog.type(type);
  if (core === undefined || core.type !== type) run.report('definition-type', { type, why: 'not a type of FHIR' }, 'error', '.type');
  else if (core.url !== url && derivation !== 'constraint')
    run.report('definition-type', { type, why: 'defined by FHIR' }, 'error', '.type');
}

/** A profile is of the kind and type of its base; a new type is of the kind of its base, unless that is abstract. */
function checkBase(run: Run, definition: Resource, base: Structure): void {
  const { kind, type, derivation } = definition;
  const words = { type: textOf(type), base: base.url };
  if (derivation === undefined) run.report('definition-base', words);
  else if (derivation === 'constraint' ? kind !== base.kind : kind !== base.kind && !base.abstract) run.report('definition-base', words);
  else if ((type === base.type) !== (derivation === 'constraint')) run.report('definition-base', words);
}

/** The url that an extension's definition fixes is its own. */
function checkExtensionUrl(run: Run, definition: Resource, differential: readonly Json[]): void {
  if (
    definition.type !== 'Extension' ||
    definition.baseDefinition !== 'http://hl7.org/fhir/StructureDefinition/Extension' ||
    differential.length === 0
  )
    return;
  const fixed = differential.find((element) => element.path === 'Extension.url')?.fixedUri;
  if (fixed !== definition.url) run.report('extension-url', { expected: textOf(definition.url), found: textOf(fixed) });
}

/** The questions that enableWhen asks about are in the questionnaire. */
export function questionnaireRules(): readonly ValueCheck[] {
  return [
    (run, value) => {
      checkEnableWhen(run, value as Json, linksIn(value as Json, new Set()));
    },
  ];
}

function linksIn(holder: Json, into: Set<unknown>): ReadonlySet<unknown> {
  for (const item of objectsIn(holder.item)) {
    into.add(item.linkId);
    linksIn(item, into);
  }
  return into;
}

function checkEnableWhen(run: Run, holder: Json, links: ReadonlySet<unknown>): void {
  for (const [index, item] of objectsIn(holder.item).entries()) {
    run.enter('item', index);
    for (const [position, condition] of objectsIn(item.enableWhen).entries()) {
      if (typeof condition.question !== 'string') continue;
      const { question } = condition;
      const why = !links.has(question)
        ? `asks about '${question}', which is not in the questionnaire`
        : question === item.linkId
          ? 'asks about the question itself'
          : linksIn(item, new Set()).has(question)
            ? 'asks about a question inside this one'
            : undefined;
      if (why !== undefined) run.report('definition-rule', { why: `enableWhen ${why}` }, 'error', `.enableWhen[${position}]`);
    }
    checkEnableWhen(run, item, links);
    run.leave();
  }
}

/** The codes a value set lists exist in their code systems. */
export function valueSetRules(workshop: Workshop): readonly ValueCheck[] {
  return [
    (run, value) => {
      const { compose } = value as Resource;
      if (!isObject(compose)) return;
      for (const part of ['include', 'exclude']) {
        for (const [index, { system }] of objectsIn(compose[part]).entries()) {
          if (typeof system === 'string' && system.includes('|'))
            run.report(
              'definition-rule',
              { why: `The system ${system} names a version, which has an element of its own` },
              'error',
              `.compose.${part}[${index}]`,
            );
        }
      }
      for (const [index, include] of objectsIn(compose.include).entries()) {
        if (typeof include.system !== 'string') continue;
        if (!/^[a-z][a-z0-9+.-]*:/i.test(include.system))
          run.report('coding-relative-system', { system: include.system }, 'error', `.compose.include[${index}]`);
        for (const [position, concept] of objectsIn(include.concept).entries()) {
          const code = textOf(concept.code);
          if (workshop.terminology.validateInSystem({ system: include.system, code }).membership !== 'out') continue;
          run.report('coding-unknown-code', { code, system: include.system }, 'warning', `.compose.include[${index}].concept[${position}]`);
        }
      }
    },
  ];
}

/** What a code system says of its content is so. */
export function codeSystemRules(): readonly ValueCheck[] {
  return [
    (run, value) => {
      const system = value as Resource;
      const found = countConcepts(system);
      if (system.content === 'complete' && typeof system.count === 'number' && system.count !== found) {
        run.report('code-system-count', { stated: String(system.count), found: String(found) }, 'error', '.count');
      }
      if (system.content === 'not-present' && found > 0) run.report('code-system-content', {}, 'error', '.concept[0]');
      if ((system.content === 'supplement') !== (system.supplements !== undefined))
        run.report('code-system-supplement', {}, 'error', system.content === undefined ? '' : '.content');
      if (system.supplements === undefined) return;
      for (const name of ['caseSensitive', 'hierarchyMeaning'])
        if (system[name] !== undefined) run.report('code-system-supplement-says', { name }, 'error', `.${name}`);
    },
  ];
}

function countConcepts(holder: Json): number {
  return objectsIn(holder.concept).reduce((sum, concept) => sum + 1 + countConcepts(concept), 0);
}

/** The expression of a search parameter can be read. */
export function searchParameterRules(): readonly ValueCheck[] {
  return [
    (run, value) => {
      const { expression } = value as Resource;
      if (typeof expression !== 'string' || expression.length > 10_000) return;
      try {
        compileFhirPath(expression, 'Resource');
      } catch (error) {
        const why = error instanceof Error ? error.message.slice(0, 160) : '';
        run.report('definition-rule', { why: `The expression cannot be read: ${why}` }, 'error', '.expression');
      }
    },
  ];
}
