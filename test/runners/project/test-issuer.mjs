import assert from 'node:assert/strict';

/** Tests of an issuer of `useMockIssuer`, for every test runner. */
export function testIssuer(test, issuer) {
  const early = catching(() => issuer.issuer);
  let earlierToken;
  let earlierKid;

  test('access to the issuer before the first test throws an error with the reason', () => {
    assert.match(early.message, /starts before the first test/);
  });

  test('the issuer runs, and a test may change its state', async () => {
    process.stdout.write(`ISSUER ${issuer.issuer}\n`);
    earlierToken = await issuer.token({ format: 'opaque' });
    earlierKid = (await (await fetch(issuer.jwksUri)).json()).keys[0].kid;
    assert.equal((await introspect(issuer, earlierToken)).active, true);
    assert.equal(issuer.requests.count('jwks'), 1);
    issuer.faults.jwks('500');
    issuer.clock.advance(3600);
  });

  test('the state of the issuer is reset before the next test', async () => {
    assert.equal(issuer.requests.count('jwks'), 0);
    assert.equal((await fetch(issuer.jwksUri)).status, 200);
    assert.equal((await introspect(issuer, earlierToken)).active, false);
    assert.ok(Math.abs(issuer.clock.now() - Date.now()) < 60_000);
  });

  test('the keys of the issuer are not reset, since servers under test cache them', () => {
    assert.deepEqual(
      issuer.jwks.keys.map(({ kid }) => kid),
      [earlierKid],
    );
  });
}

async function introspect(issuer, token) {
  const { clientId, clientSecret } = issuer.resourceServer;
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  const body = new URLSearchParams({ token });
  return (await fetch(issuer.introspectionEndpoint, { method: 'POST', headers: { authorization }, body })).json();
}

function catching(act) {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
