import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { root } from '../architecture/source-file.js';

const demo = join(root, 'examples/grants/authorization-code-pkce/dist/demo.js');

it('the web app example with --serve shows its sign-in page, and ends on Ctrl-C', async () => {
  const child = spawn(process.execPath, [demo, '--serve'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const home = await fetch(await addressFrom(child.stdout));
    expect(await home.text()).toContain('<a href="/login">Sign in</a>');
    const issuer = await fetch(new URL('/login', home.url));
    expect(issuer.status).toBe(200);
    expect(await issuer.text()).toContain('<strong>Reports</strong> asks for access');
  } finally {
    child.kill('SIGINT');
    await once(child, 'exit');
  }
  expect(child.exitCode).toBe(0);
});

async function addressFrom(input: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input })) {
    const [address] = /(?<=Open )http:\S+/.exec(line) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error('no address was printed');
}
