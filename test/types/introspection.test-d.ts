import {
  type AccessTokenClaims,
  type Auth,
  type ClientAuthenticationOptions,
  createResourceServer,
  type IntrospectionCacheOptions,
  type IntrospectionOptions,
  type ResourceServer,
  type RevocationCheck,
} from '@resource-server/core';
import { auth as expressAuth } from '@resource-server/express';
import { auth as fastifyAuth } from '@resource-server/fastify';
import { auth as koaAuth } from '@resource-server/koa';
import { createMockIssuer } from '@resource-server/mock-issuer';
import Fastify from 'fastify';
import { describe, expectTypeOf, it } from 'vitest';
import * as zod from 'zod';

const issuer = 'https://login.example.com';
const audience = 'https://api.example.com';
const clientAuthentication = { method: 'client_secret_basic', clientId: 'api', clientSecret: 's' } as const;
const options = { issuer: { issuer, introspection: { clientAuthentication } }, audience } as const;

describe('introspection', () => {
  it('introspection requires client authentication only', () => {
    createResourceServer(options);
    createResourceServer({ audience, issuer: [options.issuer, 'https://other.example.com'] });
    // @ts-expect-error clientAuthentication is missing
    createResourceServer({ audience, issuer: { issuer, introspection: {} } });
    // @ts-expect-error introspection is an option of an issuer
    createResourceServer({ audience, issuer, introspection: { clientAuthentication } });
  });

  it('introspection has two modes, and its endpoint is a string or a URL', () => {
    expectTypeOf<IntrospectionOptions['mode']>().toEqualTypeOf<'opaque' | 'always' | undefined>();
    expectTypeOf<IntrospectionOptions['endpoint']>().toEqualTypeOf<string | URL | undefined>();
    expectTypeOf<IntrospectionOptions['signedResponse']>().toEqualTypeOf<boolean | undefined>();
    // @ts-expect-error unknown mode
    createResourceServer({ audience, issuer: { issuer, introspection: { clientAuthentication, mode: 'never' } } });
  });

  it('introspection has the same options in every adapter', () => {
    expressAuth(options);
    koaAuth(options);
    Fastify().register(fastifyAuth, options);
  });

  it('the resourceServer credentials of the mock issuer fit as client authentication', async () => {
    const mock = await createMockIssuer();
    expectTypeOf(mock.resourceServer).toExtend<ClientAuthenticationOptions>();
  });
});

describe('client authentication', () => {
  it('client authentication has five methods', () => {
    expectTypeOf<ClientAuthenticationOptions['method']>().toEqualTypeOf<
      | 'client_secret_basic'
      | 'client_secret_post'
      | 'private_key_jwt'
      | 'tls_client_auth'
      | 'self_signed_tls_client_auth'
    >();
  });

  it('each client authentication method accepts its own credentials only', () => {
    const accept = (_: ClientAuthenticationOptions) => {};
    accept({ method: 'client_secret_post', clientId: 'api', clientSecret: 's' });
    accept({ method: 'private_key_jwt', clientId: 'api', privateKey: { kty: 'EC' } });
    accept({ method: 'tls_client_auth', clientId: 'api', certificate: 'PEM', privateKey: 'PEM' });
    // Without a certificate: a custom `fetch` presents it.
    accept({ method: 'self_signed_tls_client_auth', clientId: 'api' });
    // @ts-expect-error clientSecret is missing
    accept({ method: 'client_secret_basic', clientId: 'api' });
    // @ts-expect-error private_key_jwt takes a key, not a secret
    accept({ method: 'private_key_jwt', clientId: 'api', clientSecret: 's' });
    // @ts-expect-error privateKey is a JWK here, not PEM
    accept({ method: 'private_key_jwt', clientId: 'api', privateKey: 'PEM' });
    // @ts-expect-error client_secret_basic takes no certificate
    accept({ method: 'client_secret_basic', clientId: 'api', clientSecret: 's', certificate: 'PEM' });
    // @ts-expect-error clientId is missing
    accept({ method: 'tls_client_auth', certificate: 'PEM', privateKey: 'PEM' });
    // @ts-expect-error client_secret_jwt is not supported
    accept({ method: 'client_secret_jwt', clientId: 'api', clientSecret: 's' });
    // @ts-expect-error introspection requires authentication (RFC 7662 section 2.1)
    accept({ method: 'none', clientId: 'api' });
  });
});

describe('introspectionCache', () => {
  it('introspectionCache requires both durations, so that neither is chosen by accident', () => {
    createResourceServer({ ...options, introspectionCache: { positiveSeconds: 60, negativeSeconds: 10 } });
    createResourceServer({
      ...options,
      introspectionCache: { positiveSeconds: 60, negativeSeconds: 10, maxEntries: 5 },
    });
    // @ts-expect-error negativeSeconds is missing
    createResourceServer({ ...options, introspectionCache: { positiveSeconds: 60 } });
    // @ts-expect-error positiveSeconds is missing
    createResourceServer({ ...options, introspectionCache: { negativeSeconds: 10 } });
    // @ts-expect-error there are no default durations
    createResourceServer({ ...options, introspectionCache: true });
    expectTypeOf<keyof IntrospectionCacheOptions>().toEqualTypeOf<
      'positiveSeconds' | 'negativeSeconds' | 'maxEntries'
    >();
  });
});

describe('routeOpaqueToken', () => {
  it('routeOpaqueToken receives the token and returns an issuer synchronously', () => {
    createResourceServer({
      ...options,
      routeOpaqueToken: (token) => {
        expectTypeOf(token).toEqualTypeOf<string>();
        return issuer;
      },
    });
    // @ts-expect-error the result must be an issuer
    createResourceServer({ ...options, routeOpaqueToken: () => undefined });
    // @ts-expect-error the result must not be a promise
    createResourceServer({ ...options, routeOpaqueToken: async () => issuer });
  });
});

describe('revocation', () => {
  it('isRevoked receives the auth, and returns a boolean or a promise of one', () => {
    createResourceServer({
      ...options,
      revocation: {
        isRevoked: (auth) => {
          expectTypeOf(auth).toEqualTypeOf<Auth<AccessTokenClaims>>();
          return auth.claims.jti === 'x';
        },
      },
    });
    createResourceServer({ ...options, revocation: { isRevoked: async () => false, statusLists: true } });
    createResourceServer({ ...options, revocation: { statusLists: true } });
    // @ts-expect-error a string is not a result
    createResourceServer({ ...options, revocation: { isRevoked: () => 'no' } });
    // @ts-expect-error undefined is not a result
    createResourceServer({ ...options, revocation: { isRevoked: () => undefined } });
    expectTypeOf<keyof RevocationCheck<unknown>>().toEqualTypeOf<'isRevoked' | 'statusLists'>();
  });

  it('isRevoked receives the claims of the schema', () => {
    const typed = createResourceServer({
      ...options,
      claims: zod.object({ dept: zod.string() }),
      revocation: {
        isRevoked: ({ claims }) => {
          expectTypeOf(claims).toEqualTypeOf<{ dept: string }>();
          return claims.dept === 'closed';
        },
      },
    });
    expectTypeOf(typed).toEqualTypeOf<ResourceServer<{ dept: string }>>();
  });
});
