/*
 * The details of a payment must not be readable or changeable in the address bar. The shop pushes
 * its request to the issuer and gets a reference, which the browser carries. The OAuth code is in
 * shop.ts.
 */
import { createMockIssuer } from '@resource-server/mock-issuer';
import { refusalOf, statusOf } from 'example-stage/answers';
import { sentBackFrom } from 'example-stage/browser';
import { tellStory } from 'example-stage/story';
import { createApi } from './api.js';
import { type Payment, Shop } from './shop.js';

const audience = 'https://bank.example.com';
const redirectUri = 'https://shop.example.com/callback';
const shopCredentials = { clientId: 'shop', clientSecret: 'a-secret-of-the-shop' };
const rivalCredentials = { clientId: 'rival', clientSecret: 'another-secret' };

await tellStory('Pushed authorization requests: a payment', async ({ listen, say, expect, onEnd }) => {
  const issuer = await createMockIssuer({
    audience,
    users: [{ sub: 'ada' }],
    authorizationDetailsTypes: ['payment'],
    requirePushedAuthorizationRequests: true,
    clients: [shopCredentials, rivalCredentials].map(({ clientId, clientSecret }) => ({
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [redirectUri],
      scope: 'payments',
    })),
  });
  onEnd(() => issuer.close());
  const app = await createApi({ issuer: issuer.issuer, audience });
  onEnd(() => app.close());
  const api = await listen((req, res) => app.routing(req, res));
  const shop = await Shop.open({ ...shopCredentials, issuer: issuer.issuer, redirectUri });
  const payment: Payment = { type: 'payment', amount: '12.50 EUR', to: 'shop' };

  say('Ada pays');
  expect('the bank, without a token', await statusOf(`${api}/payments`, undefined, 'POST'), 401);
  const checkout = await shop.checkout(payment);
  expect('the parameters that her browser carries to the issuer', [...checkout.url.searchParams.keys()].sort(), [
    'client_id',
    'request_uri',
  ]);
  const token = await checkout.finish(await sentBackFrom(checkout.url));
  expect('the bank, with a token for the payment', await pay(token), { status: 201, paid: [payment] });

  say('Ada tries to pay less');
  const cheaper = await shop.checkout(payment);
  cheaper.url.searchParams.set('authorization_details', JSON.stringify([{ ...payment, amount: '0.01 EUR' }]));
  const same = await cheaper.finish(await sentBackFrom(cheaper.url));
  expect('parameters beside the reference are ignored', await pay(same), { status: 201, paid: [payment] });
  const unpushed = await errorAt(shop.unpushed(payment));
  expect(
    'a request that was not pushed',
    unpushed,
    'invalid_request: authorization requests must be pushed (RFC 9126)',
  );

  say('A reference can be used once, for a minute, by its client');
  expect(
    'a reference that was used',
    await errorAt(checkout.url),
    'page 400, invalid_request_uri: the request_uri is unknown, or was used before',
  );
  const late = await shop.checkout(payment);
  issuer.clock.advance(61);
  expect(
    'a reference that is older than a minute',
    await errorAt(late.url),
    'page 400, invalid_request_uri: the request_uri expired',
  );
  const foreign = await shop.checkout(payment);
  foreign.url.searchParams.set('client_id', 'rival');
  expect(
    'a reference of another client',
    await errorAt(foreign.url),
    'page 400, invalid_request_uri: the request_uri was pushed by another client',
  );

  say('Errors are found before the browser is redirected');
  expect(
    'a scope that the shop is not registered for',
    await refusalOf(shop.checkout(payment, 'admin')),
    "invalid_scope: the client 'shop' is not registered for the scope 'admin'; it has 'payments'",
  );
  const impostor = await Shop.open({ ...shopCredentials, clientSecret: 'guessed', issuer: issuer.issuer, redirectUri });
  expect(
    'a wrong client secret',
    await refusalOf(impostor.checkout(payment)),
    "invalid_client: the client_secret of 'shop' is another one",
  );
  expect(
    'a payment of another type',
    await refusalOf(shop.checkout({ ...payment, type: 'gift' as 'payment' })),
    "invalid_authorization_details: authorization_details [0]: the type 'gift' is none of those here: payment",
  );

  async function pay(token: string): Promise<unknown> {
    const response = await fetch(`${api}/payments`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, paid: ((await response.json()) as { readonly paid: unknown }).paid };
  }
});

/** The error of the issuer, from its page or from the redirect. */
async function errorAt(url: URL): Promise<string> {
  return refusalOf(sentBackFrom(url).then((back) => Promise.reject(Object.fromEntries(back.searchParams))));
}
