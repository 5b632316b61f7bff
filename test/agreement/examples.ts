/**
 * HL7's own examples: every one is valid, or the reason why not is written down.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isErrorIssue } from '../../server/fhir/outcome.ts';
import { createValidator } from '../../server/validation/create-validator.ts';
import { validateText } from '../../server/validation/validate-text.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { readDifferences } from './differences.ts';

/** Validates every JSON file of a folder; true when each with an error has a written reason. */
export function compareExamples(folder: string): boolean {
  const differences = readDifferences();
  const validator = createValidator({ terminology: createTerminology() });
  let unexplained = 0;
  let valid = 0;
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  for (const name of names) {
    const errors = validateText(validator, readFileSync(join(folder, name), 'utf8'), {
      referenceTypes: 'resolved-only',
      wrongDisplays: 'error',
    }).filter(isErrorIssue);
    if (errors.length === 0) {
      valid++;
      continue;
    }
    const reason = differences[name];
    if (reason === undefined) unexplained++;
    console.log(`${name}: ${reason ?? 'NO REASON GIVEN'}`);
    for (const issue of errors.slice(0, 5))
      console.log(`    ${issue.code} ${issue.expression?.[0] ?? '-'} ${issue.diagnostics}`.slice(0, 240));
  }
  console.log(
    `examples: ${valid} of ${names.length} valid, ${names.length - valid - unexplained} with a written reason, ${unexplained} without`,
  );
  return unexplained === 0;
}
