/**
 * What `DATABASE_URL` says besides where the database is: `schema=NAME`, the schema that holds our tables, made when it is
 * not there; left out, that of the user's search path. A base is whole in one schema, so that several may share a
 * database, and distributed PostgreSQL (Citus) keeps each on one node.
 *
 * Spec: https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNSTRING · https://docs.citusdata.com/en/stable/get_started/concepts.html#schema-based-sharding
 */

export interface DatabaseUrl {
  /** The URL without what is ours in it. */
  readonly connectionString: string;
  readonly schema: string | undefined;
  /** Settings of the session that the URL asks for, as `psql` takes them: `-c name=value`. */
  readonly options: string | undefined;
}

/** PostgreSQL cuts longer names off, and then two could be the same. */
const SCHEMA = /^[a-z_][a-z0-9_]{0,62}$/;

/** @throws Error for the name of a schema that would have to be quoted. */
export function readDatabaseUrl(url: string): DatabaseUrl {
  const read = new URL(url);
  const take = (name: string): string | undefined => {
    const value = read.searchParams.get(name) ?? undefined;
    read.searchParams.delete(name);
    return value;
  };
  const [schema, options] = [take('schema'), take('options')];
  if (schema !== undefined && (!SCHEMA.test(schema) || schema.startsWith('pg_'))) {
    throw new Error('DATABASE_URL: a schema is named with small letters, digits and _, 63 at the most, and not pg_…');
  }
  return { connectionString: read.href, schema, options };
}
