/** How fast the validator is on one core: start, base definitions, own profiles, and a large Bundle. */
import { readFileSync } from 'node:fs';
import { parseJson } from '../../server/fhir/json.ts';
import { createValidator } from '../../server/validation/create-validator.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import type { Report } from './report.ts';

const START_AT_MOST_MS = 300;
const BUNDLE_MEMORY_AT_MOST_MB = 1000;
/** Validations per second: the yardstick of each row, and asked for where the row says so. */
const R4_AT_LEAST = 20_000;
const PROFILE_AT_LEAST = 5000;
const BUNDLE_ENTRIES = 60_000;

const folder = new URL('../../profiles/generated/', import.meta.url);
const read = (name: string): Record<string, unknown> => parseJson(readFileSync(new URL(name, folder), 'utf8')) as Record<string, unknown>;

/** Adds a row for each validation measured to the report. */
export function measureValidate(report: Report): void {
  const rate = (workload: string, yardstick: number, target: 0 | 1, run: () => unknown): void => {
    const figure = perSecond(run);
    const none = { p50: Number.NaN, p95: Number.NaN, p99: Number.NaN };
    report.add({ workload, perSecond: figure, ...none, ratio: figure / yardstick, target });
  };
  const startMs = performance.now();
  const validator = createValidator({ terminology: createTerminology() });
  report.addBound('validator: start', performance.now() - startMs, START_AT_MOST_MS, 'ms');

  const base = { followMetaProfile: false };
  const patient = read('Patient-patient-full.json');
  const plan = read('CarePlan-care-plan-full.json');
  rate('validate: Patient against R4', R4_AT_LEAST, 1, () => validator.validate(patient, base));
  rate('validate: CarePlan against R4', R4_AT_LEAST, 0, () => validator.validate(plan, base));
  rate('validate: CarePlan against fp-care-plan', PROFILE_AT_LEAST, 1, () => validator.validate(plan));
  for (const name of [
    'CareTeam-care-team-full',
    'Goal-goal-full',
    'Task-measure-task-full',
    'Patient-patient-full',
    'Observation-psfs-panel-full',
  ]) {
    const resource = read(`${name}.json`);
    rate(`validate: ${name}`, PROFILE_AT_LEAST, 0, () => validator.validate(resource));
  }

  const entry = Array.from({ length: BUNDLE_ENTRIES }, (_one, index) => ({
    fullUrl: `http://a.example/Patient/p${index}`,
    resource: { ...patient, id: `p${index}` },
  }));
  const text = JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry });
  const bundle = parseJson(text);
  const bundleStartMs = performance.now();
  validator.validate(bundle, base);
  console.log(`a Bundle of ${Math.round(text.length / 1e6)} MB validated in ${Math.round(performance.now() - bundleStartMs)} ms`);
  report.addBound('validator: memory after a large Bundle', process.memoryUsage.rss() / 1e6, BUNDLE_MEMORY_AT_MOST_MB, 'MB');
}

/** Validations per second, after warming up. */
function perSecond(run: () => unknown): number {
  const until = (milliseconds: number): number => {
    const startMs = performance.now();
    let count = 0;
    while (performance.now() - startMs < milliseconds) {
      for (let turn = 0; turn < 50; turn++) run();
      count += 50;
    }
    return (count / (performance.now() - startMs)) * 1000;
  };
  until(1000);
  return until(2000);
}
