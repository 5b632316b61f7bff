import { describe, expect, it } from 'vitest';
import { isObject, type Resource } from '../../server/fhir/resource.ts';
import { scoresOf } from '../../server/operations/extract/scores.ts';
import { codesOf, resourcesOf, valuesNamed } from '../demo/bundles.ts';

const observations = resourcesOf('shared', 'Observation');
const responses = resourcesOf('shared', 'QuestionnaireResponse');

const refersTo = (value: unknown, reference: string): boolean => valuesNamed(value, 'reference').includes(reference);
const ofPatient = (all: readonly Resource[], { subject }: Resource): readonly Resource[] =>
  all.filter((each) => isObject(subject) && refersTo(each.subject, String(subject.reference)));

/** What a score says, in the terms that must not differ. */
function said({
  id,
  code,
  focus,
  valueInteger,
  valueQuantity,
  interpretation,
  hasMember,
  effectiveDateTime,
  component,
}: Resource): unknown {
  return {
    id,
    text: isObject(code) && codesOf(code, 'fp-score').length > 0 ? code.text : undefined,
    focus: valuesNamed(focus, 'reference'),
    value: valueInteger ?? (isObject(valueQuantity) ? valueQuantity.value : undefined),
    meaning: codesOf(interpretation, 'fp-psfs-change'),
    members: valuesNamed(hasMember, 'reference'),
    day: String(effectiveDateTime).slice(0, 10),
    parts: new Set(
      (component as Record<string, unknown>[]).map(({ code: part, ...value }) =>
        JSON.stringify([codesOf(part, 'fp-score'), valuesNamed(value, 'value'), valuesNamed(value, 'code'), value.valueInteger]),
      ),
    ),
  };
}

describe('the scores of the demo population', () => {
  it.each(responses.map((response) => [String(response.id), response] as const))('are those that extraction makes: %s', (_id, response) => {
    const derived = observations.filter((each) => refersTo(each.derivedFrom, `QuestionnaireResponse/${response.id}`));
    // As a focus could be taken over from the score itself, extraction is to find it out from goals and earlier scores.
    const earlier = ofPatient(observations, response).filter((each) => !derived.includes(each));
    const known = {
      derived: derived.map(({ focus: _focus, ...score }) => score as Resource),
      panels: earlier,
      scores: earlier,
      goals: ofPatient(resourcesOf('shared', 'Goal'), response),
    };
    const tools = { newId: () => 'new', displayOf: () => undefined, checkResponse: () => undefined };
    const made = scoresOf(response, known, tools).observations.filter(({ id }) => derived.some((each) => each.id === id));
    const byId = (a: Resource, b: Resource) => (String(a.id) < String(b.id) ? -1 : 1);
    expect(made.toSorted(byId).map(said)).toEqual(derived.toSorted(byId).map(said));
  });

  it('are enough to mean something', () => {
    expect(responses.length).toBeGreaterThan(40);
  });
});
