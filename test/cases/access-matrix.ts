/**
 * The access rule as tables: who may do what to a plan, one table for each state of consent. Every cell is asked over HTTP
 * with a real token (test/auth/access-rule/access-matrix.test.ts), on both databases.
 *
 * The record: Ida, her plan, team, goal, measure and a report of need that is based on the plan. Her team: a coordinator
 * and a nurse of the municipality's home care, her GP, and a nurse of home care whose part ended yesterday. The plan is kept
 * by the municipality, whose coordinating unit (KE) got the report of need. A child of 10 and one of 14 have the like.
 *
 * States of consent (to see the plan, `innsyn`), the same for all three:
 *   active     names every service of the team: the municipality (with all its units) and the GP's office
 *   limited    narrower: names the municipality's home care and nobody else
 *   withdrawn  the active one, its status now inactive
 *   block      the active one, and in it a block that names each person of the table by their role or relation
 *              (of the member organisation nobody is left through whom its system would see the plan)
 *   none       there is no consent at all
 * The objection of the 14-year-old to her mother is a block in the consent that the plan is made, in every state.
 *
 * Columns:
 *   read         the plan by its id                          transaction  a Bundle with one entry: a new goal, expressed by the
 *   search       plans of the patient                                     caller where they are patient or parent
 *   include      the report of need, _include of the plan    score        a new PSFS Observation
 *   revinclude   the coordinator's role in the directory,    task         update of the measure, which the team nurse owns
 *                _revinclude of the team                     team         update of the team
 *   chain        reports of need whose plan is active        delete       a goal
 *   everything   $everything of the plan                     export       $export of plans, until the file is read
 *   history      the plan's versions
 *
 * Cells: yes = done, and the plan (or team) is in what was answered; empty = 200 without it; else the HTTP status.
 */
export const COLUMNS = [
  'read',
  'search',
  'include',
  'revinclude',
  'chain',
  'everything',
  'history',
  'transaction',
  'score',
  'task',
  'team',
  'delete',
  'export',
] as const;

export type Column = (typeof COLUMNS)[number];
export type ConsentState = keyof typeof ACCESS_MATRIX;

export const ACCESS_MATRIX = {
  active: `
    who                              | read search include revinclude chain everything history transaction score task team delete export
    coordinator                      | yes  yes    yes     yes        yes   yes        yes     yes         yes   yes  yes  yes    yes
    team nurse                       | yes  yes    yes     yes        yes   yes        yes     yes         yes   yes  403  403    yes
    GP                               | yes  yes    yes     yes        yes   yes        yes     yes         yes   403  403  403    yes
    outsider nurse, same unit        | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    outsider, other hospital         | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    former member                    | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    coordinating unit                | yes  yes    yes     yes        yes   yes        yes     yes         yes   yes  yes  yes    yes
    patient                          | yes  yes    yes     yes        yes   yes        yes     yes         403   403  403  403    yes
    mother of 10-year-old            | yes  yes    yes     yes        yes   yes        yes     yes         403   403  403  403    yes
    mother of 14-year-old, objection | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    kin without consent              | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    system of member organisation    | yes  yes    yes     yes        yes   yes        yes     yes         yes   yes  yes  yes    yes
    system of other organisation     | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    no token                         | 401  401    401     401        401   401        401     401         401   401  401  401    401
    expired token                    | 401  401    401     401        401   401        401     401         401   401  401  401    401
    token for another audience       | 401  401    401     401        401   401        401     401         401   401  401  401    401
  `,
  limited: `
    who                              | read search include revinclude chain everything history transaction score task team delete export
    coordinator                      | yes  yes    yes     yes        yes   yes        yes     yes         yes   yes  yes  yes    yes
    team nurse                       | yes  yes    yes     yes        yes   yes        yes     yes         yes   yes  403  403    yes
    GP                               | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    outsider nurse, same unit        | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    outsider, other hospital         | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    former member                    | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    coordinating unit                | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    patient                          | yes  yes    yes     yes        yes   yes        yes     yes         403   403  403  403    yes
    mother of 10-year-old            | yes  yes    yes     yes        yes   yes        yes     yes         403   403  403  403    yes
    mother of 14-year-old, objection | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    kin without consent              | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    system of member organisation    | yes  yes    yes     yes        yes   yes        yes     yes         yes   yes  yes  yes    yes
    system of other organisation     | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    no token                         | 401  401    401     401        401   401        401     401         401   401  401  401    401
    expired token                    | 401  401    401     401        401   401        401     401         401   401  401  401    401
    token for another audience       | 401  401    401     401        401   401        401     401         401   401  401  401    401
  `,
  withdrawn: `
    who                              | read search include revinclude chain everything history transaction score task team delete export
    coordinator                      | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    team nurse                       | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    GP                               | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    outsider nurse, same unit        | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    outsider, other hospital         | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    former member                    | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    coordinating unit                | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    patient                          | yes  yes    yes     yes        yes   yes        yes     yes         403   403  403  403    yes
    mother of 10-year-old            | yes  yes    yes     yes        yes   yes        yes     yes         403   403  403  403    yes
    mother of 14-year-old, objection | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    kin without consent              | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    system of member organisation    | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    system of other organisation     | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    no token                         | 401  401    401     401        401   401        401     401         401   401  401  401    401
    expired token                    | 401  401    401     401        401   401        401     401         401   401  401  401    401
    token for another audience       | 401  401    401     401        401   401        401     401         401   401  401  401    401
  `,
  block: `
    who                              | read search include revinclude chain everything history transaction score task team delete export
    coordinator                      | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    team nurse                       | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    GP                               | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    outsider nurse, same unit        | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    outsider, other hospital         | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    former member                    | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    coordinating unit                | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    patient                          | yes  yes    yes     yes        yes   yes        yes     yes         403   403  403  403    yes
    mother of 10-year-old            | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    mother of 14-year-old, objection | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    kin without consent              | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    system of member organisation    | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    system of other organisation     | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    no token                         | 401  401    401     401        401   401        401     401         401   401  401  401    401
    expired token                    | 401  401    401     401        401   401        401     401         401   401  401  401    401
    token for another audience       | 401  401    401     401        401   401        401     401         401   401  401  401    401
  `,
  none: `
    who                              | read search include revinclude chain everything history transaction score task team delete export
    coordinator                      | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    team nurse                       | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    GP                               | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    outsider nurse, same unit        | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    outsider, other hospital         | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    former member                    | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    coordinating unit                | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    patient                          | yes  yes    yes     yes        yes   yes        yes     yes         403   403  403  403    yes
    mother of 10-year-old            | yes  yes    yes     yes        yes   yes        yes     yes         403   403  403  403    yes
    mother of 14-year-old, objection | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    kin without consent              | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    system of member organisation    | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    system of other organisation     | 404  empty  empty   empty      empty 404        404     403         403   404  404  404    403
    no token                         | 401  401    401     401        401   401        401     401         401   401  401  401    401
    expired token                    | 401  401    401     401        401   401        401     401         401   401  401  401    401
    token for another audience       | 401  401    401     401        401   401        401     401         401   401  401  401    401
  `,
} as const;

/** A table as rows by who, each a cell for each column. */
export function rowsOf(state: ConsentState): Readonly<Record<string, readonly string[]>> {
  const [, ...rows] = ACCESS_MATRIX[state]
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((part) => part.trim()));
  return Object.fromEntries(rows.map(([who = '', cells = '']) => [who, cells.split(/\s+/)]));
}
