import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createMockIssuer } from '@resource-server/mock-issuer';
import { describe, expect, it } from 'vitest';
import { jwksOf } from '../support-network/ask.js';

// Node reads NODE_DEBUG when a process starts, so each case runs in a separate process.
const script = `
import { createResourceServer } from '@resource-server/core';
const { options, tokens } = JSON.parse(process.argv[1]);
const server = createResourceServer(options);
for (const token of tokens) {
  await server.check({ method: 'GET', url: '/', rawHeaders: ['Authorization', 'Bearer ' + token] });
}`;

function linesOf(debug: string, input: unknown): string[] {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', script, JSON.stringify(input)],
    {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env: { PATH: process.env['PATH'], NODE_DEBUG: debug, NODE_NO_WARNINGS: '1' },
      encoding: 'utf8',
    },
  );
  expect([status, stdout]).toEqual([0, '']);
  return stderr.split('\n').filter((line) => line !== '');
}

describe('NODE_DEBUG=resource-server', () => {
  it('NODE_DEBUG writes one line a refusal, with detail and without the token [RS-6750-5.3-b]', async () => {
    const issuer = await createMockIssuer({ alg: 'ES256' });
    const claims = { email: 's3cret@example.com', jti: 's3cret-jti' };
    const evil = { header: { kid: 'evil\n\u001b[31mRESOURCE-SERVER 1: 200 granted' }, claims };
    const tokens = [
      await issuer.token({ claims, subject: 's3cret-sub' }),
      await issuer.bad.expired({ claims }),
      await issuer.bad.wrongAudience({ claims }),
      await issuer.token(evil),
      await issuer.bad.wrongIssuer({ claims }),
    ];
    const options = {
      issuer: { issuer: issuer.issuer, jwks: jwksOf(issuer) },
      audience: 'https://api.example.com',
      realm: 'api',
    };
    const lines = linesOf('resource-server', { options, tokens });
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line).toMatch(/^RESOURCE-SERVER \d+: 401 [a-z_]+; expected [\x20-\x7e]+$/);
    expect(lines[0]).toContain('401 token_expired; expected exp: after ');
    expect(lines[0]).toContain(`issuer ${issuer.issuer}`);
    expect(lines[1]).toContain('401 audience_mismatch; expected aud: https://api.example.com; found "');
    expect(lines[2]).toContain('401 key_unknown; expected kid: a key of the issuer; found "evil\\n\\u001b[31m');
    expect(lines[3]).toContain('401 issuer_untrusted');
    const text = lines.join('\n');
    expect(text).not.toContain('s3cret');
    for (const segment of tokens.flatMap((token) => token.split('.'))) expect(text).not.toContain(segment);
    expect(linesOf('http-of-others', { options, tokens })).toEqual([]);
    await issuer.close();
  });
});
