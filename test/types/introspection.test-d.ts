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
  it('needs to be told who we are, and nothing else', () => {
    createResourceServer(options);
    createResourceServer({ audience, issuer: [options.issuer, 'https://other.example.com'] });
    // @ts-expect-error clientAuthentication is missing
    createResourceServer({ audience, issuer: { issuer, introspection: {} } });
    // @ts-expect-error it is of an issuer
    createResourceServer({ audience, issuer, introspection: { clientAuthentication } });
  });

  it('modes are two, and an endpoint is a text or a URL', () => {
    expectTypeOf<IntrospectionOptions['mode']>().toEqualTypeOf<'opaque' | 'always' | undefined>();
    expectTypeOf<IntrospectionOptions['endpoint']>().toEqualTypeOf<string | URL | undefined>();
    expectTypeOf<IntrospectionOptions['signedResponse']>().toEqualTypeOf<boolean | undefined>();
    // @ts-expect-error there is no such mode
    createResourceServer({ audience, issuer: { issuer, introspection: { clientAuthentication, mode: 'never' } } });
  });

  it('is the same through every adapter', () => {
    expressAuth(options);
    koaAuth(options);
    Fastify().register(fastifyAuth, options);
  });

  it('what the mock issuer says of its resource server fits', async () => {
    const mock = await createMockIssuer();
    expectTypeOf(mock.resourceServer).toExtend<ClientAuthenticationOptions>();
  });
});

describe('client authentication', () => {
  it('has five methods', () => {
    expectTypeOf<ClientAuthenticationOptions['method']>().toEqualTypeOf<
      | 'client_secret_basic'
      | 'client_secret_post'
      | 'private_key_jwt'
      | 'tls_client_auth'
      | 'self_signed_tls_client_auth'
    >();
  });

  it('each method takes what it shows, and nothing of another', () => {
    const accept = (_: ClientAuthenticationOptions) => {};
    accept({ method: 'client_secret_post', clientId: 'api', clientSecret: 's' });
    accept({ method: 'private_key_jwt', clientId: 'api', privateKey: { kty: 'EC' } });
    accept({ method: 'tls_client_auth', clientId: 'api', certificate: 'PEM', privateKey: 'PEM' });
    // An own fetch brings its own.
    accept({ method: 'self_signed_tls_client_auth', clientId: 'api' });
    // @ts-expect-error a secret is missing
    accept({ method: 'client_secret_basic', clientId: 'api' });
    // @ts-expect-error a secret is no key
    accept({ method: 'private_key_jwt', clientId: 'api', clientSecret: 's' });
    // @ts-expect-error a key in PEM is no JWK
    accept({ method: 'private_key_jwt', clientId: 'api', privateKey: 'PEM' });
    // @ts-expect-error a certificate is not a secret's
    accept({ method: 'client_secret_basic', clientId: 'api', clientSecret: 's', certificate: 'PEM' });
    // @ts-expect-error who we are is missing
    accept({ method: 'tls_client_auth', certificate: 'PEM', privateKey: 'PEM' });
    // @ts-expect-error an HMAC of a secret is no method
    accept({ method: 'client_secret_jwt', clientId: 'api', clientSecret: 's' });
    // @ts-expect-error nobody may ask without showing who it is
    accept({ method: 'none', clientId: 'api' });
  });
});

describe('introspectionCache', () => {
  it('says how long for both answers, so that neither is chosen by accident', () => {
    createResourceServer({ ...options, introspectionCache: { positiveSeconds: 60, negativeSeconds: 10 } });
    createResourceServer({
      ...options,
      introspectionCache: { positiveSeconds: 60, negativeSeconds: 10, maxEntries: 5 },
    });
    // @ts-expect-error negativeSeconds is missing
    createResourceServer({ ...options, introspectionCache: { positiveSeconds: 60 } });
    // @ts-expect-error positiveSeconds is missing
    createResourceServer({ ...options, introspectionCache: { negativeSeconds: 10 } });
    // @ts-expect-error a duration has to be said
    createResourceServer({ ...options, introspectionCache: true });
    expectTypeOf<keyof IntrospectionCacheOptions>().toEqualTypeOf<
      'positiveSeconds' | 'negativeSeconds' | 'maxEntries'
    >();
  });
});

describe('routeOpaqueToken', () => {
  it('is shown a token and names an issuer, at once', () => {
    createResourceServer({
      ...options,
      routeOpaqueToken: (token) => {
        expectTypeOf(token).toEqualTypeOf<string>();
        return issuer;
      },
    });
    // @ts-expect-error it names an issuer always
    createResourceServer({ ...options, routeOpaqueToken: () => undefined });
    // @ts-expect-error there is no waiting for it
    createResourceServer({ ...options, routeOpaqueToken: async () => issuer });
  });
});

describe('revocation', () => {
  it('isRevoked sees whom it is about, and says yes or no, now or later', () => {
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
    // @ts-expect-error a word is no answer
    createResourceServer({ ...options, revocation: { isRevoked: () => 'no' } });
    // @ts-expect-error no answer is none
    createResourceServer({ ...options, revocation: { isRevoked: () => undefined } });
    expectTypeOf<keyof RevocationCheck<unknown>>().toEqualTypeOf<'isRevoked' | 'statusLists'>();
  });

  it('with a schema it sees the claims of the schema', () => {
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
