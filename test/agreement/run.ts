/**
 * Compares the validator with HL7's own: over public test cases with their expected outcomes, over HL7's examples, and
 * over profiles of others. Prints what agrees and every difference with its reason; exits 1 below the figures asked for.
 *
 * `node test/agreement/run.ts --cases DIR --examples DIR [--no-basis DIR]`
 */
import { parseArgs } from 'node:util';
import { compareCases } from './cases.ts';
import { compareCoreDefinitions } from './core-definitions.ts';
import { compareExamples } from './examples.ts';
import { compareNoBasis } from './no-basis.ts';

const { values } = parseArgs({
  options: { cases: { type: 'string' }, examples: { type: 'string' }, 'no-basis': { type: 'string' }, verbose: { type: 'boolean' } },
});

let failed = !compareCoreDefinitions();
if (values.cases !== undefined) failed = !compareCases(values.cases, values.verbose === true) || failed;
if (values.examples !== undefined) failed = !compareExamples(values.examples) || failed;
if (values['no-basis'] !== undefined) failed = !compareNoBasis(values['no-basis']) || failed;
process.exitCode = failed ? 1 : 0;
