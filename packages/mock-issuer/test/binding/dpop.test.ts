import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { BadProofs, DpopKey, MockIssuer, MockIssuerOptions, ProofRequest } from '../../src/index.js';
import { basic, type Caller, post, stateOf } from '../caller.js';
import { codeFrom, pkce, startServer, web } from '../flow.js';
import { algorithms, claimsOf } from '../referee.js';

const { challenge, verifier } = pkce();
const job: Caller = { clientId: 'job', clientSecret: 's3cret' };

type Told = Record<string, unknown>;
type Sent = { status: number; headers: Headers; body: Told };

/** Asks for tokens with a proof. */
async function ask(
  issuer: MockIssuer,
  form: Record<string, string>,
  proof?: string,
  caller: Caller | string = job,
): Promise<Sent> {
  const named: Record<string, string> = typeof caller === 'string' ? { client_id: caller } : {};
  const response = await post(
    issuer.tokenEndpoint,
    { ...form, ...named },
    {
      ...(typeof caller === 'object' && { authorization: basic(caller) }),
      ...(proof !== undefined && { dpop: proof }),
    },
  );
  return { status: response.status, headers: response.headers, body: (await response.json()) as Told };
}

const form = { grant_type: 'client_credentials' };
const proofFor = (issuer: MockIssuer, key: DpopKey, request: Partial<ProofRequest> = {}): Promise<string> =>
  issuer.dpop.proof({ key, method: 'POST', url: issuer.tokenEndpoint, ...request });

const refused = (error: string, description: RegExp) => ({
  status: 400,
  body: { error, error_description: expect.stringMatching(description) },
});

async function start(options: MockIssuerOptions = {}) {
  const issuer = await startServer(options);
  return { issuer, key: await issuer.dpop.key() };
}

describe('[IS-TK-10] with a DPoP proof', () => {
  test.each(algorithms)('by %s the token is bound to its key', async (alg) => {
    const { issuer } = await start();
    const key = await issuer.dpop.key(alg);
    const { status, body } = await ask(issuer, form, await proofFor(issuer, key));
    expect({ status, body }).toMatchObject({ status: 200, body: { token_type: 'DPoP' } });
    expect(claimsOf(String(body['access_token']))).toMatchObject({ cnf: { jkt: key.thumbprint } });
  });

  test('[IS-IN-4] introspection says what an opaque token is bound to, and that its type is DPoP', async () => {
    const { issuer, key } = await start({ accessTokenFormat: 'opaque' });
    const bound = await ask(issuer, form, await proofFor(issuer, key));
    const bearer = await ask(issuer, form);
    expect(await stateOf(issuer, String(bound.body['access_token']))).toMatchObject({
      active: true,
      token_type: 'DPoP',
      cnf: { jkt: key.thumbprint },
    });
    expect(bearer.body).toMatchObject({ token_type: 'Bearer' });
    const state = await stateOf(issuer, String(bearer.body['access_token']));
    expect(state).toMatchObject({ token_type: 'Bearer' });
    expect(state).not.toHaveProperty('cnf');
  });

  test('query, fragment, case of the host and needless percent-encoding of htu do not matter', async () => {
    const { issuer, key } = await start({ path: '/t1' });
    for (const htu of [
      `${issuer.tokenEndpoint}?a=b`,
      `${issuer.tokenEndpoint}#c`,
      issuer.tokenEndpoint.replace('http://', 'HTTP://').replace('/t1', '/%741'),
    ]) {
      expect((await ask(issuer, form, await proofFor(issuer, key, { claims: { htu } }))).status).toBe(200);
    }
  });

  test('[IS-GEN-7] its answers are for pages of every origin, which may read the nonce', async () => {
    const { issuer, key } = await start({ dpop: { nonces: true } });
    const first = await ask(issuer, form, await proofFor(issuer, key));
    const nonce = first.headers.get('dpop-nonce') ?? '';
    const second = await ask(issuer, form, await proofFor(issuer, key, { nonce }));
    for (const { headers } of [first, second]) {
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('access-control-expose-headers')?.split(', ').sort()).toEqual([
        'DPoP-Nonce',
        'WWW-Authenticate',
      ]);
      expect(headers.get('cache-control')).toBe('no-store');
    }
    expect([first.status, second.status]).toEqual([400, 200]);
  });
});

const problems: Readonly<Partial<Record<keyof BadProofs, RegExp>>> = {
  missingId: /"jti"|'jti'/,
  missingMethod: /'htm'/,
  missingUrl: /'htu'/,
  missingTime: /'iat'/,
  wrongType: /'typ'/,
  algNone: /'alg'/,
  symmetric: /'alg'/,
  missingKey: /'jwk'/,
  privateKey: /public/,
  foreignSignature: /signature/,
  tampered: /signature/,
  wrongMethod: /htm is 'PATCH', and the request a POST/,
  wrongUrl: /htu is 'http.*\/other', and the request went to http/,
  wrongHost: /htu is 'http:\/\/other\.example/,
  old: /iat is 3600 seconds ago/,
  issuedInFuture: /iat is in 3600 seconds/,
};

describe('[IS-TK-10] a proof is refused as invalid_dpop_proof, and the text says why', () => {
  test.each(Object.entries(problems))('%s', async (name, why) => {
    const { issuer, key } = await start({ seed: 'still' });
    const request = { key, method: 'POST', url: issuer.tokenEndpoint };
    const bad = await issuer.dpop.bad[name as keyof BadProofs](request);
    expect(await ask(issuer, form, bad)).toMatchObject(refused('invalid_dpop_proof', why));
    expect((await ask(issuer, form, await issuer.dpop.proof(request))).status).toBe(200);
  });

  test('and all of them are in the table, but for those about an access token', async () => {
    const { issuer } = await start();
    const aboutTokens = ['missingTokenHash', 'wrongTokenHash'];
    expect(Object.keys(issuer.dpop.bad).sort()).toEqual([...Object.keys(problems), ...aboutTokens].sort());
  });

  test.each<[string, Partial<ProofRequest>, RegExp]>([
    ['a jti that is no text', { claims: { jti: 7 } }, /jti/],
    ['an empty jti', { claims: { jti: '' } }, /jti/],
    ['an htm in lower case', { claims: { htm: 'post' } }, /htm/],
    ['an htu that is no address', { claims: { htu: '/token' } }, /htu/],
    ['an htu that is no text', { claims: { htu: {} } }, /htu/],
    ['an htu with a user', { claims: { htu: 'http://a@127.0.0.1/token' } }, /htu/],
    ['an iat that is no number', { claims: { iat: '0' } }, /'iat'/],
    ['an exp that is over', { claims: { exp: 1 } }, /'exp'/],
    ['an alg that is not that of the key', { header: { alg: 'ES384' } }, /./],
    ['an extension nobody knows', { header: { crit: ['x'], x: 1 } }, /'x'/],
    ['a jwk that is no key', { header: { jwk: { kty: 'EC', crv: 'P-256', x: '', y: '' } } }, /./],
    ['a jwk of another kind', { header: { jwk: { kty: 'OKP', crv: 'X25519', x: 'A'.repeat(43) } } }, /./],
    ['a jwk that is a list', { header: { jwk: [] } }, /'jwk'/],
  ])('%s', async (_law, request, why) => {
    const { issuer, key } = await start();
    expect(await ask(issuer, form, await proofFor(issuer, key, request))).toMatchObject(
      refused('invalid_dpop_proof', why),
    );
  });

  test.each(['', 'x', 'a.b.c', 'a.b.c.d', '..', '{}'])('%j', async (header) => {
    const { issuer } = await start();
    expect(await ask(issuer, form, header)).toMatchObject(refused('invalid_dpop_proof', /./));
  });

  test('members of a private key are refused even where they are none of this key', async () => {
    const { issuer, key } = await start();
    const jwk = { ...key.publicJwk, p: 'AQAB' };
    expect(await ask(issuer, form, await proofFor(issuer, key, { header: { jwk } }))).toMatchObject(
      refused('invalid_dpop_proof', /public, and has the member p/),
    );
  });

  test('two proofs in a request, in two lines or in one', async () => {
    const { issuer, key } = await start();
    const [one, two] = [await proofFor(issuer, key), await proofFor(issuer, key)];
    expect(await ask(issuer, form, `${one}, ${two}`)).toMatchObject(refused('invalid_dpop_proof', /more than one/));
    const { port } = new URL(issuer.issuer);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1');
      const body = new URLSearchParams(form).toString();
      const head = ['POST /token HTTP/1.1', 'Host: x', `Authorization: ${basic(job)}`, `DPoP: ${one}`, `DPoP: ${two}`];
      const type = 'Content-Type: application/x-www-form-urlencoded';
      socket.end([...head, type, `Content-Length: ${body.length}`, 'Connection: close', '', body].join('\r\n'));
      let text = '';
      socket
        .on('data', (chunk) => (text += chunk))
        .once('end', () => resolve(text))
        .once('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*more than one DPoP header/);
    expect((await ask(issuer, form, one)).status).toBe(200);
  });
});

describe('[IS-TK-10] the time of a proof', () => {
  test.each([
    [-60, 200],
    [-61, 400],
    [15, 200],
    [16, 400],
  ])(
    'is up to a minute ago and 15 seconds ahead, by the clock of the issuer: %i seconds are %i',
    async (offset, status) => {
      const { issuer, key } = await start({ seed: 'still' });
      issuer.clock.advance(3600);
      const iat = Math.floor(issuer.clock.now() / 1000) + offset;
      expect((await ask(issuer, form, await proofFor(issuer, key, { claims: { iat } }))).status).toBe(status);
    },
  );
});

describe('[IS-TK-10] a proof that comes again', () => {
  test('is refused for as long as its time is good, by its jti', async () => {
    const { issuer, key } = await start({ seed: 'still' });
    const iat = Math.floor(issuer.clock.now() / 1000) + 15;
    const proof = await proofFor(issuer, key, { claims: { iat } });
    expect((await ask(issuer, form, proof)).status).toBe(200);
    expect(await ask(issuer, form, proof)).toMatchObject(refused('invalid_dpop_proof', /used before/));
    issuer.clock.advance(75);
    expect(await ask(issuer, form, proof)).toMatchObject(refused('invalid_dpop_proof', /used before/));
  });

  test('of two at once one is the second', async () => {
    const { issuer, key } = await start();
    const proof = await proofFor(issuer, key);
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(issuer, form, proof)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(400)]);
  });

  test('uses up nothing of another key, and nothing when it was bad', async () => {
    const { issuer, key } = await start();
    const claims = { jti: 'same' };
    const victim = await proofFor(issuer, key, { claims });
    const thief = await proofFor(issuer, await issuer.dpop.key(), { claims });
    const bad = await issuer.dpop.bad.foreignSignature({ key, method: 'POST', url: issuer.tokenEndpoint, claims });
    expect((await ask(issuer, form, thief)).status).toBe(200);
    expect((await ask(issuer, form, bad)).status).toBe(400);
    expect((await ask(issuer, form, victim)).status).toBe(200);
  });

  test('is new to an issuer that was reset', async () => {
    const { issuer, key } = await start();
    const proof = await proofFor(issuer, key);
    expect((await ask(issuer, form, proof)).status).toBe(200);
    issuer.reset();
    expect((await ask(issuer, form, proof)).status).toBe(200);
  });
});

describe('[IS-TK-10] with nonces', () => {
  const nonces = { seed: 'still', dpop: { nonces: true, nonceSeconds: 60 } } as const;
  const nonceOf = ({ headers }: Sent): string => headers.get('dpop-nonce') ?? '';

  test('a proof without one, and with one of somebody else, is told which to use', async () => {
    const { issuer, key } = await start(nonces);
    const first = await ask(issuer, form, await proofFor(issuer, key));
    expect(first).toMatchObject(refused('use_dpop_nonce', /has no nonce/));
    const foreign = await ask(issuer, form, await proofFor(issuer, key, { nonce: 'x' }));
    expect(foreign).toMatchObject(refused('use_dpop_nonce', /none of the latest two/));
    expect(nonceOf(foreign)).toMatch(/^[\w-]{43}$/);
    const good = await ask(issuer, form, await proofFor(issuer, key, { nonce: nonceOf(first) }));
    expect(good).toMatchObject({ status: 200, body: { token_type: 'DPoP' } });
    expect(nonceOf(good)).toBe(nonceOf(first));
  });

  test('the one before the last rotation is good, and its answer has the next one', async () => {
    const { issuer, key } = await start(nonces);
    const old = nonceOf(await ask(issuer, form, await proofFor(issuer, key)));
    issuer.clock.advance(60);
    const answer = await ask(issuer, form, await proofFor(issuer, key, { nonce: old }));
    expect(answer.status).toBe(200);
    expect(nonceOf(answer)).not.toBe(old);
    issuer.clock.advance(60);
    expect(await ask(issuer, form, await proofFor(issuer, key, { nonce: old }))).toMatchObject({
      status: 400,
      body: { error: 'use_dpop_nonce' },
    });
    expect((await ask(issuer, form, await proofFor(issuer, key, { nonce: nonceOf(answer) }))).status).toBe(200);
  });

  test('a request for a bearer token needs none, and a bad proof is a bad proof', async () => {
    const { issuer, key } = await start(nonces);
    const bearer = await ask(issuer, form);
    expect([bearer.status, nonceOf(bearer)]).toEqual([200, '']);
    const bad = await issuer.dpop.bad.wrongUrl({ key, method: 'POST', url: issuer.tokenEndpoint });
    expect(await ask(issuer, form, bad)).toMatchObject({ body: { error: 'invalid_dpop_proof' } });
  });

  test('a code is not used up by the request that was told of a nonce, nor is the jti', async () => {
    const { issuer, key } = await start(nonces);
    const code = await codeFrom(issuer, challenge);
    const redemption = { grant_type: 'authorization_code', code, code_verifier: verifier };
    const claims = { jti: 'same' };
    const first = await ask(issuer, redemption, await proofFor(issuer, key, { claims }), web);
    expect(first).toMatchObject({ body: { error: 'use_dpop_nonce' } });
    const proof = await proofFor(issuer, key, { claims, nonce: nonceOf(first) });
    expect(await ask(issuer, redemption, proof, web)).toMatchObject({ status: 200 });
  });

  test('off by default, a nonce does not matter', async () => {
    const { issuer, key } = await start();
    const answer = await ask(issuer, form, await proofFor(issuer, key, { nonce: 'x' }));
    expect([answer.status, nonceOf(answer)]).toEqual([200, '']);
  });
});

describe('[IS-AZ-15] dpop_jkt', () => {
  test.each([
    ['the same key', 'own', 200],
    ['another key', 'other', 400],
    ['no proof', 'none', 400],
  ])('of the authorization request: with %s the code is %s, %i', async (_law, which, status) => {
    const { issuer, key } = await start();
    const code = await codeFrom(issuer, challenge, { dpop_jkt: key.thumbprint });
    const proofs: Record<string, string | undefined> = {
      own: await proofFor(issuer, key),
      other: await proofFor(issuer, await issuer.dpop.key()),
    };
    const redemption = { grant_type: 'authorization_code', code, code_verifier: verifier };
    const answer = await ask(issuer, redemption, proofs[which], web);
    expect(answer.status).toBe(status);
    if (status === 400) expect(answer).toMatchObject(refused('invalid_grant', /bound to a key/));
    // Nobody without the key has used it up.
    const last = await ask(issuer, redemption, await proofFor(issuer, key), web);
    expect(last.status).toBe(status === 200 ? 400 : 200);
  });
});

describe('[IS-TK-11] the refresh token of a public client', () => {
  async function tokens(caller: Caller | string, withProof = true) {
    const { issuer, key } = await start();
    const client = typeof caller === 'string' ? caller : caller.clientId;
    const { code, codeVerifier = '' } = await issuer.authorize({ client });
    const proof = withProof ? await proofFor(issuer, key) : undefined;
    const { body } = await ask(
      issuer,
      { grant_type: 'authorization_code', code, code_verifier: codeVerifier },
      proof,
      caller,
    );
    const refresh = (refresh_token: unknown, sent?: string) =>
      ask(issuer, { grant_type: 'refresh_token', refresh_token: String(refresh_token) }, sent, caller);
    return { issuer, key, refresh, refreshToken: body['refresh_token'] };
  }

  test('is good with the same key, and those that follow are', async () => {
    const { issuer, key, refresh, refreshToken } = await tokens('spa');
    const second = await refresh(refreshToken, await proofFor(issuer, key));
    expect(second).toMatchObject({ status: 200, body: { token_type: 'DPoP' } });
    const other = await proofFor(issuer, await issuer.dpop.key());
    expect(await refresh(second.body['refresh_token'], other)).toMatchObject(refused('invalid_grant', /another key/));
    expect((await refresh(second.body['refresh_token'], await proofFor(issuer, key))).status).toBe(200);
  });

  test('is refused with another key or no proof, and nothing is taken with it', async () => {
    const { issuer, key, refresh, refreshToken } = await tokens('spa');
    expect(await refresh(refreshToken, await proofFor(issuer, await issuer.dpop.key()))).toMatchObject(
      refused('invalid_grant', /another key/),
    );
    expect(await refresh(refreshToken)).toMatchObject(refused('invalid_grant', /another key/));
    expect((await refresh(refreshToken, await proofFor(issuer, key))).status).toBe(200);
  });

  test('that was got without a proof is bound to nothing', async () => {
    const { issuer, key, refresh, refreshToken } = await tokens('spa', false);
    expect(await refresh(refreshToken, await proofFor(issuer, key))).toMatchObject({ body: { token_type: 'DPoP' } });
  });

  test('but that of a confidential client is bound to its credentials, and may change its key', async () => {
    const { issuer, refresh, refreshToken } = await tokens(web);
    const other = await issuer.dpop.key();
    const { status, body } = await refresh(refreshToken, await proofFor(issuer, other));
    expect(status).toBe(200);
    expect(claimsOf(String(body['access_token']))).toMatchObject({ cnf: { jkt: other.thumbprint } });
  });
});

test('[IS-TK-10] a client with dpop_bound_access_tokens gets no other tokens (RFC 9449 section 5.2)', async () => {
  const strict = {
    client_id: 'job',
    client_secret: 's3cret',
    grant_types: ['client_credentials', 'authorization_code'],
  };
  const clients = [{ ...strict, dpop_bound_access_tokens: true, redirect_uris: ['https://app.example/cb'] }];
  const { issuer, key } = await start({ clients });
  expect(await ask(issuer, form)).toMatchObject(refused('invalid_dpop_proof', /dpop_bound_access_tokens/));
  expect(await ask(issuer, form, await proofFor(issuer, key))).toMatchObject({ body: { token_type: 'DPoP' } });
  const authorized = await issuer.authorize({ client: 'job' });
  await expect(authorized.tokens()).rejects.toMatchObject({ code: 'invalid_dpop_proof' });
  expect(await authorized.tokens({ jkt: key.thumbprint })).toMatchObject({ token_type: 'DPoP' });
});
