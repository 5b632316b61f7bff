/**
 * The part of oidc-provider 9 that is used here: the package ships no types. Names and meaning are those of its
 * documentation: https://github.com/panva/node-oidc-provider/blob/main/docs/README.md
 */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';
  import type { JWK } from 'jose';

  export interface ProviderClient {
    readonly clientId: string;
    readonly clientAuthMethod: string;
    grantTypeAllowed(type: string): boolean;
  }

  export interface ProviderSession {
    accountId?: string;
    loginAccount(details: { accountId: string; transient?: boolean; amr?: string[] }): void;
  }

  export interface OidcContext {
    readonly provider: Provider;
    readonly route: string;
    readonly params: Record<string, string | undefined>;
    readonly body?: Record<string, string | string[] | undefined>;
    readonly client: ProviderClient;
    readonly session: ProviderSession;
    readonly account?: { readonly accountId: string };
    readonly entities: {
      Grant?: Grant;
      AccessToken?: IssuedToken;
      ClientCredentials?: IssuedToken;
      PushedAuthorizationRequest?: PushedAuthorizationRequest;
    };
    entity(name: string, value: unknown): void;
  }

  export interface PushedAuthorizationRequest {
    /** A JWT without a signature, which holds the parameters that were pushed. */
    readonly request: string;
    consume(): Promise<void>;
  }

  export interface StartedInteraction {
    readonly params: Readonly<Record<string, string | undefined>>;
  }

  export interface KoaContext {
    readonly state: Record<string, unknown>;
    readonly req: IncomingMessage;
    readonly res: ServerResponse;
    readonly method: string;
    readonly path: string;
    readonly query: Record<string, string | string[] | undefined>;
    readonly oidc: OidcContext;
    body: unknown;
    status: number;
    type: string;
    get(header: string): string;
    set(header: string, value: string): void;
    remove(header: string): void;
    accepts(...types: string[]): string | false;
  }

  export interface StoredPayload {
    readonly [member: string]: unknown;
    readonly grantId?: string;
    readonly uid?: string;
    readonly consumed?: unknown;
  }

  export interface Adapter {
    upsert(id: string, payload: StoredPayload, expiresInSeconds?: number): Promise<void>;
    find(id: string): Promise<StoredPayload | undefined>;
    findByUid(uid: string): Promise<StoredPayload | undefined>;
    findByUserCode(userCode: string): Promise<StoredPayload | undefined>;
    consume(id: string): Promise<void>;
    destroy(id: string): Promise<void>;
    revokeByGrantId(grantId: string): Promise<void>;
  }

  export interface IssuedToken {
    readonly jti: string;
    readonly kind: string;
    readonly iat: number;
    readonly exp: number;
    readonly clientId: string;
    readonly grantId?: string;
    readonly accountId?: string;
    readonly aud?: string;
    /** Thumbprint of the key the token is bound to. */
    readonly jkt?: string;
    readonly extra?: Record<string, unknown>;
    readonly adapter: Adapter;
    readonly expiration: number;
    readonly remainingTTL: number;
    readonly tokenType: string;
    scope?: string;
    gty?: string;
    resourceServer?: ResourceServer;
    setThumbprint(kind: 'jkt', thumbprint: string): void;
    save(): Promise<string>;
  }

  export interface Grant {
    readonly jti: string;
    readonly accountId: string;
    addOIDCScope(scope: string): void;
    addResourceScope(resource: string, scope: string): void;
    getResourceScope(resource: string): string;
    save(): Promise<string>;
  }

  export interface ResourceServerInfo {
    readonly audience: string;
    readonly scope: string;
    readonly accessTokenFormat: 'jwt';
    readonly jwt: { readonly sign: { readonly alg: string } };
  }
  export type ResourceServer = ResourceServerInfo & { identifier(): string };

  export interface ProviderConfiguration {
    readonly adapter: (model: string) => Adapter;
    readonly jwks: { readonly keys: readonly JWK[] };
    readonly clients: readonly Readonly<Record<string, unknown>>[];
    readonly [setting: string]: unknown;
  }

  export default class Provider {
    constructor(issuer: string, configuration: ProviderConfiguration);
    /** The request that is being answered. */
    static readonly ctx: KoaContext | undefined;
    proxy: boolean;
    readonly Client: {
      readonly prototype: { compareClientSecret: (this: { readonly clientSecret?: string }, secret: string) => boolean };
    };
    readonly Grant: new (of: {
      accountId: string;
      clientId: string;
      readonly expiresIn?: number;
    }) => Grant;
    readonly AccessToken: new (of: {
      accountId: string;
      client: ProviderClient;
      grantId: string;
      gty: string;
    }) => IssuedToken;
    readonly ResourceServer: new (
      identifier: string,
      info: ResourceServerInfo,
    ) => ResourceServer;
    use(middleware: (ctx: KoaContext, next: () => Promise<void>) => Promise<void>): this;
    on(event: 'error', listener: (error: Error) => void): this;
    on(event: 'server_error', listener: (ctx: KoaContext, error: Error) => void): this;
    on(
      event: `${'authorization' | 'pushed_authorization_request' | 'grant' | 'introspection' | 'revocation'}.error`,
      listener: (ctx: KoaContext, error: Error & { error?: string }) => void,
    ): this;
    registerGrantType(
      name: string,
      handler: (ctx: KoaContext) => Promise<void>,
      params: readonly string[],
      dupes?: readonly string[],
    ): void;
    callback(): (req: IncomingMessage, res: ServerResponse) => Promise<void>;
  }

  export const errors: {
    readonly OIDCProviderError: new (
      status: number,
      message: string,
    ) => Error & { error: string; statusCode: number; error_description?: string };
    readonly CustomOIDCProviderError: new (error: string, description: string) => Error;
    readonly InvalidRequest: new (description: string) => Error;
    readonly InvalidScope: new (description: string, scope?: string) => Error;
    readonly InvalidTarget: new (description?: string) => Error;
    readonly InvalidRequestUri: new (description?: string) => Error;
    readonly InvalidDpopProof: new (description?: string) => Error;
    readonly InvalidGrant: new (detail?: string) => Error;
    readonly InvalidClientAuth: new (detail?: string) => Error;
    readonly AccessDenied: new (description?: string) => Error;
  };
}
