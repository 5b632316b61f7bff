/**
 * Whether chains can lead to contained resources at all. Most bases hold none for most references, and to look for them
 * costs as much again as the rest of the chain: one lookup for each reference tells.
 */
import type { Clause } from '../../search/query.ts';
import { type Dialect, SqlWriter } from './dialect.ts';
import { LEADS_INSIDE } from './entry-rows.ts';
import { paramIn } from './row-conditions.ts';
import { numberIn, type Steps } from './steps.ts';

type Chain = Extract<Clause, { op: 'chain' }>;

/** References asked about at once; where there are more, all are taken to lead to something. */
const ASKED_AT_MOST = 40;

/** The clause on resources of `types`, without what it asks of contained resources where no reference leads to one. */
export function* withoutAbsent(dialect: Dialect, clause: Clause, types: readonly string[]): Steps<Clause> {
  const asked = new Map<string, { readonly param: string; readonly types: readonly string[] }>();
  collect(clause, types, (chain, from) => {
    if (chain.contained !== undefined) asked.set(nameOf(chain, from), { param: chain.param, types: from });
  });
  if (asked.size === 0 || asked.size > ASKED_AT_MOST) return clause;
  const sql = new SqlWriter(dialect);
  const leads = sql.bind(LEADS_INSIDE);
  const columns = [...asked.values()].map(
    ({ param, types: from }, n) =>
      `CASE WHEN EXISTS (SELECT 1 FROM entry e WHERE ${paramIn(sql, 'e', [param], from)} AND e.hash = ${leads}) THEN 1 ELSE 0 END AS c${n}`,
  );
  const [row = {}] = yield { sql: `SELECT ${columns.join(', ')}`, values: sql.values };
  const absent = new Set([...asked.keys()].filter((_, n) => numberIn(row, `c${n}`) === 0));
  return absent.size === 0 ? clause : without(clause, types, absent);
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
