/**
 * Rules of a MeasureReport whose Measure is known: groups, populations and stratifiers are those of the measure, and the
 * score is what its scoring asks for.
 *
 * Spec: https://hl7.org/fhir/R4/measurereport.html · https://hl7.org/fhir/R4/valueset-measure-scoring.html
 */
import { numberOf, textOf } from '../fhir/json.ts';
import { isObject, objectsIn, type Resource } from '../fhir/resource.ts';
import type { Run } from './run.ts';
import type { ValueCheck } from './type-plan.ts';
import type { Workshop } from './workshop.ts';

type Json = Record<string, unknown>;

const UNIT = 'http://hl7.org/fhir/StructureDefinition/questionnaire-unit';

/** What a group of a report is held to. */
interface Expected {
  readonly type: unknown;
  readonly scoring: string | undefined;
  readonly unit: Json | undefined;
}

export function measureReportRules(workshop: Workshop): readonly ValueCheck[] {
  return [
    (run, value) => {
      const report = value as Resource;
      const measure = typeof report.measure === 'string' ? workshop.resource('Measure', report.measure) : undefined;
      const wanted = objectsIn(measure?.group);
      if (measure === undefined || wanted.length === 0) return;
      const scoring = isObject(measure.scoring) ? objectsIn(measure.scoring.coding)[0]?.code : undefined;
      const unit = objectsIn(measure.extension).find(({ url }) => url === UNIT)?.valueCoding;
      const expected = {
        type: report.type,
        scoring: typeof scoring === 'string' ? scoring : undefined,
        unit: isObject(unit) ? unit : undefined,
      };
      const groups = objectsIn(report.group);
      if (groups.length === 1 && wanted.length === 1) {
        run.enter('group', 0);
        const [group, only] = [groups[0]!, wanted[0]!];
        if (group.code !== undefined && only.code !== undefined && !shareCode(group.code, only.code))
          run.report('measure-code-unknown', { part: 'group' });
        checkGroup(run, group, only, expected);
        run.leave();
      } else {
        checkParts(run, 'group', groups, wanted, report.type !== 'data-collection', (group, one) => checkGroup(run, group, one, expected));
      }
    },
  ];
}

/** Finds the part of the measure that each part of the report is, by code; `check` is called at the part. */
function checkParts(
  run: Run,
  part: 'group' | 'population' | 'stratifier',
  given: readonly Json[],
  wanted: readonly Json[],
  complete: boolean,
  check: (given: Json, wanted: Json) => void,
): void {
  const found = new Set<Json>();
  for (const [index, one] of given.entries()) {
    run.enter(part, index);
    const match = wanted.find(({ code }) => shareCode(one.code, code));
    if (one.code === undefined) run.report('measure-code-none', { part });
    else if (match === undefined) run.report('measure-code-unknown', { part });
    else if (found.has(match)) run.report('measure-code-twice', { part });
    else {
      found.add(match);
      check(one, match);
    }
    run.leave();
  }
  for (const one of complete ? wanted : []) {
    if (!found.has(one) && !isObservation(one.code)) run.report('measure-part-missing', { part, code: shown(one.code) });
  }
}

/** True when two concepts, or one of a stratifier's and a concept, have a code in common or are the same text. */
function shareCode(a: unknown, b: unknown): boolean {
  if (Array.isArray(a)) return a.some((one) => shareCode(one, b));
  if (!isObject(a) || !isObject(b)) return false;
  const [left, right] = [objectsIn(a.coding), objectsIn(b.coding)];
  if (left.length === 0 && right.length === 0) return a.text !== undefined && a.text === b.text;
  return left.some((one) => right.some((other) => one.system === other.system && one.code === other.code));
}

const isObservation = (code: unknown): boolean =>
  isObject(code) && objectsIn(code.coding).some((coding) => coding.code === 'measure-observation');

const shown = (code: unknown): string => (isObject(code) ? textOf(objectsIn(code.coding)[0]?.code ?? code.text ?? '').slice(0, 80) : '');

function checkGroup(run: Run, group: Json, wanted: Json, expected: Expected): void {
  // Only a list of subjects lists them. In R4 they stand in one List, whose length is not known here.
  checkParts(run, 'population', objectsIn(group.population), objectsIn(wanted.population), true, ({ subjectResults }) => {
    if (subjectResults !== undefined && expected.type !== 'subject-list') run.report('measure-subjects');
  });
  checkScore(run, group, expected);
  checkParts(run, 'stratifier', objectsIn(group.stratifier), objectsIn(wanted.stratifier), true, () => undefined);
}

function checkScore(run: Run, { measureScore: score }: Json, { type, scoring, unit }: Expected): void {
  if (type === 'data-collection' || scoring === 'cohort') {
    const reason = type === 'data-collection' ? 'type data-collection' : 'scoring cohort';
    if (score !== undefined) run.report('measure-score', { reason }, 'error', '.measureScore');
    return;
  }
  if (scoring !== 'proportion' && scoring !== 'ratio' && scoring !== 'continuous-variable') return;
  if (!isObject(score)) {
    run.report('measure-score-required', { scoring });
    return;
  }
  const value = numberOf(score.value);
  if (score.value === undefined) run.report('measure-score-required', { scoring }, 'error', '.measureScore');
  if (scoring === 'proportion') {
    for (const name of ['unit', 'system', 'code'])
      if (score[name] !== undefined) run.report('measure-score-unit', {}, 'error', `.measureScore.${name}`);
    if (value !== undefined && (value < 0 || value > 1)) run.report('measure-score-range', {}, 'error', '.measureScore.value');
  } else if (value !== undefined && unit !== undefined) checkUnit(run, score, unit);
}

/** The unit is the one that the measure asks for. */
function checkUnit(run: Run, score: Json, unit: Json): void {
  const words = { unit: `${textOf(unit.system)}#${textOf(unit.code)}` };
  if (score.code === undefined) run.report('measure-score-no-unit', words, 'error', '.measureScore');
  else {
    if (score.code !== unit.code) run.report('measure-score-other-unit', words, 'error', '.measureScore.code');
    if (score.system !== unit.system) run.report('measure-score-other-unit', words, 'error', '.measureScore');
  }
}
