import { expect, test } from 'vitest';
import type { MockIssuer } from '../../src/index.js';
import {
  accessToken,
  exchange,
  exchanged,
  exchangedState,
  gateway,
  ownToken,
  refused,
  startExchange,
} from './gateway.js';

const service = { ...gateway, clientId: 'service' };
const acting = (actor_token: string) => ({ actor_token, actor_token_type: accessToken });
const invalid = (text: RegExp) => refused('invalid_request', text);
const delegable = (issuer: MockIssuer, may_act: unknown) => issuer.token({ subject: 'ada', claims: { may_act } });

test('[IS-TX-5] with an actor token the new token says who acts, and for whom', async () => {
  const issuer = await startExchange();
  const state = await exchangedState(issuer, await issuer.token({ subject: 'ada' }), acting(await ownToken(issuer)));
  expect(state).toMatchObject({ sub: 'ada', client_id: 'gateway', act: { sub: 'gateway' } });
});

test('[IS-TX-5] the actor can be a user who is signed in at the client', async () => {
  const issuer = await startExchange();
  const actor = await issuer.token({ subject: 'bob', clientId: 'gateway' });
  expect(await exchangedState(issuer, await issuer.token({ subject: 'ada' }), acting(actor))).toMatchObject({
    sub: 'ada',
    act: { sub: 'bob' },
  });
});

test('[IS-TX-5] those who acted before stay within, the first of them innermost', async () => {
  const issuer = await startExchange();
  const first = await exchanged(issuer, await issuer.token({ subject: 'ada' }), acting(await ownToken(issuer)));
  const second = await exchangedState(issuer, first, acting(await ownToken(issuer, service)), service);
  expect(second).toMatchObject({ sub: 'ada', client_id: 'service', act: { sub: 'service', act: { sub: 'gateway' } } });
});

test('[IS-TX-5] without an actor token nobody is added, and nobody who acted before is dropped', async () => {
  const issuer = await startExchange();
  const first = await exchanged(issuer, await issuer.token(), acting(await ownToken(issuer)));
  expect(await exchangedState(issuer, first, {}, service)).toMatchObject({ act: { sub: 'gateway' } });
});

test('[IS-TX-5] an actor token is active, the client\u2019s own, and of one who acts alone', async () => {
  const issuer = await startExchange();
  const token = await issuer.token();
  const foreign = acting(await ownToken(issuer, service));
  expect(await exchange(issuer, token, foreign)).toMatchObject(invalid(/actor_token was not issued to 'gateway'/));
  const over = acting(await issuer.bad.expired({ clientId: 'gateway' }));
  expect(await exchange(issuer, token, over)).toMatchObject(invalid(/actor_token expired/));
  const delegated = acting(await issuer.token({ clientId: 'gateway', claims: { act: { sub: 'x' } } }));
  expect(await exchange(issuer, token, delegated)).toMatchObject(invalid(/for whom another acts/));
  const type = { actor_token: await ownToken(issuer), actor_token_type: 'urn:ietf:params:oauth:token-type:jwt' };
  expect(await exchange(issuer, token, type)).toMatchObject(invalid(/actor_token_type .* must be/));
});

test('a claim act that is none is refused', async () => {
  const issuer = await startExchange();
  const token = await issuer.token({ claims: { act: 'gateway' } });
  expect(await exchange(issuer, token)).toMatchObject(invalid(/act of the subject_token is no object/));
});

test('[IS-TX-6] a subject token that says who may act is for that client, and for nobody else', async () => {
  const issuer = await startExchange();
  for (const may_act of [
    { sub: 'gateway' },
    { client_id: 'gateway' },
    { iss: issuer.issuer, sub: 'gateway', client_id: 'gateway' },
  ]) {
    const token = await delegable(issuer, may_act);
    expect(await exchangedState(issuer, token)).toMatchObject({ sub: 'ada', may_act });
    expect((await exchange(issuer, token, acting(await ownToken(issuer)))).status).toBe(200);
    expect(await exchange(issuer, token, {}, service)).toMatchObject(invalid(/who would act is 'service'/));
    const other = acting(await ownToken(issuer, service));
    expect(await exchange(issuer, token, other, service)).toMatchObject(invalid(/who would act is 'service'/));
  }
});

test('[IS-TX-6] may_act is about the actor where there is one, and not about the client', async () => {
  const issuer = await startExchange();
  const token = await delegable(issuer, { sub: 'bob' });
  const actor = (subject: string) => issuer.token({ subject, clientId: 'gateway' });
  expect(await exchangedState(issuer, token, acting(await actor('bob')))).toMatchObject({ act: { sub: 'bob' } });
  expect(await exchange(issuer, token, acting(await actor('ada')))).toMatchObject(invalid(/who would act is 'ada'/));
  expect(await exchange(issuer, token)).toMatchObject(invalid(/who would act is 'gateway'/));
});

const nobodies: readonly { may_act: unknown }[] = [
  { may_act: {} },
  { may_act: 'gateway' },
  { may_act: [] },
  { may_act: null },
  { may_act: { sub: 'gateway', iss: 'https://other.example' } },
  { may_act: { sub: ['gateway'] } },
  { may_act: { toString: {} } },
];

test.each(nobodies)('[IS-TX-6] %j names nobody who is here', async ({ may_act }) => {
  const issuer = await startExchange();
  expect(await exchange(issuer, await delegable(issuer, may_act))).toMatchObject(invalid(/may_act/));
});

test('[IS-TX-6] nobody gets rid of may_act by an exchange', async () => {
  const issuer = await startExchange();
  const token = await exchanged(issuer, await delegable(issuer, { sub: 'gateway' }));
  expect(await exchange(issuer, token, {}, service)).toMatchObject(invalid(/who would act is 'service'/));
  expect((await exchange(issuer, token)).status).toBe(200);
});
