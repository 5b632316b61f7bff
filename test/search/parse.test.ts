/** What parseSearch refuses, leaves out and gives back. */
import { describe, expect, it } from 'vitest';
import { FhirError } from '../../server/fhir/errors.ts';
import { MODIFIERS } from '../../server/search/match.ts';
import { type ParsedSearch, parseSearch } from '../../server/search/parse.ts';
import type { Clause } from '../../server/search/query.ts';
import { badSearches } from '../cases/bad-search.ts';
import { searchEnvironment } from '../support/search-cases.ts';

describe('what is refused', () => {
  it.each(badSearches)('%s: %s', (_why, query, status, code, expression) => {
    expect(refusal(query)).toEqual({ status, code, expression });
  });

  it('shows no number that may be of a person in its texts', () => {
    for (const query of [
      'Patient?birthdate=15076500565',
      'Patient?_id=15076500565/1',
      'Observation?subject=15076500565 ',
      'Patient?_total=15076500565',
    ]) {
      expect(errorOf(query).message).not.toContain('15076500565');
    }
  });
});

describe('what was probably meant', () => {
  it.each([
    ['Patient?naem=a', 'Unknown search parameter naem: Patient has no parameter naem. Did you mean name?'],
    ['Patient?birthDate=2000', 'Unknown search parameter birthDate: Patient has no parameter birthDate. Did you mean birthdate?'],
    ['CarePlan?careTeam=a', 'Unknown search parameter careTeam: CarePlan has no parameter careTeam. Did you mean care-team?'],
    ['Patient?naem:exact=a', 'Unknown search parameter naem:exact: Patient has no parameter naem. Did you mean name?'],
    ['Task?patient.naem=a', 'Unknown search parameter patient.naem: Patient has no parameter naem. Did you mean name?'],
    ['Patient?count=1', 'Unknown search parameter count: Patient has no parameter count. Did you mean _count?'],
    ['Patient?_sort=-famliy', 'Search parameter _sort: Patient has no parameter famliy. Did you mean family?'],
    ['Patient?shoe-size=43', 'Unknown search parameter shoe-size: Patient has no parameter shoe-size'],
    ['Patient?_has:Taks:patient:status=a', '_has:Taks:patient:status: unknown resource type Taks. Did you mean Task?'],
    [
      '?_elements=birthdate',
      "Search parameter _elements: 'birthdate' is not the name of an element at the top of any resource. Did you mean birthDate?",
    ],
    ['?_type=Pateint', 'Unknown resource type: Pateint. Did you mean Patient?'],
    [
      'Patient?_elements=birthdate',
      "Search parameter _elements: 'birthdate' is not the name of an element at the top of Patient. Did you mean birthDate?",
    ],
    ['CarePlan?_include=CarePlan:careTeam', '_include: CarePlan has no reference parameter careTeam. Did you mean care-team?'],
    ['CarePlan?_include=CarePlan:subject:Patients', '_include: unknown resource type Patients. Did you mean Patient?'],
    ['CarePlan?_revinclude=Task:owner:Goal', '_revinclude: Task.owner does not point at Goal'],
    ['CarePlan?_include=Careplan:goal', '_include: unknown resource type Careplan. Did you mean CarePlan?'],
    [
      'Patient?family:exakt=a',
      'Search parameter family:exakt: the modifier :exakt is not supported for type string, which has :exact, :contains, :missing',
    ],
    ['Patient?birthdate:not=2000', 'Search parameter birthdate:not: the modifier :not is not supported for type date, which has :missing'],
  ])('%s', (query, text) => {
    expect(errorOf(query).message).toBe(text);
  });

  it('is said of what is left out as well', () => {
    const [issue] = parse('Patient?naem=a', 'lenient').issues;
    expect(issue?.diagnostics).toBe('Unknown search parameter naem: Patient has no parameter naem. It was left out. Did you mean name?');
  });

  it.each([
    ['string', 'Patient?family', 'a'],
    ['token', 'Observation?code', 'urn:a|b'],
    ['reference', 'Task?part-of', 'Task/a'],
    ['uri', 'ValueSet?url', 'http://x.example/a'],
  ] as const)('names modifiers of a %s that are known', (type, name, value) => {
    for (const modifier of MODIFIERS[type] ?? []) {
      const query = `${name}:${modifier.replace('[type]', 'Task')}=${modifier === 'of-type' ? 'urn:a|b|c' : value}`;
      expect(() => parse(query)).not.toThrow(/the modifier/);
    }
  });
});

describe('lenient handling', () => {
  it('leaves out unknown parameters and says so', () => {
    const parsed = parse('Patient?foo=1&given=a&subject.bar=2&_sort=baz', 'lenient');
    expect(parsed.issues.map((issue) => [issue.severity, issue.code, issue.expression])).toEqual([
      ['warning', 'not-supported', ['foo']],
      ['warning', 'not-supported', ['subject.bar']],
      ['warning', 'not-supported', ['_sort']],
    ]);
    expect(parsed.used).toEqual([['given', 'a']]);
    expect(parsed.query.where).toMatchObject({ op: 'match', param: 'given' });
  });

  it('still refuses a wrong value and an unknown modifier [R4 search#modifiers]', () => {
    expect(() => parse('Patient?birthdate=x', 'lenient')).toThrow(FhirError);
    expect(() => parse('Patient?family:foo=x', 'lenient')).toThrow(FhirError);
  });

  it.each(['_sort:asc', '_count:exact', '_text:exact', '_filter:not', '_type:not', '_include:all'])(
    'still refuses a modifier of a parameter that takes none: %s [R4 search#modifiers]',
    (name) => {
      expect(() => parse(`Patient?${name}=x`, 'lenient')).toThrow(`Search parameter ${name}: the modifier is not supported`);
    },
  );
});

describe('parameters without a value', () => {
  const asked = (query: string) => {
    const parameters = [...new URLSearchParams(query)];
    return parseSearch({ parameters, types: ['Patient'], leavesOutEmpty: true }, searchEnvironment());
  };

  it('are left out of a search, and told [R4 search#errors]', () => {
    const parsed = asked('name=&_sort=&_count=&gender=male&active=');
    expect(parsed.issues.map(({ severity, code, expression }) => [severity, code, expression])).toEqual(
      ['name', '_sort', '_count', 'active'].map((name) => ['warning', 'value', [name]]),
    );
    expect(parsed.used).toEqual([['gender', 'male']]);
    expect(parsed.query).toMatchObject({ where: { op: 'match', param: 'gender' }, sort: [], limit: 100 });
  });

  it('are no wildcard among others', () => {
    expect(() => asked('name=a,')).toThrow(FhirError);
    expect(() => asked('identifier=|')).toThrow(FhirError);
  });
});

describe('a named query', () => {
  it('is refused also when unknown parameters are left out [R4 search#query]', () => {
    expect(() => parse('Patient?_query=a', 'lenient')).toThrow(/no query named a/);
  });
});

describe('the query', () => {
  it('is everything without parameters', () => {
    expect(parse('Patient?')).toEqual({
      query: { types: ['Patient'], where: { op: 'all' }, sort: [], limit: 100, total: 'none' },
      words: [],
      includes: [],
      summary: 'false',
      issues: [],
      used: [],
    });
  });

  it('has at most as many matches as the server allows', () => {
    expect(parse('Patient?_count=5').query.limit).toBe(5);
    expect(parse('Patient?_count=999999').query.limit).toBe(1000);
    expect(parse('Patient?_count=99999999999').query.limit).toBe(1000);
  });

  it('counts only with _summary=count and with _count=0 [R4 search#count]', () => {
    expect(parse('Patient?_summary=count').query).toMatchObject({ limit: 0, total: 'accurate' });
    expect(parse('Patient?_count=0').query).toMatchObject({ limit: 0, total: 'accurate' });
  });

  it('counts as asked', () => {
    expect(parse('Patient?_total=accurate').query.total).toBe('accurate');
    expect(parse('Patient?_total=estimate').query.total).toBe('estimate');
  });

  it('takes _format and _pretty as said to others', () => {
    expect(parse('Patient?_format=json&_pretty=true').query.where).toEqual({ op: 'all' });
  });

  it.each([
    ['Observation', 'code-value-quantity', 'code,value-quantity'],
    ['Observation', '-component-code-value-concept', '-component-code,-component-value-concept'],
    ['Observation', 'status,-code-value-date', 'status,-code,-value-date'],
    ['DocumentReference', 'relationship', 'relatesto,relation'],
  ])('sorts %s by the composite %s as by its components [R4 search#sort]', (type, composite, components) => {
    expect(parse(`${type}?_sort=${composite}`).query.sort).toEqual(parse(`${type}?_sort=${components}`).query.sort);
  });

  it('sorts by inner keys when _sort is given again [R4 search#table]', () => {
    expect(parse('Patient?_sort=family,-gender&_sort=_id').query.sort).toEqual(parse('Patient?_sort=family,-gender,_id').query.sort);
  });

  it('sorts by several keys', () => {
    expect(parse('Observation?_sort=status,-date,_id,-_lastUpdated').query.sort).toEqual([
      { by: 'param', param: 'status', kind: 'token', descending: false },
      { by: 'param', param: 'date', kind: 'range', descending: true },
      { by: 'id', descending: false },
      { by: 'lastUpdated', descending: true },
    ]);
  });

  it('searches the types that _type names', () => {
    expect(parse('?_type=Task,Goal,Task').query.types).toEqual(['Task', 'Goal']);
    expect(parse('?').query.types).toEqual([]);
  });

  it('names a single target type, so that a store can go by its key', () => {
    expect(parse('Observation?patient=7').query.where).toEqual({
      op: 'match',
      param: 'patient',
      test: { kind: 'reference', type: 'Patient', id: '7' },
    });
    expect(parse('Observation?subject=7').query.where).toEqual({
      op: 'match',
      param: 'subject',
      test: { kind: 'reference', id: '7', types: ['Group', 'Device', 'Patient', 'Location'] },
    });
  });

  it('looks up codes with their systems as one list', () => {
    expect(parse('Patient?identifier=a|1,b|2').query.where).toEqual({
      op: 'match',
      param: 'identifier',
      test: {
        kind: 'token',
        anyOf: [
          { system: 'a', code: '1' },
          { system: 'b', code: '2' },
        ],
      },
    });
    const many = Array.from({ length: 1_000 }, (_, at) => `a|${at}`).join(',');
    expect(parse(`Patient?identifier=${many}`).query.where).toMatchObject({ op: 'match' });
    expect(parse('Patient?identifier=a|1,2').query.where).toMatchObject({ op: 'or' });
  });

  it('joins the types of a chain that mean the same', () => {
    expect(parse('CarePlan?subject.identifier=1').query.where).toMatchObject({
      op: 'chain',
      param: 'subject',
      types: ['Group', 'Patient'],
    });
  });

  it.each([
    ['Observation?subject:Patient.name=x', [true]],
    ['Observation?subject:Patient.organization.name=x', [true, true]],
    ['Observation?subject:Patient.organization.partof.name=x', [true, true, true]],
    ['Observation?subject:Patient.organization.partof.partof.partof.name=x', [false, false, true, true, true]],
    ['Observation?subject:Patient._id=x', [false]],
    ['Observation?subject:Patient._lastUpdated=gt2024', [false]],
    ['Observation?subject:Patient.organization:below=Organization/x', [true]],
    ['Observation?_filter=subject:Patient.name eq x', [true]],
  ])('follows the last three steps of a chain into contained resources: %s', (query, expected) => {
    const found: boolean[] = [];
    const go = (clause: Clause): void => {
      if (clause.op === 'and') clause.clauses.forEach(go);
      if (clause.op !== 'chain') return;
      found.push(clause.contained !== undefined);
      go(clause.where);
    };
    go(parse(query).query.where);
    expect(found).toEqual(expected);
  });
});

describe('the answer', () => {
  it('includes as directives', () => {
    const parsed = parse(
      'CarePlan?_include=CarePlan:subject:Patient&_include:iterate=Patient:organization&_revinclude=Task:*&_include:recurse=*',
    );
    expect(parsed.includes).toEqual([
      { reverse: false, source: 'CarePlan', param: 'subject', target: 'Patient', iterate: false },
      { reverse: false, source: 'Patient', param: 'organization', target: undefined, iterate: true },
      { reverse: true, source: 'Task', param: undefined, target: undefined, iterate: false },
      { reverse: false, source: undefined, param: undefined, target: undefined, iterate: true },
    ]);
  });

  it('names elements with or without the type', () => {
    expect(parse('Patient?_elements=name,Patient.birthDate&_elements=gender').elements).toEqual(['name', 'birthDate', 'gender']);
  });

  it('names a choice by the element or as it stands in JSON, and what others in the answer have', () => {
    expect(parse('Observation?_elements=value,effective[x],valueQuantity').elements).toEqual(['value', 'effective[x]', 'valueQuantity']);
    expect(parse('CarePlan?_elements=title,birthDate&_include=CarePlan:subject').elements).toEqual(['title', 'birthDate']);
    expect(parse('?_type=Patient,Task&_elements=birthDate,owner').elements).toEqual(['birthDate', 'owner']);
    expect(parse('?_elements=birthDate').elements).toEqual(['birthDate']);
  });

  it('summarises', () => {
    for (const summary of ['true', 'text', 'data', 'count', 'false']) expect(parse(`Patient?_summary=${summary}`).summary).toBe(summary);
  });
});

function parse(query: string, handling?: 'strict' | 'lenient'): ParsedSearch {
  const mark = query.indexOf('?');
  const types = mark === 0 ? [] : [query.slice(0, mark)];
  const parameters = [...new URLSearchParams(query.slice(mark + 1))];
  return parseSearch({ parameters, types, ...(handling === undefined ? {} : { handling }) }, searchEnvironment());
}

function errorOf(query: string): FhirError {
  try {
    parse(query);
  } catch (error) {
    if (error instanceof FhirError) return error;
    throw error;
  }
  throw new Error(`not refused: ${query}`);
}

function refusal(query: string) {
  const { status, issues } = errorOf(query);
  return { status, code: issues[0]?.code, expression: issues[0]?.expression?.[0] };
}
