import { expect, test } from 'vitest';
import type { SenderConstraint } from '../../src/binding/token-binding.js';
import { registeredClient } from '../../src/clients/registered-client.js';
import { createMockClock } from '../../src/clock.js';
import { tokenExchangeGrant } from '../../src/grants/token-exchange.js';
import { Form } from '../../src/http/form.js';
import { Issuance } from '../../src/issuance.js';
import { KeyRing } from '../../src/key-ring.js';
import { judgeLifetimes } from '../../src/lifetimes.js';
import { Mint } from '../../src/mint.js';
import { systemRandom as random } from '../../src/random.js';
import { RefreshTokenStore } from '../../src/stores/refresh-token-store.js';
import { StatusStore } from '../../src/stores/status-store.js';
import { TokenStore } from '../../src/stores/token-store.js';
import { TokenStatuses } from '../../src/token-status.js';
import { RefreshTokens } from '../../src/tokens/refresh-tokens.js';
import { TokenIssuer } from '../../src/tokens/token-issuer.js';
import { accessToken, exchange, refused, startExchange } from './gateway.js';

const issuer = 'https://issuer.example';
const gateway = registeredClient('client', { client_id: 'gateway', client_secret: 's' });
const bound = { jkt: 'key of the caller' };
const dpop = (jkt: string): SenderConstraint => ({ cnf: { jkt }, tokenType: 'DPoP' });

/** The grant with what it stands on, and no endpoint before it: how keys are proven is for others. */
function startGrant() {
  const settings = {
    issuer,
    audience: issuer,
    alg: 'ES256',
    clock: createMockClock(),
    random,
    isMarked: false,
  } as const;
  const mint = new Mint(settings, new KeyRing('ES256', [], random));
  const tokens = new TokenStore();
  const statuses = new TokenStatuses('x', new StatusStore(1, 8), () => undefined);
  const issuance = new Issuance(mint, tokens, statuses, 'opaque');
  const lifetimes = judgeLifetimes({});
  const nowSeconds = () => mint.nowSeconds();
  const parts = { issuer, tokens, random, lifetimes, nowSeconds, resources: new Set<string>(), isBarred: () => false };
  const store = new RefreshTokenStore();
  const refreshTokens = new RefreshTokens({ ...parts, store, rotate: true, graceSeconds: 0 });
  const grant = tokenExchangeGrant({ ...parts, tokenIssuer: new TokenIssuer(issuance, refreshTokens, 300) });
  return {
    issue: (claims: Record<string, unknown>) => issuance.issue({ clientId: 'gateway', claims }),
    exchange: async (subject_token: string, constraint?: SenderConstraint, actor_token?: string) => {
      const actor = actor_token === undefined ? {} : { actor_token, actor_token_type: accessToken };
      const query = new URLSearchParams({ subject_token, subject_token_type: accessToken, ...actor });
      const answer = await grant.answer({ client: gateway, form: new Form(query.toString()), constraint });
      return { ...answer, claims: tokens.find(answer.access_token)?.claims };
    },
  };
}

test('[IS-TX-10] a bound token is not exchanged for a bearer token', async () => {
  const server = await startExchange();
  for (const cnf of [bound, { 'x5t#S256': 'x' }, {}, 'x', null]) {
    const token = await server.token({ claims: { cnf } });
    expect(await exchange(server, token)).toMatchObject(
      refused('invalid_request', /subject_token is bound to a key by cnf, and the request proves none/),
    );
  }
  const actor = { actor_token: await server.token({ clientId: 'gateway', claims: { cnf: bound } }) };
  expect(await exchange(server, await server.token(), { ...actor, actor_token_type: accessToken })).toMatchObject(
    refused('invalid_request', /actor_token is bound to a key/),
  );
});

test('[IS-TX-10] a key without a value is proven by nobody', async () => {
  const { issue, exchange: ask } = startGrant();
  const token = await issue({ cnf: { jkt: undefined } });
  for (const constraint of [undefined, dpop('a key')]) {
    await expect(ask(token, constraint)).rejects.toMatchObject({ code: 'invalid_request' });
  }
});

test('[IS-TX-10] who proves the key of a bound token gets one that is bound to it as well', async () => {
  const { issue, exchange: ask } = startGrant();
  const token = await issue({ cnf: bound });
  const both = { cnf: { ...bound, 'x5t#S256': 'certificate' }, tokenType: 'DPoP' } as const;
  expect(await ask(token, dpop(bound.jkt))).toMatchObject({ token_type: 'DPoP', claims: { cnf: bound } });
  expect(await ask(token, both)).toMatchObject({ claims: { cnf: both.cnf } });
  const two = await issue({ cnf: both.cnf });
  await expect(ask(two, dpop(bound.jkt))).rejects.toMatchObject({ code: 'invalid_request' });
});

test('[IS-TX-10] another key will do only where the token names by may_act who presents it, and then the new one is bound to that', async () => {
  const { issue, exchange: ask } = startGrant();
  const refusal = { code: 'invalid_request', message: expect.stringMatching(/bound to another key/) };
  await expect(ask(await issue({ cnf: bound }), dpop('another key'))).rejects.toMatchObject(refusal);
  const named = await issue({ cnf: bound, may_act: { sub: 'gateway' } });
  expect(await ask(named, dpop('another key'))).toMatchObject({
    token_type: 'DPoP',
    claims: { cnf: { jkt: 'another key' }, sub: 'user-1' },
  });
  await expect(ask(named)).rejects.toMatchObject({ code: 'invalid_request' });
  const foreign = await issue({ cnf: bound, may_act: { sub: 'service' } });
  await expect(ask(foreign, dpop('another key'))).rejects.toMatchObject({ code: 'invalid_request' });
});

test('[IS-TX-10] an actor token is good only with its own key', async () => {
  const { issue, exchange: ask } = startGrant();
  const [token, actor] = [await issue({}), await issue({ cnf: bound, may_act: { sub: 'gateway' } })];
  expect(await ask(token, dpop(bound.jkt), actor)).toMatchObject({ claims: { act: { sub: 'user-1' }, cnf: bound } });
  await expect(ask(token, dpop('another key'), actor)).rejects.toMatchObject({
    message: expect.stringMatching(/actor_token is bound to another key/),
  });
});

test('a bearer token can be exchanged for one that is bound', async () => {
  const { issue, exchange: ask } = startGrant();
  expect(await ask(await issue({}), dpop('a key'))).toMatchObject({
    token_type: 'DPoP',
    claims: { cnf: { jkt: 'a key' } },
  });
});
