/**
 * The core definitions of R4 themselves: every one is valid, or the reason why not is written down.
 *
 * Spec: https://hl7.org/fhir/R4/downloads.html
 */
import { readCoreBundle } from '../../server/definitions/build/source.ts';
import { isErrorIssue } from '../../server/fhir/outcome.ts';
import { createValidator } from '../../server/validation/create-validator.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { readDifferences } from './differences.ts';

const BUNDLES = [
  'profiles-types',
  'profiles-resources',
  'profiles-others',
  'extension-definitions',
  'search-parameters',
  'valuesets',
  'v2-tables',
  'v3-codesystems',
  'conceptmaps',
];

/** Validates every resource of HL7's definition Bundles; true when each with an error has a written reason. */
export function compareCoreDefinitions(): boolean {
  const differences = readDifferences();
  const validator = createValidator({ terminology: createTerminology() });
  const definitions = BUNDLES.flatMap(readCoreBundle);
  let unexplained = 0;
  let valid = 0;
  for (const definition of definitions) {
    const errors = validator.validate(definition, { referenceTypes: 'resolved-only', wrongDisplays: 'error' }).filter(isErrorIssue);
    if (errors.length === 0) {
      valid++;
      continue;
    }
    const name = `${definition.resourceType}/${definition.id}`;
    if (differences[name] !== undefined) continue;
    unexplained++;
    console.log(`${name}: NO REASON GIVEN`);
    for (const issue of errors.slice(0, 5))
      console.log(`    ${issue.code} ${issue.expression?.[0] ?? '-'} ${issue.diagnostics}`.slice(0, 240));
  }
  const explained = definitions.length - valid - unexplained;
  console.log(`core definitions: ${valid} of ${definitions.length} valid, ${explained} with a written reason, ${unexplained} without`);
  return unexplained === 0;
}
