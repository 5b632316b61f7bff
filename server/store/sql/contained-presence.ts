/**
 * Whether chains can lead to contained resources at all. Most bases hold none for most references, and to look for them
 * costs as much again as the rest of the chain: one lookup for each reference tells.
 */
import type { Clause } from '../../search/query.ts';
import { type Dialect, SqlWriter } from './dialect.ts';
import { LEADS_INSIDE } from './entry-rows.ts';
import { paramIn } from './row-conditions.ts';
import { type Beside, numberIn, type Row, type Statement, type Steps } from './steps.ts';

type Chain = Extract<Clause, { op: 'chain' }>;

/** References asked about at once; where there are more, all are taken to lead to something. */
const ASKED_AT_MOST = 40;

/** Of the references that were found to lead to something so many are known. */
const KNOWN_AT_MOST = 1_000;
/** Those, by dialect, the one found last at the end. */
const leading = new Map<Dialect, Set<string>>();

interface References {
  readonly param: string;
  readonly types: readonly string[];
}

/** What `search` finds by the clause on resources of `types`, which is told without what is asked of contained resources where no reference leads to one. */
export function* withoutAbsent<Result>(
  dialect: Dialect,
  clause: Clause,
  types: readonly string[],
  search: (clause: Clause) => Steps<Result>,
): Steps<Result> {
  const asked = new Map<string, References>();
  collect(clause, types, (chain, from) => {
    if (chain.contained !== undefined) asked.set(nameOf(chain, from), { param: chain.param, types: from });
  });
  if (asked.size === 0 || asked.size > ASKED_AT_MOST) return yield* search(clause);
  if (dialect.asksFewAtOnce === true) return yield* presumingAbsent(dialect, clause, types, asked, search);
  const absent = absentOf(asked, yield presenceStatement(dialect, asked));
  return yield* search(absent.size === 0 ? clause : without(clause, types, absent));
}

/** The same where a round trip costs more than a search: references of which it is not known that they lead to something are taken not to, and asked about together with the search. */
function* presumingAbsent<Result>(
  dialect: Dialect,
  clause: Clause,
  types: readonly string[],
  asked: ReadonlyMap<string, References>,
  search: (clause: Clause) => Steps<Result>,
): Steps<Result> {
  const known = leading.get(dialect) ?? new Set();
  leading.set(dialect, known);
  const doubtful = new Map([...asked].filter(([name]) => !known.has(name)));
  if (doubtful.size === 0) return yield* search(clause);
  const statement = presenceStatement(dialect, doubtful);
  let absent: ReadonlySet<string> | undefined;
  const take = (rows: readonly Row[]): void => {
    absent = absentOf(doubtful, rows);
  };
  const found = yield* withBeside({ statement, take }, search(without(clause, types, new Set(doubtful.keys()))));
  if (absent?.size === doubtful.size) return found;
  absent ??= absentOf(doubtful, yield statement);
  for (const name of doubtful.keys()) if (!absent.has(name)) known.add(name);
  for (const name of known) if (known.size > KNOWN_AT_MOST) known.delete(name);
  return yield* search(without(clause, types, absent));
}

/** Steps whose first statement is asked together with another. */
function* withBeside<Result>(beside: Beside, steps: Steps<Result>): Steps<Result> {
  let step = steps.next([]);
  if (!step.done) step = steps.next(yield { ...step.value, beside });
  while (!step.done) step = steps.next(yield step.value);
  return step.value;
}

function presenceStatement(dialect: Dialect, asked: ReadonlyMap<string, References>): Statement {
  const sql = new SqlWriter(dialect);
  const leads = sql.bind(LEADS_INSIDE);
  const columns = [...asked.values()].map(
    ({ param, types: from }, n) =>
      `CASE WHEN EXISTS (SELECT 1 FROM entry e WHERE ${paramIn(sql, 'e', [param], from)} AND e.hash = ${leads}) THEN 1 ELSE 0 END AS c${n}`,
  );
  return { sql: `SELECT ${columns.join(', ')}`, values: sql.values };
}

function absentOf(asked: ReadonlyMap<string, References>, [row = {}]: readonly Row[]): ReadonlySet<string> {
  return new Set([...asked.keys()].filter((_, n) => numberIn(row, `c${n}`) === 0));
}

const nameOf = ({ param }: Chain, types: readonly string[]): string => `${param} ${types.join(' ')}`;

/** Calls `visit` with every chain that starts from resources of their own, and the types of these. */
function collect(clause: Clause, types: readonly string[], visit: (chain: Chain, types: readonly string[]) => void): void {
  switch (clause.op) {
    case 'and':
    case 'or':
      for (const part of clause.clauses) collect(part, types, visit);
      break;
    case 'not':
      collect(clause.clause, types, visit);
      break;
    case 'chain':
      visit(clause, types);
      collect(clause.where, clause.types, visit);
      break;
    case 'referencedBy':
      collect(clause.where, [clause.type], visit);
      break;
  }
}

function without(clause: Clause, types: readonly string[], absent: ReadonlySet<string>): Clause {
  switch (clause.op) {
    case 'and':
    case 'or':
      return { ...clause, clauses: clause.clauses.map((part) => without(part, types, absent)) };
    case 'not':
      return { ...clause, clause: without(clause.clause, types, absent) };
    case 'chain': {
      const { contained, ...chain } = clause;
      const left = { ...chain, where: without(clause.where, clause.types, absent) };
      return contained === undefined || absent.has(nameOf(clause, types)) ? left : { ...left, contained };
    }
    case 'referencedBy':
      return { ...clause, where: without(clause.where, [clause.type], absent) };
    default:
      return clause;
  }
}
