/**
 * The template of a URL (`http.route`): what of it is the same for all requests of a kind. Ids, names and whatever a client
 * makes up are not in it, so that there are few, and nobody is named.
 *
 * Spec: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span
 */

/** Paths outside the FHIR bases that are told as they are. */
const PLAIN = new Set([
  '/',
  '/conformance',
  '/healthz',
  '/readyz',
  '/auth/authorize',
  '/auth/token',
  '/auth/introspect',
  '/auth/revoke',
  '/auth/par',
  '/auth/jwks',
  '/auth/.well-known/openid-configuration',
]);
const AREAS = new Set(['auth', 'app', 'ehr', 'idp']);
/** Literal words below a FHIR base. */
const WORDS = new Set(['_search', '_history', 'metadata', '.well-known']);

/** The template of a request's URL; `fhirBases` are the paths of the FHIR bases. */
export function routeOf(url: string, fhirBases: readonly string[]): string {
  const question = url.indexOf('?');
  const path = question < 0 ? url : url.slice(0, question);
  const base = fhirBases.find((each) => path.startsWith(each) && (path.length === each.length || path[each.length] === '/'));
  if (base !== undefined) return base + belowBase(path.slice(base.length + 1));
  if (PLAIN.has(path)) return path;
  const area = path.split('/', 2)[1] ?? '';
  return AREAS.has(area) ? `/${area}/{page}` : '{other}';
}

const NAMES = ['{type}', '{id}', '{type}', '{version}'];

function belowBase(path: string): string {
  if (path === '') return '';
  let template = '';
  const segments = path.split('/', 4);
  for (const [at, segment] of segments.entries()) {
    template += `/${WORDS.has(segment) ? segment : segment[0] === '$' || segment.startsWith('%24') ? '{operation}' : NAMES[at]}`;
  }
  return template;
}
