import { describe, expect, it } from 'vitest';
import { grantScopes, parseResourceScope, parseResourceScopes, scopeWords } from '../../server/auth/scopes.ts';

const letters = (text: string): string | undefined => {
  const scope = parseResourceScope(text);
  if (scope === undefined) return undefined;
  const { create, read, update, delete: remove, search } = scope;
  return [create && 'c', read && 'r', update && 'u', remove && 'd', search && 's'].filter(Boolean).join('');
};

describe('the grammar of resource scopes', () => {
  const rows: readonly (readonly [text: string, letters: string | undefined, why: string])[] = [
    ['patient/Observation.rs', 'rs', 'v2 reading'],
    ['patient/*.cruds', 'cruds', 'v2 everything'],
    ['user/CarePlan.c', 'c', 'one letter'],
    ['system/Patient.ud', 'ud', 'letters may be left out in between'],
    ['patient/Observation.read', 'rs', 'v1 read is read and search [@128]'],
    ['patient/Observation.write', 'cud', 'v1 write is create, update and delete [@128]'],
    ['user/*.*', 'cruds', 'v1 everything [@128]'],
    ['patient/Observation.rs?category=survey', 'rs', 'granular'],
    ['patient/Observation.sr', undefined, 'letters out of order'],
    ['patient/Observation.', undefined, 'no letters'],
    ['patient/Observation.rr', undefined, 'a letter twice'],
    ['patient/Observation.read?category=survey', undefined, 'v1 has no granular form'],
    ['patient/observation.rs', undefined, 'a type begins with a capital'],
    ['practitioner/Observation.rs', undefined, 'no such level'],
    ['Observation.rs', undefined, 'no level'],
    ['patient/Observation.rs?', undefined, 'an empty query'],
    ['patient/Observation.rs?a=b?c=d', undefined, 'two queries'],
    ['patient/Observation.RS', undefined, 'letters are small'],
    ['openid', undefined, 'names no resource'],
  ];
  it.each(rows)('reads %s as %s: %s', (text, expected) => {
    expect(letters(text)).toBe(expected);
  });

  it('keeps level, type and query', () => {
    expect(parseResourceScope('user/Task.u?status=requested')).toMatchObject({ level: 'user', type: 'Task', query: 'status=requested' });
    expect(parseResourceScope('patient/*.rs')).toMatchObject({ level: 'patient', type: '*' });
  });

  it('passes over words that are no resource scope', () => {
    expect(parseResourceScopes('openid patient/*.rs launch rubbish').map((scope) => scope.level)).toEqual(['patient']);
    expect(parseResourceScopes(undefined)).toEqual([]);
  });

  it('takes a scope string apart without repeats', () => {
    expect(scopeWords('a  b a c')).toEqual(['a', 'b', 'c']);
  });
});

describe('granting no more than is allowed', () => {
  const rows: readonly (readonly [asked: string, allowed: string, granted: string, why: string])[] = [
    ['patient/*.rs', 'patient/*.cruds', 'patient/*.rs', 'less than allowed stays'],
    ['patient/*.cruds', 'patient/*.rs', 'patient/*.rs', 'letters are cut'],
    ['patient/*.rs', 'patient/Observation.rs', 'patient/Observation.rs', 'the wildcard is cut to the type'],
    ['patient/*.rs', 'patient/Goal.r patient/Task.rs', 'patient/Goal.r patient/Task.rs', 'the wildcard becomes all that is allowed'],
    ['patient/Goal.rs', 'patient/*.cruds', 'patient/Goal.rs', 'a type within the wildcard'],
    ['patient/Goal.rs', 'user/Goal.rs', '', 'another level'],
    ['user/Patient.rs', 'patient/*.cruds', '', 'patient/ does not allow user/'],
    ['system/*.rs', 'patient/*.rs user/*.rs', '', 'system/ is never had from others'],
    ['patient/Goal.c', 'patient/Goal.rs', '', 'no letter in common'],
    ['patient/Goal.read', 'patient/Goal.cruds', 'patient/Goal.read', 'v1 is given back as v1'],
    ['patient/Goal.*', 'patient/Goal.rs', 'patient/Goal.rs', 'v1 that is cut becomes v2'],
    ['patient/Observation.rs?category=a', 'patient/Observation.rs', 'patient/Observation.rs?category=a', 'granular within all'],
    ['patient/Observation.rs', 'patient/Observation.rs?category=a', 'patient/Observation.rs?category=a', 'cut to the granular'],
    ['patient/Observation.rs?code=x', 'patient/Observation.rs?category=a', 'patient/Observation.rs?code=x&category=a', 'both queries hold'],
    ['openid launch', 'openid', 'openid', 'a plain scope only when allowed'],
    ['offline_access', 'patient/*.rs', '', 'offline_access is not implied'],
    ['patient/Goal.rs patient/Goal.rs', 'patient/Goal.rs', 'patient/Goal.rs', 'no repeats'],
    ['made-up', 'made-up', '', 'what is unknown is never granted'],
  ];
  it.each(rows)('%s of %s gives %s: %s', (asked, allowed, granted) => {
    expect(grantScopes(scopeWords(asked), scopeWords(allowed)).join(' ')).toBe(granted);
  });
});
