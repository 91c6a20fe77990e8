/*
 * A command line tool on a machine without a browser. It prints a code, its user types that on a telephone, and the tool asks the issuer
 * every second whether that has happened. All of its OAuth is in cli.ts.
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

  say('Ada runs the tool, and takes her telephone');
  expect('the API, without a token', await deploy(), 401);
  const first = start(issuer);
  const { address, code } = await first.printed;
  expect('the code is eight letters, to be typed', /^[A-Z]{4}-[A-Z]{4}$/.test(code), true);
  await firstPoll(issuer);
  expect('the tool has asked for its token, and waits', issuer.device.pending(), [code]);
  const telephone = new Browser();
  const wrong = await (await telephone.open(address)).press('Go on', { user_code: 'BCDF-GHJK' });
  expect('she mistypes the code', wrong.status, 400);
  const question = await wrong.press('Go on', { user_code: code.toLowerCase().replace('-', ' ') });
  expect('she types it in her own way, and is shown it again', textOf(question.text).includes(code), true);
  const thanks = await question.press('Allow');
  expect('she says yes', textOf(thanks.text).includes('may go on'), true);
  expect('the API, with the token that the tool got', await deploy(await first.token), 201);

  say('Two codes that come to nothing');
  const denied = start(issuer);
  const late = start(issuer);
  const { addressWithCode = '' } = await denied.printed;
  const scanned = await new Browser().open(addressWithCode);
  expect('Ada scans a QR code that she does not know: she is asked all the same', scanned.status, 200);
  await scanned.press('Deny');
  expect('she says no, and the tool is told', await refusalOf(denied.token), 'access_denied: the user said no');
  await late.printed;
  issuer.clock.advance(601);
  const [error] = (await refusalOf(late.token)).split(':');
  expect('nobody types the code for ten minutes', error, 'expired_token');
});

/** The tool, at work: what it prints, and the token that it gets. */
function start({ issuer }: MockIssuer): { readonly printed: Promise<Instruction>; readonly token: Promise<string> } {
  let print: (instruction: Instruction) => void = () => {};
  const printed = new Promise<Instruction>((resolve) => {
    print = resolve;
  });
  const token = logIn({ issuer, clientId: 'deploy-cli', scope: 'deploy', print });
  // Whoever looks at it later learns how it ended; that nobody does so yet is no error.
  token.catch(() => {});
  return { printed, token };
}

async function firstPoll({ requests }: MockIssuer): Promise<void> {
  while (requests.count('token') === 0) await setTimeout(20);
}
