/*
 * A gateway receives Ada's token, which has many scopes, and calls another API on her behalf. It
 * does not pass that token on: it exchanges it for a token for that API only, with the scope of
 * this call. The OAuth code is in token-trade.ts.
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

await tellStory('Token exchange: a gateway gets a token with fewer rights', async ({ listen, say, expect, onEnd }) => {
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
  // The issuer consents as Ada, without a browser.
  const { access_token: adas } = await (await issuer.authorize({ client: 'web', user: 'ada' })).tokens();

  say('Ada requests her orders');
  expect('the gateway, without a token', await statusOf(`${gateway}/orders`), 401);
  const answer = await fetch(`${gateway}/orders`, { headers: { authorization: `Bearer ${adas}` } });
  expect('the gateway, with Ada’s token', answer.status, 200);
  const fromStock = { pears: 3, for: 'ada', by: 'gateway' };
  expect('the stock API gets a token for Ada, from the gateway', await answer.json(), {
    orders: ['4711'],
    stock: fromStock,
  });

  say('Where the tokens are accepted');
  const traded = await trade.tradeDown(adas, { resource: stockAudience, scope: 'stock:read' });
  expect('the stock API, without a token', await statusOf(`${stock}/stock`), 401);
  expect('the stock API, with Ada’s token, which is for the gateway', await statusOf(`${stock}/stock`, adas), 401);
  expect('the stock API, with the exchanged token', await statusOf(`${stock}/stock`, traded), 200);
  expect('writing to the stock API with it', await statusOf(`${stock}/stock`, traded, 'POST'), 403);
  expect('the gateway, with the exchanged token', await statusOf(`${gateway}/orders`, traded), 401);

  say('With an actor token, the new token names the gateway as the acting party');
  const actorToken = await trade.ownToken();
  const acting = await trade.tradeDown(adas, { resource: stockAudience, scope: 'stock:read', actorToken });
  const seen = await fetch(`${stock}/stock`, { headers: { authorization: `Bearer ${acting}` } });
  expect('the claims at the stock API', await seen.json(), { ...fromStock, act: { sub: 'gateway' } });

  say('Exchanges that are refused');
  const target = { resource: stockAudience, scope: 'stock:read' };
  expect(
    'a scope that Ada’s token does not have',
    await refusalOf(trade.tradeDown(adas, { ...target, scope: 'stock:admin' })),
    "invalid_scope: the scope 'stock:admin' was not granted; granted was 'orders stock:read stock:write'",
  );
  expect(
    'a scope that the exchanged token does not have',
    await refusalOf(trade.tradeDown(traded, { ...target, scope: 'stock:write' })),
    "invalid_scope: the scope 'stock:write' was not granted; granted was 'stock:read'",
  );
  expect(
    'a token for an unknown API',
    await refusalOf(trade.tradeDown(adas, { ...target, resource: 'https://bank.example.com' })),
    "invalid_target: the resource 'https://bank.example.com' is none of those known here: https://gateway.example.com https://stock.example.com",
  );
  issuer.revoke(adas);
  expect(
    'an exchange of Ada’s token after its revocation',
    await refusalOf(trade.tradeDown(adas, target)),
    'invalid_request: the subject_token was revoked',
  );
});
