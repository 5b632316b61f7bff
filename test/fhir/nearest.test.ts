import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from '../../server/fhir/nearest.ts';

const NAMES = ['_count', '_id', 'active', 'birthdate', 'care-team', 'family', 'given', 'name', 'part-of'];

describe('the name that was meant', () => {
  it.each([
    ['naem', 'name', 'two letters swapped'],
    ['nme', 'name', 'a letter missing'],
    ['namee', 'name', 'a letter too many'],
    ['birtdhate', 'birthdate', 'two letters swapped in a longer name'],
    ['birhtdat', 'birthdate', 'two faults in a longer name'],
    ['birthDate', 'birthdate', 'capitals alone'],
    ['careTeam', 'care-team', 'the name of the element'],
    ['partOf', 'part-of', 'the name of the element'],
    ['count', '_count', 'the underscore missing'],
    ['xd', undefined, 'one fault in two letters'],
    ['foo', undefined, 'nothing like it'],
    ['nxxe', undefined, 'two faults in a short name'],
    ['', undefined, 'no name'],
    [`name${'x'.repeat(70)}`, undefined, 'a long text'],
  ])('%j means %j: %s', (name, meant, _why) => {
    expect(nearest(name, NAMES)).toBe(meant);
  });

  it('is the first of equals, and one of the same letters before all others', () => {
    expect(nearest('bat', ['cat', 'hat'])).toBe('cat');
    expect(nearest('CAT', ['cats', 'cat'])).toBe('cat');
  });

  it('is told in a sentence of its own', () => {
    expect(didYouMean('naem', NAMES)).toBe('. Did you mean name?');
    expect(didYouMean('foo', NAMES)).toBe('');
  });
});
