/**
 * What `DATABASE_URL` says besides where the database is: `schema=NAME`, the schema that holds our tables, made when it is
 * not there; left out, that of the user's search path. A base is whole in one schema, so that several may share a
 * database, and distributed PostgreSQL (Citus) keeps each on one node.
 *
 * Spec: https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNSTRING · https://docs.citusdata.com/en/stable/get_started/concepts.html#schema-based-sharding
 */

import { didYouMean } from '../../fhir/nearest.ts';

export interface DatabaseUrl {
  /** The URL without what is ours in it. */
  readonly connectionString: string;
  readonly schema: string | undefined;
  /** Settings of the session that the URL asks for, as `psql` takes them: `-c name=value`. */
  readonly options: string | undefined;
}

/** PostgreSQL cuts longer names off, and then two could be the same. */
const SCHEMA = /^[a-z_][a-z0-9_]{0,62}$/;

/**
 * What else may stand in the URL: the parameters of libpq, as other programs and the hosts of databases write them, and of
 * node-postgres. A misspelt one would be passed over, and the connection be made in clear or the plans lie in another schema.
 */
const PARAMETERS: ReadonlySet<string> = new Set(
  `host hostaddr port dbname db user password passfile require_auth channel_binding connect_timeout client_encoding encoding
  application_name fallback_application_name keepalives keepalives_idle keepalives_interval keepalives_count tcp_user_timeout
  gssencmode krbsrvname gsslib gssdelegation ssl sslmode sslnegotiation sslcompression sslcert sslkey sslpassword sslcertmode
  sslrootcert sslcrl sslcrldir sslsni requirepeer ssl_min_protocol_version ssl_max_protocol_version min_protocol_version
  max_protocol_version service target_session_attrs load_balance_hosts uselibpqcompat replication query_timeout
  statement_timeout lock_timeout idle_in_transaction_session_timeout`.split(/\s+/),
);

/** @throws Error for the name of a schema that would have to be quoted, and for a parameter that nobody knows. */
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
  for (const name of read.searchParams.keys()) {
    if (PARAMETERS.has(name)) continue;
    throw new Error(
      `DATABASE_URL: the parameter ${name.slice(0, 64)} is not known${didYouMean(name, ['schema', 'options', ...PARAMETERS])}`,
    );
  }
  return { connectionString: read.href, schema, options };
}
