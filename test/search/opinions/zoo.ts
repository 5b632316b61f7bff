/** A code system of four animals and a value set of two, for searches that ask what codes mean. */
import { createTerminology } from '../../../terminology/service/create-terminology.ts';

const SYSTEM = 'http://zoo.example';
export const PETS = 'http://zoo.example/pets';
const PARENTS: Readonly<Record<string, string | undefined>> = { animal: undefined, dog: 'animal', cat: 'animal', poodle: 'dog' };

const coded = (code: string) => ({ system: SYSTEM, code });
export const ZOO = { pets: ['dog', 'cat'].map(coded), animals: Object.keys(PARENTS) } as const;

function lineOf(code: string): string[] {
  const parent = PARENTS[code];
  return parent === undefined ? [code] : [code, ...lineOf(parent)];
}

export const codesAbove = (system: string, code: string) => lineOf(code).map((each) => ({ system, code: each }));
export const codesBelow = (system: string, code: string) =>
  ZOO.animals.filter((each) => lineOf(each).includes(code)).map((each) => ({ system, code: each }));

interface Concept {
  readonly code: string;
  readonly concept?: readonly Concept[];
}

function conceptsUnder(parent: string | undefined): readonly Concept[] {
  return ZOO.animals
    .filter((code) => PARENTS[code] === parent)
    .map((code) => {
      const concept = conceptsUnder(code);
      return concept.length === 0 ? { code } : { code, concept };
    });
}

/** The terminology of servers that know the animals. */
export const zooTerminology = createTerminology().including([
  {
    resourceType: 'CodeSystem',
    url: SYSTEM,
    status: 'active',
    content: 'complete',
    hierarchyMeaning: 'is-a',
    concept: conceptsUnder(undefined),
  },
  {
    resourceType: 'ValueSet',
    url: PETS,
    status: 'active',
    compose: { include: [{ system: SYSTEM, concept: ZOO.pets.map(({ code }) => ({ code })) }] },
  },
]);
