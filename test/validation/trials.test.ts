import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../server/fhir/json.ts';
import { isErrorIssue } from '../../server/fhir/outcome.ts';
import { createValidator } from '../../server/validation/create-validator.ts';
import type { ValidateOptions } from '../../server/validation/validator.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { randomFrom } from '../support/random.ts';
import { copyOf, mutate } from './mutations.ts';

/**
 * A trial says that content is surely right, and the checks are then left out: with and without trials the same issues
 * are told, in the same order, of the examples and of thousands of resources that were changed at random places.
 */
type Json = Record<string, unknown>;

const CHANGED = 4500;
const URN = 'urn:uuid:0f0c1b52-7d0e-4c8e-9a50-0a4f2f3a1c02';
const MOST_CHARACTERS = 20_000;
const terminology = createTerminology();
const expressionMs = 60_000;
const trying = createValidator({ terminology, expressionMs });
const checking = createValidator({ terminology, expressionMs, trials: false });
const folder = new URL('../../profiles/generated/', import.meta.url);
const examples = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .filter((text) => text.length < MOST_CHARACTERS)
  .map((text) => parseJson(text) as Json);

const OPTIONS: readonly ValidateOptions[] = [
  {},
  {},
  { followMetaProfile: false },
  { advise: true, language: 'nb' },
  { unknownExtensions: 'error', wrongDisplays: 'error', stringHtml: 'error' },
  { referenceTypes: 'resolved-only' },
  {
    stored: new Map([
      ['Patient/a', null],
      ['Organization/o', { resourceType: 'Organization', id: 'o' }],
    ]),
  },
];

/** The resource as an entry beside one that its references may lead to. */
function bundled(resource: Json, fullUrl = `http://a.example/fhir/${String(resource.resourceType)}/1`): Json {
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      { fullUrl, resource },
      { fullUrl: 'urn:uuid:5f0c1b52-7d0e-4c8e-9a50-0a4f2f3a1c02', resource: { resourceType: 'Patient', id: 'a' } },
    ],
  };
}

/** What a time limit leaves undecided, which a machine with much else to do passes now and then: that is asked again. */
const HURRIED = /too-costly|invariant-failed/;

function isToldTheSame(resource: unknown, options: ValidateOptions, again = 3): boolean {
  const tried = JSON.stringify(trying.validate(resource, options));
  const checked = JSON.stringify(checking.validate(resource, options));
  return tried === checked || (again > 0 && HURRIED.test(tried + checked) && isToldTheSame(resource, options, again - 1));
}

/** Who asks for errors only is told those that all are told. */
function isToldByErrors(resource: unknown, options: ValidateOptions, again = 3): boolean {
  const errors = JSON.stringify(trying.validate(resource, { ...options, errorsOnly: true }));
  const all = JSON.stringify(trying.validate(resource, options).filter(isErrorIssue));
  return errors === all || (again > 0 && HURRIED.test(errors + all) && isToldByErrors(resource, options, again - 1));
}

describe('what is tried before it is checked', () => {
  it.each(OPTIONS)('is told the same of every example, with %o', (options) => {
    const resources = [...examples, ...examples.map((one) => bundled(one))];
    const others = resources.filter((one) => !isToldTheSame(one, options) || !isToldByErrors(one, options));
    expect(others.map((one) => JSON.stringify(one))).toEqual([]);
  });

  it.each([1, 2, 3])('is told the same of thousands of resources that were changed at random, seed %i', (seed) => {
    const chance = randomFrom(seed);
    for (let count = 0; count < CHANGED / 3; count++) {
      let resource = copyOf(examples[Math.floor(chance() * examples.length)]) as Json;
      const changes = 1 + Math.floor(chance() * chance() * 5);
      for (let change = 0; change < changes; change++) mutate(resource, chance, examples);
      if (chance() < 0.15) resource = chance() < 0.5 ? bundled(resource) : bundled(resource, URN);
      const options = OPTIONS[Math.floor(chance() * OPTIONS.length)]!;
      if (!isToldTheSame(resource, options) || !isToldByErrors(resource, options))
        expect.fail(`${JSON.stringify(options)} ${JSON.stringify(resource)}`);
    }
  });
});
