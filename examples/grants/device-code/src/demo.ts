/*
 * A command line tool on a machine without a browser. It prints a code, its user types the code on
 * a telephone, and the tool polls the issuer every second. The OAuth code is in cli.ts.
 */
import { setTimeout } from 'node:timers/promises';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { refusalOf, statusOf } from 'example-stage/answers';
import { Browser, textOf } from 'example-stage/browser';
import { tellStory } from 'example-stage/story';
import { createApi } from './api.js';
import { type Instruction, logIn } from './cli.js';

const audience = 'https://deploy.example.com';

await tellStory('Device code: a command line that polls', async ({ listen, say, expect, onEnd }) => {
  const issuer = await createMockIssuer({
    audience,
    interaction: 'pages',
    device: { intervalSeconds: 1 },
    users: [{ sub: 'ada', name: 'Ada' }],
    clients: [
      {
        client_id: 'deploy-cli',
        client_name: 'Deploy',
        token_endpoint_auth_method: 'none',
        grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
        scope: 'deploy',
      },
    ],
  });
  onEnd(() => issuer.close());
  const api = await listen(createApi({ issuer: issuer.issuer, audience, clock: issuer.clock }));
  const deploy = (token?: string) => statusOf(`${api}/deployments`, token, 'POST');

  say('Ada starts the tool, and takes her telephone');
  expect('the API, without a token', await deploy(), 401);
  const first = start(issuer);
  const { address, code } = await first.printed;
  expect('the printed code has eight letters', /^[A-Z]{4}-[A-Z]{4}$/.test(code), true);
  await firstPoll(issuer);
  expect('the tool polls for its token', issuer.device.pending(), [code]);
  const telephone = new Browser();
  const wrong = await (await telephone.open(address)).press('Go on', { user_code: 'BCDF-GHJK' });
  expect('she mistypes the code', wrong.status, 400);
  const question = await wrong.press('Go on', { user_code: code.toLowerCase().replace('-', ' ') });
  expect('she types it in lower case, and the page shows the code', textOf(question.text).includes(code), true);
  const thanks = await question.press('Allow');
  expect('she allows it', textOf(thanks.text).includes('may go on'), true);
  expect('the API, with the token of the tool', await deploy(await first.token), 201);

  say('Two codes without a token');
  const denied = start(issuer);
  const late = start(issuer);
  const { addressWithCode = '' } = await denied.printed;
  const scanned = await new Browser().open(addressWithCode);
  expect('Ada scans an unknown QR code: the page still asks for her consent', scanned.status, 200);
  await scanned.press('Deny');
  expect('she denies it, and the tool gets an error', await refusalOf(denied.token), 'access_denied: the user said no');
  await late.printed;
  issuer.clock.advance(601);
  const [error] = (await refusalOf(late.token)).split(':');
  expect('a code that is not typed for ten minutes', error, 'expired_token');
});

/** Starts the tool: the instruction that it prints, and its token. */
function start({ issuer }: MockIssuer): { readonly printed: Promise<Instruction>; readonly token: Promise<string> } {
  let print: (instruction: Instruction) => void = () => {};
  const printed = new Promise<Instruction>((resolve) => {
    print = resolve;
  });
  const token = logIn({ issuer, clientId: 'deploy-cli', scope: 'deploy', print });
  // The caller awaits the token later; a rejection before that must not count as unhandled.
  token.catch(() => {});
  return { printed, token };
}

async function firstPoll({ requests }: MockIssuer): Promise<void> {
  while (requests.count('token') === 0) await setTimeout(20);
}
