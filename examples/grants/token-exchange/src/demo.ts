/*
 * A gateway gets Ada's token, which can do much, and calls another API for her. It does not pass that token on: it trades it for one that
 * is for that API alone and can do no more than this call needs. All of its OAuth is in token-trade.ts.
 */
import { createMockIssuer } from '@resource-server/mock-issuer';
import { refusalOf, statusOf } from 'example-stage/answers';
import { tellStory } from 'example-stage/story';
import { createGateway } from './gateway.js';
import { createStock } from './stock.js';
import { TokenTrade } from './token-trade.js';

const gatewayAudience = 'https://gateway.example.com';
const stockAudience = 'https://stock.example.com';
const credentials = { clientId: 'gateway', clientSecret: 'a-secret-of-the-gateway' };

await tellStory('Token exchange: a gateway trades a token down', async ({ listen, say, expect, onEnd }) => {
  const issuer = await createMockIssuer({
    audience: gatewayAudience,
    resources: [stockAudience],
    users: [{ sub: 'ada' }],
    clients: [
      {
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret,
        grant_types: ['urn:ietf:params:oauth:grant-type:token-exchange', 'client_credentials'],
      },
      {
        client_id: 'web',
        client_secret: 'a-secret-of-the-web-app',
        redirect_uris: ['https://app.example.com/callback'],
        scope: 'orders stock:read stock:write',
      },
    ],
  });
  onEnd(() => issuer.close());
  const { clock } = issuer;
  const trade = await TokenTrade.at({ ...credentials, issuer: issuer.issuer });
  const stockApp = await createStock({ issuer: issuer.issuer, audience: stockAudience, clock });
  onEnd(() => stockApp.close());
  const stock = await listen((req, res) => stockApp.routing(req, res));
  const downstream = { url: stock, resource: stockAudience };
  const app = createGateway({ issuer: issuer.issuer, audience: gatewayAudience, clock }, trade, downstream);
  const gateway = await listen(app.callback());
  // The sign-in itself is taken as done: the issuer says yes in Ada's name.
  const { access_token: adas } = await (await issuer.authorize({ client: 'web', user: 'ada' })).tokens();

  say('Ada asks for her orders');
  expect('the gateway, without a token', await statusOf(`${gateway}/orders`), 401);
  const answer = await fetch(`${gateway}/orders`, { headers: { authorization: `Bearer ${adas}` } });
  expect('the gateway, with hers', answer.status, 200);
  const fromStock = { pears: 3, for: 'ada', by: 'gateway' };
  expect('the stock was asked for Ada, by the gateway', await answer.json(), { orders: ['4711'], stock: fromStock });

  say('What the tokens are good for');
  const traded = await trade.tradeDown(adas, { resource: stockAudience, scope: 'stock:read' });
  expect('the stock, without a token', await statusOf(`${stock}/stock`), 401);
  expect('the stock, with Ada’s own token, which is for the gateway', await statusOf(`${stock}/stock`, adas), 401);
  expect('the stock, with the traded one', await statusOf(`${stock}/stock`, traded), 200);
  expect('writing there with it', await statusOf(`${stock}/stock`, traded, 'POST'), 403);
  expect('the gateway, with the traded one: there is no way back up', await statusOf(`${gateway}/orders`, traded), 401);

  say('With a token of its own beside Ada’s, the gateway acts for her by name');
  const actorToken = await trade.ownToken();
  const acting = await trade.tradeDown(adas, { resource: stockAudience, scope: 'stock:read', actorToken });
  const seen = await fetch(`${stock}/stock`, { headers: { authorization: `Bearer ${acting}` } });
  expect('what the stock sees', await seen.json(), { ...fromStock, act: { sub: 'gateway' } });

  say('What it cannot get');
  const target = { resource: stockAudience, scope: 'stock:read' };
  expect(
    'more than Ada’s token has',
    await refusalOf(trade.tradeDown(adas, { ...target, scope: 'stock:admin' })),
    "invalid_scope: the scope 'stock:admin' was not granted; granted was 'orders stock:read stock:write'",
  );
  expect(
    'more than the traded one has',
    await refusalOf(trade.tradeDown(traded, { ...target, scope: 'stock:write' })),
    "invalid_scope: the scope 'stock:write' was not granted; granted was 'stock:read'",
  );
  expect(
    'a token for an API that nobody knows',
    await refusalOf(trade.tradeDown(adas, { ...target, resource: 'https://bank.example.com' })),
    "invalid_target: the resource 'https://bank.example.com' is none of those known here: https://gateway.example.com https://stock.example.com",
  );
  issuer.revoke(adas);
  expect(
    'another one, when Ada’s is revoked',
    await refusalOf(trade.tradeDown(adas, target)),
    'invalid_request: the subject_token was revoked',
  );
});
