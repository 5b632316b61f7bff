/**
 * The Norwegian base profiles: what is valid for ours is valid for theirs. They are differential only, so their
 * snapshots are made here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isErrorIssue } from '../../server/fhir/outcome.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { createValidator } from '../../server/validation/create-validator.ts';
import { loadStructures } from '../../server/validation/structure-catalog.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { readXmlResource } from './xml-resource.ts';

const EXAMPLES = new URL('../../profiles/generated/', import.meta.url);
const PEOPLE = ['Patient', 'Practitioner', 'PractitionerRole', 'Organization', 'RelatedPerson'];

/** Validates our examples of people and organisations against no-basis; true when all are valid. */
export function compareNoBasis(folder: string): boolean {
  const catalog = loadStructures();
  const resources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:xml|json)$/.test(name))
    .map((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      return name.endsWith('.xml') ? readXmlResource(text, catalog) : (JSON.parse(text) as Record<string, unknown>);
    });
  const validator = createValidator({ terminology: createTerminology(), catalog, resources });
  let valid = 0;
  let wrong = 0;
  for (const name of readdirSync(EXAMPLES).sort()) {
    const resource = JSON.parse(readFileSync(new URL(name, EXAMPLES), 'utf8')) as Resource;
    const theirs = resources.find(
      (one) => one.resourceType === 'StructureDefinition' && one.type === resource.resourceType && String(one.url).includes('no-basis'),
    );
    if (!PEOPLE.includes(resource.resourceType) || theirs === undefined) continue;
    const errors = validator.validate(resource, { profiles: [String(theirs.url)] }).filter(isErrorIssue);
    if (errors.length === 0) valid++;
    else {
      wrong++;
      console.log(`${name} against ${String(theirs.url)}`);
      for (const issue of errors.slice(0, 5))
        console.log(`    ${issue.code} ${issue.expression?.[0] ?? '-'} ${issue.diagnostics}`.slice(0, 240));
    }
  }
  console.log(`no-basis: ${valid} of ${valid + wrong} examples of ours are valid for it`);
  return wrong === 0 && valid > 0;
}
