import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { root } from '../architecture/source-file.js';

const demo = join(root, 'examples/express-quickstart/dist/demo.js');

it('the demo prints that every response is as expected, in plain text when its output is piped', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [demo], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/(\d+) of \1 responses as expected/);
  expect(stdout).not.toContain('\u001b');
  expect(status).toBe(0);
});

it('with NODE_DEBUG the demo prints the reasons of refusals, but no tokens', () => {
  const env = { ...process.env, NODE_DEBUG: 'resource-server' };
  const { stderr } = spawnSync(process.execPath, [demo], { encoding: 'utf8', env });
  expect(stderr).toContain('401 token_expired; expected exp: after');
  expect(stderr).toContain('503 keys_unavailable');
  expect(stderr).not.toContain('eyJ');
});

it('demo --serve runs both servers, prints curl commands that work, and ends on Ctrl-C', async () => {
  const child = spawn(process.execPath, [demo, '--serve'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const commands: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('curl')) commands.push(line);
    if (commands.length === 3) break;
  }
  const statuses = await Promise.all(commands.map(statusOf));
  expect(statuses).toEqual([401, 200, 403]);
  child.kill('SIGINT');
  await once(child, 'exit');
  expect(child.exitCode).toBe(0);
});

/** Sends the request of a printed curl command. */
async function statusOf(command: string): Promise<number | undefined> {
  const [url = ''] = command.match(/http:\S+/) ?? [];
  const [, authorization] = command.match(/'Authorization: ([^']+)'/) ?? [];
  const method = command.includes('-X POST') ? 'POST' : 'GET';
  const outgoing = request(url, { method, agent: false, ...(authorization && { headers: { authorization } }) }).end();
  const [response] = (await once(outgoing, 'response')) as [{ statusCode?: number; resume(): void }];
  response.resume();
  return response.statusCode;
}
