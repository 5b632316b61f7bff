/**
 * The clients an operator registers, out of the JSON they write: everything that is wrong is told at once, with its place.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc7591#section-2 · https://hl7.org/fhir/smart-app-launch/STU2.2/client-confidential-asymmetric.html
 */
import { didYouMean } from '../fhir/nearest.ts';
import { isOrganizationNumber } from '../fhir/norwegian-id.ts';
import { isObject } from '../fhir/resource.ts';
import { type ClientRegistration, TOKEN_EXCHANGE_GRANT } from './clients.ts';
import { keyProblem } from './public-key.ts';
import { isPlainScope, parseResourceScope } from './scopes.ts';

export interface ReadClients {
  /** Those of the file in its order; to be used only when there are no problems. */
  readonly clients: readonly ClientRegistration[];
  /** One line each: `[2].redirectUris[0]: …`. */
  readonly problems: readonly string[];
}

export interface ReadClientsOptions {
  /** Names that are taken by clients of the service itself. */
  readonly reserved: readonly string[];
  readonly isResourceType: (name: string) => boolean;
}

type Entry = Readonly<Record<string, unknown>>;
type Tell = (where: string, what: string) => void;

const MEMBERS = [
  'clientId',
  'name',
  'authentication',
  'grants',
  'scopes',
  'redirectUris',
  'origins',
  'frameOrigins',
  'organizationNumber',
  'scopesAlone',
] satisfies (keyof ClientRegistration)[];
const GRANTS = ['authorization_code', 'refresh_token', 'client_credentials', TOKEN_EXCHANGE_GRANT];
const CLIENT_ID = /^[\w.~:/-]{1,100}$/;
const SECRET_HASH = /^sha256:[0-9a-f]{64}$/;

/** The registrations in `content` (the parsed file) and what is wrong with them. Never throws. */
export function readClients(content: unknown, options: ReadClientsOptions): ReadClients {
  if (!Array.isArray(content)) return { clients: [], problems: ['an array of clients is wanted'] };
  const problems: string[] = [];
  const seen = new Set(options.reserved);
  content.forEach((entry: unknown, index) => {
    const at = `[${index}]`;
    if (!isObject(entry)) {
      problems.push(`${at} is not an object`);
      return;
    }
    const tell: Tell = (where, what) => void problems.push(`${at}${where}: ${what}`);
    checkClient(entry, tell, options);
    if (typeof entry.clientId === 'string' && seen.has(entry.clientId)) tell('.clientId', `${entry.clientId} is taken`);
    seen.add(String(entry.clientId));
  });
  return { clients: content as readonly ClientRegistration[], problems };
}

function checkClient(entry: Entry, tell: Tell, { isResourceType }: ReadClientsOptions): void {
  for (const name of Object.keys(entry).filter((each) => !MEMBERS.some((member) => member === each)))
    tell(`.${name}`, `there is no such member${didYouMean(name, MEMBERS)}`);
  if (typeof entry.clientId !== 'string' || !CLIENT_ID.test(entry.clientId))
    tell('.clientId', '1 to 100 letters, digits and -._~:/ are wanted');
  if (typeof entry.name !== 'string' || entry.name.trim() === '') tell('.name', 'a name for people is wanted');
  const grants = texts(entry, 'grants', tell, true);
  grants.forEach((grant, index) => {
    if (!GRANTS.includes(grant)) tell(`.grants[${index}]`, `one of ${GRANTS.join(', ')} is wanted`);
  });
  if (grants.includes('refresh_token') && grants.length === 1) tell('.grants', 'refresh_token goes with another grant');
  checkAuthentication(entry.authentication, grants, tell);
  checkScopes(texts(entry, 'scopes', tell, true), grants, tell, isResourceType);
  checkAddresses(entry, grants, tell);
  checkSystem(entry, grants, tell);
}

function checkAuthentication(authentication: unknown, grants: readonly string[], tell: Tell): void {
  const at = '.authentication';
  if (!isObject(authentication)) {
    tell(at, 'an object with a method is wanted');
  } else if (authentication.method === 'none') {
    if (grants.includes('client_credentials')) tell(at, 'a client that gets tokens for itself shows who it is');
    onlyMembers(authentication, ['method'], at, tell);
  } else if (authentication.method === 'client_secret_basic') {
    const isHash = SECRET_HASH.test(String(authentication.secretHash));
    if (!isHash) tell(`${at}.secretHash`, 'as `fellesplan clients secret` prints it: sha256:…');
    onlyMembers(authentication, ['method', 'secretHash'], at, tell);
  } else if (authentication.method === 'private_key_jwt') {
    checkKeys(authentication, at, tell);
  } else {
    tell(`${at}.method`, 'one of none, client_secret_basic, private_key_jwt is wanted');
  }
}

function checkKeys(authentication: Entry, at: string, tell: Tell): void {
  const { keys, jwksUri, internalNetwork } = authentication;
  onlyMembers(authentication, ['method', 'keys', 'jwksUri', 'internalNetwork'], at, tell);
  if (internalNetwork !== undefined && (typeof internalNetwork !== 'boolean' || jwksUri === undefined)) {
    tell(`${at}.internalNetwork`, 'true or false, with jwksUri');
  }
  if ((keys === undefined) === (jwksUri === undefined)) {
    tell(at, 'either keys or jwksUri is wanted');
  } else if (jwksUri !== undefined) {
    if (!isHttps(jwksUri)) tell(`${at}.jwksUri`, 'an https URL is wanted');
  } else if (!Array.isArray(keys) || keys.length === 0) {
    tell(`${at}.keys`, 'a list with one public key (JWK) or more is wanted');
  } else {
    const names = keys.map((key: unknown) => (isObject(key) ? key.kid : undefined));
    keys.forEach((key: unknown, index) => {
      const problem = keyProblem(key);
      if (problem !== undefined) tell(`${at}.keys[${index}]`, problem);
      else if (names.indexOf(names[index]) !== index) tell(`${at}.keys[${index}]`, 'another key has the same kid');
    });
  }
}

function onlyMembers(entry: Entry, members: readonly string[], at: string, tell: Tell): void {
  // A secret that somebody wrote in clear is not repeated.
  for (const name of Object.keys(entry).filter((each) => !members.includes(each)))
    tell(`${at}.${name}`, `there is no such member here${didYouMean(name, members)}`);
}

function checkScopes(scopes: readonly string[], grants: readonly string[], tell: Tell, isResourceType: (name: string) => boolean): void {
  const forSystem = grants.includes('client_credentials');
  const forUsers = grants.some((grant) => grant !== 'client_credentials');
  scopes.forEach((word, index) => {
    const at = `.scopes[${index}]`;
    const scope = parseResourceScope(word);
    if (scope === undefined) {
      if (!isPlainScope(word)) tell(at, `${word} is no SMART scope`);
      else if (!forUsers) tell(at, `${word} is for clients with users`);
      return;
    }
    if (scope.type !== '*' && !isResourceType(scope.type)) tell(at, `${scope.type} is no resource type`);
    if (scope.level === 'system' && !forSystem) tell(at, 'system/ scopes go with client_credentials');
    if (scope.level !== 'system' && !forUsers) tell(at, `${scope.level}/ scopes are for clients with users`);
  });
}

function checkAddresses(entry: Entry, grants: readonly string[], tell: Tell): void {
  const code = grants.includes('authorization_code');
  const redirectUris = texts(entry, 'redirectUris', tell, code);
  if (!code && redirectUris.length > 0) tell('.redirectUris', 'they go with authorization_code');
  redirectUris.forEach((uri, index) => {
    if (!isHttps(uri) || uri.includes('#') || uri.includes('*'))
      tell(`.redirectUris[${index}]`, 'an exact https URL without fragment is wanted');
  });
  for (const name of ['origins', 'frameOrigins'] as const) {
    texts(entry, name, tell, false).forEach((origin, index) => {
      if (!isHttps(origin) || new URL(origin).origin !== origin)
        tell(`.${name}[${index}]`, 'an origin such as https://ehr.example is wanted');
    });
  }
}

function checkSystem({ organizationNumber, scopesAlone }: Entry, grants: readonly string[], tell: Tell): void {
  if (organizationNumber !== undefined && (typeof organizationNumber !== 'string' || !isOrganizationNumber(organizationNumber))) {
    tell('.organizationNumber', 'nine digits with the right check digit are wanted');
  }
  if (scopesAlone !== undefined && typeof scopesAlone !== 'boolean') tell('.scopesAlone', 'true or false is wanted');
  if (grants.includes('client_credentials') && organizationNumber === undefined && scopesAlone !== true) {
    tell('', 'a system acts for an organisation (organizationNumber), or says that its scopes alone decide (scopesAlone)');
  }
}

/** A list of texts; told as a problem when it is something else, or empty and needed. */
function texts(entry: Entry, name: string, tell: Tell, needed: boolean): readonly string[] {
  const value = entry[name];
  if (value === undefined && !needed) return [];
  if (!Array.isArray(value) || (needed && value.length === 0)) {
    tell(`.${name}`, needed ? 'a list with one entry or more is wanted' : 'a list is wanted');
    return [];
  }
  const odd = value.findIndex((each) => typeof each !== 'string' || each === '');
  if (odd >= 0) tell(`.${name}[${odd}]`, 'a text is wanted');
  return odd >= 0 ? [] : (value as readonly string[]);
}

function isHttps(url: unknown): url is string {
  return typeof url === 'string' && URL.canParse(url) && new URL(url).protocol === 'https:' && new URL(url).username === '';
}
