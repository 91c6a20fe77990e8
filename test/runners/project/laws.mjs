import assert from 'node:assert/strict';

/** What an issuer of `useMockIssuer` keeps to, whichever runner runs it. */
export function keepLaws(test, issuer) {
  const early = catching(() => issuer.issuer);
  let earlierToken;
  let earlierKid;

  test('there is no issuer before the first test, and the error says so', () => {
    assert.match(early.message, /starts before the first test/);
  });

  test('it runs, and tests can do to it what they like', async () => {
    process.stdout.write(`ISSUER ${issuer.issuer}\n`);
    earlierToken = await issuer.token({ format: 'opaque' });
    earlierKid = (await (await fetch(issuer.jwksUri)).json()).keys[0].kid;
    assert.equal((await introspect(issuer, earlierToken)).active, true);
    assert.equal(issuer.requests.count('jwks'), 1);
    issuer.faults.jwks('500');
    issuer.clock.advance(3600);
  });

  test('of which the next test sees nothing', async () => {
    assert.equal(issuer.requests.count('jwks'), 0);
    assert.equal((await fetch(issuer.jwksUri)).status, 200);
    assert.equal((await introspect(issuer, earlierToken)).active, false);
    assert.ok(Math.abs(issuer.clock.now() - Date.now()) < 60_000);
  });

  test('but the keys, which servers under test remember', () => {
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
