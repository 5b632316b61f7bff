import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createScopeAccess } from '../../server/auth/access.ts';
import type { AccessRight } from '../../server/auth/access-decision.ts';
import type { Principal } from '../../server/auth/principal.ts';
import { parseResourceScopes } from '../../server/auth/scopes.ts';
import { compileCompartments } from '../../server/fhir/build/compartments.ts';
import { compartmentMembership, compartmentTypes, hasCompartment } from '../../server/fhir/compartment.ts';
import type { Clause } from '../../server/search/query.ts';

const survey: Clause = { op: 'match', param: 'category', test: { kind: 'token', code: 'survey' } };
const access = createScopeAccess({
  readQuery: (_type, query) => {
    if (query === 'category=survey') return survey;
    throw new Error('unknown parameter');
  },
});

const principal = (scope: string, patientId?: string): Principal => ({
  clientId: 'c',
  subject: 's',
  scope,
  scopes: parseResourceScopes(scope),
  ...(patientId === undefined ? {} : { patientId }),
});

const ofPatient = (param: string): Clause => ({ op: 'match', param, test: { kind: 'reference', type: 'Patient', id: 'p1' } });

describe('access by scope', () => {
  const rows: readonly (readonly [
    scope: string,
    patient: string | undefined,
    right: AccessRight,
    type: string,
    expected: unknown,
    why: string,
  ])[] = [
    ['system/*.cruds', undefined, 'delete', 'CarePlan', 'allow', 'a system with everything'],
    ['system/*.rs', undefined, 'create', 'CarePlan', 'deny', 'a letter that is missing [@95]'],
    ['system/Patient.r', undefined, 'search', 'Patient', 'deny', 'reading does not include searching'],
    ['system/Patient.s', undefined, 'read', 'Patient', 'deny', 'searching does not include reading'],
    ['system/Patient.rs', undefined, 'read', 'Goal', 'deny', 'another type [@95]'],
    ['user/CarePlan.u', undefined, 'update', 'CarePlan', 'allow', 'updating, also to create by update [@123]'],
    ['', undefined, 'read', 'Patient', 'deny', 'no scope at all'],
    ['openid fhirUser launch', 'p1', 'read', 'Patient', 'deny', 'scopes that name no resource'],
    ['patient/*.rs', 'p1', 'read', 'Patient', { op: 'id', ids: ['p1'] }, 'the patient in context, and no one linked'],
    [
      'patient/*.rs',
      'p1',
      'search',
      'CarePlan',
      { op: 'or', clauses: [ofPatient('patient'), ofPatient('performer')] },
      'the compartment, by any of its parameters',
    ],
    ['patient/*.rs', 'p1', 'search', 'Task', ofPatient('patient'), 'Task is added to the compartment'],
    [
      'patient/*.rs',
      'p1',
      'search',
      'Provenance',
      {
        op: 'or',
        clauses: [
          ofPatient('patient'),
          {
            op: 'chain',
            param: 'target',
            types: [
              'Appointment',
              'CarePlan',
              'CareTeam',
              'Communication',
              'Condition',
              'Consent',
              'DocumentReference',
              'Encounter',
              'Goal',
              'Observation',
              'Procedure',
              'QuestionnaireResponse',
              'RelatedPerson',
              'ServiceRequest',
              'Task',
            ],
            where: ofPatient('patient'),
          },
        ],
      },
      'who changed the plan belongs to the patient as the plan does',
    ],
    ['patient/*.rs', 'p1', 'read', 'Practitioner', 'allow', 'the directory is shared'],
    ['patient/*.cruds', 'p1', 'update', 'Practitioner', 'deny', 'and not written by patient scopes'],
    ['patient/*.rs', 'p1', 'search', 'Questionnaire', 'allow', 'forms are shared'],
    ['patient/*.rs', 'p1', 'read', 'ConceptMap', 'allow', 'what one code is in another list is shared'],
    ['patient/*.cruds', 'p1', 'create', 'ConceptMap', 'deny', 'and not written by patient scopes'],
    ['patient/*.rs', 'p1', 'search', 'Subscription', 'deny', 'what belongs to no patient'],
    ['patient/*.rs', undefined, 'read', 'Goal', 'deny', 'no patient in context [@164]'],
    ['patient/*.rs', 'p1', 'search', '*', 'deny', 'the whole system is no compartment'],
    ['patient/Observation.rs?category=survey', 'p1', 'read', 'Patient', 'deny', 'a granular scope for another type'],
    ['system/Observation.rs?category=survey', undefined, 'read', 'Observation', survey, 'a granular scope is its query'],
    ['system/Observation.rs?bad=x', undefined, 'read', 'Observation', 'deny', 'a query that cannot be read gives nothing'],
    ['system/Observation.rs?category=survey system/Observation.r', undefined, 'read', 'Observation', 'allow', 'the union of scopes'],
    ['system/Observation.rs?category=survey system/Observation.r', undefined, 'search', 'Observation', survey, 'each for its own letters'],
    ['patient/Goal.rs user/Goal.r', 'p1', 'read', 'Goal', 'allow', 'user/ reaches further than patient/'],
  ];
  it.each(rows)('%s (patient %s) to %s %s: %o, %s', async (scope, patient, right, type, expected) => {
    const decision = await access.decide({ principal: principal(scope, patient), interaction: 'x', right, type });
    expect(decision.kind === 'narrow' ? decision.clause : decision.kind).toEqual(expected);
  });

  it('joins compartment and query of a granular patient scope', async () => {
    const who = principal('patient/Observation.rs?category=survey', 'p1');
    const decision = await access.decide({ principal: who, interaction: 'read', right: 'read', type: 'Observation' });
    expect(decision).toMatchObject({ kind: 'narrow', clause: { op: 'and', clauses: [{ op: 'or' }, survey] } });
  });

  it('says in a denial what the scopes lack, not whether anything is there', async () => {
    const decision = await access.decide({
      principal: principal('patient/*.r', 'p1'),
      interaction: 'search-type',
      right: 'search',
      type: 'Goal',
      id: 'g',
    });
    expect(decision).toEqual({ kind: 'deny', reason: 'The scopes of this token do not let you search Goal' });
  });
});

describe('compartments', () => {
  it('are those of the definitions', () => {
    expect(readFileSync('server/fhir/generated/compartments.json', 'utf8')).toBe(compileCompartments());
  });

  it('tell how a type comes into one', () => {
    expect(compartmentMembership('Patient', 'CarePlan')).toEqual({ self: false, params: ['patient', 'performer'] });
    expect(compartmentMembership('Patient', 'Patient')).toEqual({ self: true, params: ['link'] });
    expect(compartmentMembership('Encounter', 'Encounter')).toEqual({ self: true, params: [] });
    expect(compartmentMembership('Patient', 'Task')).toBeUndefined();
    expect(compartmentMembership('CarePlan', 'Goal')).toBeUndefined();
  });

  it('have five kinds of owner', () => {
    expect(['Patient', 'Practitioner', 'RelatedPerson', 'Device', 'Encounter', 'CareTeam'].map(hasCompartment)).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(compartmentTypes('Patient')).toContain('Goal');
    expect(compartmentTypes('Device')).toContain('Device');
    expect(compartmentTypes('Goal')).toEqual([]);
  });
});
