/**
 * How fast the validator is on one core: start, base definitions, own profiles. Prints figures; exits 1 below those
 * asked for when run with `--check`.
 *
 * `node test/bench/validate.ts [--check]`
 */
import { readFileSync } from 'node:fs';
import { parseJson } from '../../server/fhir/json.ts';
import { createValidator } from '../../server/validation/create-validator.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';

const folder = new URL('../../profiles/generated/', import.meta.url);
const read = (name: string): Record<string, unknown> => parseJson(readFileSync(new URL(name, folder), 'utf8')) as Record<string, unknown>;
const check = process.argv.includes('--check');
let failed = false;

function report(what: string, figure: number, unit: string, bound?: { readonly least?: number; readonly most?: number }): void {
  const missed = (bound?.least !== undefined && figure < bound.least) || (bound?.most !== undefined && figure > bound.most);
  if (missed) failed = true;
  const wanted = bound === undefined ? '' : ` (${bound.least === undefined ? `at most ${bound.most}` : `at least ${bound.least}`})`;
  console.log(`${what}: ${Math.round(figure).toLocaleString('en')} ${unit}${wanted}${missed ? ' MISSED' : ''}`);
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

const startMs = performance.now();
const validator = createValidator({ terminology: createTerminology() });
report('start, compiled definitions and terminology', performance.now() - startMs, 'ms', { most: 300 });

const base = { followMetaProfile: false };
const patient = read('Patient-patient-full.json');
const plan = read('CarePlan-care-plan-full.json');
report(
  'Patient against R4',
  perSecond(() => validator.validate(patient, base)),
  'per second',
  { least: 20_000 },
);
report(
  'CarePlan against R4',
  perSecond(() => validator.validate(plan, base)),
  'per second',
);
report(
  'CarePlan against fp-care-plan',
  perSecond(() => validator.validate(plan)),
  'per second',
  { least: 5000 },
);
for (const name of [
  'CareTeam-care-team-full',
  'Goal-goal-full',
  'Task-measure-task-full',
  'Patient-patient-full',
  'Observation-psfs-panel-full',
]) {
  const resource = read(`${name}.json`);
  report(
    `${name} against its profile`,
    perSecond(() => validator.validate(resource)),
    'per second',
  );
}

const entry = Array.from({ length: 60_000 }, (_one, index) => ({
  fullUrl: `http://a.example/Patient/p${index}`,
  resource: { ...patient, id: `p${index}` },
}));
const text = JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry });
const bundle = parseJson(text);
const bundleStartMs = performance.now();
validator.validate(bundle, base);
report(`a Bundle of ${Math.round(text.length / 1e6)} MB`, performance.now() - bundleStartMs, 'ms');
report('memory after it', process.memoryUsage.rss() / 1e6, 'MB', { most: 1000 });

if (check && failed) process.exitCode = 1;
