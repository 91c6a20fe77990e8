import { describe, expect, it } from 'vitest';
import { introspectorUnderTest } from '../support-network/introspector.js';
import { times } from '../support-network/key-source.js';
import { deferred, json } from '../support-network/scripted-door.js';
import { withoutJitter } from '../support-network/without-jitter.js';

withoutJitter();

const active = { active: true };
const inactive = { active: false };

/** Lets everything run that waits for nothing but its turn. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('D-22: one call for all that wait for the same answer', () => {
  it('D-22: a thousand requests with one token make one call', async () => {
    const under = introspectorUnderTest();
    const slow = deferred<Uint8Array>();
    under.answer(() => slow.promise);
    const waiting = times(1000, () => under.ask());
    await settled();
    expect(under.calls).toBe(1);
    slow.resolve(json(active));
    expect(await Promise.all(waiting)).toEqual(times(1000, () => 'active'));
    expect(under.calls).toBe(1);
    expect(await under.ask()).toBe('active');
    expect(under.calls).toBe(2);
  });

  it('D-22: other tokens make calls of their own', async () => {
    const under = introspectorUnderTest();
    expect(await Promise.all(['a', 'b', 'a', 'c'].map(under.ask))).toEqual(times(4, () => 'active'));
    expect(under.calls).toBe(3);
  });

  it('D-22: who gives up waiting ends the call for nobody else', async () => {
    const door = introspectorUnderTest().door;
    const hasty = introspectorUnderTest({ door, timeoutSeconds: 0.02 });
    const slow = deferred<Uint8Array>();
    hasty.answer(() => slow.promise);
    expect(await hasty.refusalOf('token')).toMatchObject({ code: 'introspection_unavailable' });
    const late = hasty.ask();
    slow.resolve(json(active));
    expect(await late).toBe('active');
    expect(hasty.calls).toBe(1);
  });
});

describe('D-22: calls in flight are bounded', () => {
  it('D-22: 64 at a time; who comes later waits in order and is answered', async () => {
    const under = introspectorUnderTest();
    const gates = times(100, () => deferred<Uint8Array>());
    let at = 0;
    under.answer(() => gates[at++]?.promise);
    const waiting = times(100, (one) => under.ask(`token-${one}`));
    await settled();
    expect(under.calls).toBe(64);
    expect(under.introspector.status().inFlight).toBe(64);
    gates[0]?.resolve(json(active));
    expect(await waiting[0]).toBe('active');
    await settled();
    expect(under.calls).toBe(65);
    for (const gate of gates) gate.resolve(json(active));
    expect(await Promise.all(waiting)).toEqual(times(100, () => 'active'));
    expect(under.introspector.status()).toEqual({ calls: 100, inFlight: 0 });
  });

  it('D-22: with 1024 waiting the next one is turned away at once, and is welcome once there is room', async () => {
    const under = introspectorUnderTest();
    const slow = deferred<Uint8Array>();
    under.answer(() => slow.promise);
    const waiting = times(64 + 1024, (one) => under.ask(`token-${one}`));
    expect(await under.refusalOf('one too many')).toMatchObject({
      code: 'introspection_unavailable',
      fields: { retryAfterSeconds: 1 },
    });
    expect(under.calls).toBe(64);
    slow.resolve(json(active));
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['active']));
    expect(await under.ask('one too many')).toBe('active');
  });
});

describe('D-22: an endpoint that fails', () => {
  it('D-22: is not asked again before its back-off is over', async () => {
    const under = introspectorUnderTest();
    under.answer(new Error('down'));
    expect(await under.refusalOf('a')).toMatchObject({ fields: { retryAfterSeconds: 1 } });
    under.clock.advance(0.999);
    expect(await Promise.all(times(50, (at) => under.ask(`token-${at}`)))).toEqual(
      times(50, () => 'introspection_unavailable'),
    );
    expect(under.calls).toBe(1);
    expect(under.introspector.status()).toMatchObject({ lastError: 'bad_document', nextAttemptSeconds: 1 });
    under.answer(active);
    under.clock.advance(0.001);
    expect(await under.ask('a')).toBe('active');
    expect(under.introspector.status()).toEqual({ calls: 2, inFlight: 0 });
  });

  it('D-22: is asked once when it is over, and by all the others when that went well', async () => {
    const under = introspectorUnderTest();
    under.answer(new Error('down'));
    await under.ask('a');
    under.clock.advance(1);
    const slow = deferred<Uint8Array>();
    under.answer(() => slow.promise);
    const waiting = times(50, (at) => under.ask(`token-${at}`));
    await settled();
    expect(under.calls).toBe(2);
    slow.resolve(json(active));
    expect(await Promise.all(waiting)).toEqual(times(50, () => 'active'));
    expect(under.calls).toBe(51);
  });

  it('D-22: and by none of them when it went wrong', async () => {
    const under = introspectorUnderTest();
    under.answer(new Error('down'));
    await under.ask('a');
    under.clock.advance(1);
    expect(new Set(await Promise.all(times(50, (at) => under.ask(`token-${at}`))))).toEqual(
      new Set(['introspection_unavailable']),
    );
    expect(under.calls).toBe(2);
  });

  it('D-22: many calls that fail together are one failure', async () => {
    const under = introspectorUnderTest();
    const slow = deferred<Uint8Array>();
    under.answer(() => slow.promise);
    const waiting = times(64, (at) => under.ask(`token-${at}`));
    await settled();
    slow.reject(new Error('down'));
    await Promise.all(waiting);
    expect(under.introspector.status().nextAttemptSeconds).toBe(1);
    under.clock.advance(1);
    under.answer(active);
    expect(await under.ask()).toBe('active');
  });
});

describe('D-23: without a cache', () => {
  it('D-23: every request asks, so that a token that is revoked is over with the next one', async () => {
    const under = introspectorUnderTest();
    expect(await under.ask()).toBe('active');
    under.answer(inactive);
    expect(await under.ask()).toBe('token_inactive');
    expect(under.calls).toBe(2);
  });
});

describe('D-23: with a cache', () => {
  const cached = { times: { positiveSeconds: 60, negativeSeconds: 5 } };

  it('D-23: an active token is active for its seconds, to the millisecond', async () => {
    const under = introspectorUnderTest(cached);
    await under.ask();
    under.answer(inactive);
    under.clock.advance(59.999);
    expect(await under.ask()).toBe('active');
    expect(under.calls).toBe(1);
    under.clock.advance(0.001);
    expect(await under.ask()).toBe('token_inactive');
    expect(under.calls).toBe(2);
  });

  it('D-23: and never past its exp', async () => {
    const under = introspectorUnderTest(cached);
    const exp = under.clock.now() / 1000 + 10;
    under.answer({ active: true, exp });
    await under.ask();
    under.clock.advance(9.999);
    expect(await under.ask()).toBe('active');
    expect(under.calls).toBe(1);
    under.clock.advance(0.001);
    await under.ask();
    expect(under.calls).toBe(2);
  });

  it('D-23: one that is not active is asked about again after at most its own seconds', async () => {
    const under = introspectorUnderTest(cached);
    under.answer(inactive);
    expect(await under.ask()).toBe('token_inactive');
    under.answer(active);
    under.clock.advance(4.999);
    expect(await under.ask()).toBe('token_inactive');
    expect(under.calls).toBe(1);
    under.clock.advance(0.001);
    expect(await under.ask()).toBe('active');
  });

  it('D-23: an error is not remembered', async () => {
    const under = introspectorUnderTest(cached);
    under.answer(new Error('down'));
    expect(await under.ask()).toBe('introspection_unavailable');
    under.answer(active);
    under.clock.advance(1);
    expect(await under.ask()).toBe('active');
  });

  it('D-23: an answer at hand serves while the endpoint fails, until its time is over', async () => {
    const under = introspectorUnderTest(cached);
    await under.ask();
    under.answer(new Error('down'));
    await under.ask('another');
    expect(await under.ask()).toBe('active');
    under.clock.advance(60);
    expect(await under.ask()).toBe('introspection_unavailable');
  });

  it('D-23: one token has a verdict for each endpoint and each client', async () => {
    const one = introspectorUnderTest(cached);
    const shared = { ...cached, ...(one.memory && { memory: one.memory }), clock: one.clock };
    const elsewhere = introspectorUnderTest({ ...shared, endpoint: 'https://other.example/introspect' });
    const somebodyElse = introspectorUnderTest({ ...shared, clientId: 'other' });
    elsewhere.answer(inactive);
    somebodyElse.answer(inactive);
    const ask = async () => [await one.ask(), await elsewhere.ask(), await somebodyElse.ask()];
    expect(await ask()).toEqual(['active', 'token_inactive', 'token_inactive']);
    expect(await ask()).toEqual(['active', 'token_inactive', 'token_inactive']);
    expect([one.calls, elsewhere.calls, somebodyElse.calls]).toEqual([1, 1, 1]);
  });

  it('D-23: a flood of made-up tokens pushes out no active one', async () => {
    const under = introspectorUnderTest({ ...cached, maxEntries: 100 });
    const good = times(100, (at) => `good-${at}`);
    for (const token of good) await under.ask(token);
    under.answer(inactive);
    for (let at = 0; at < 5000; at++) await under.ask(`made-up-${at}`);
    const before = under.calls;
    expect(new Set(await Promise.all(good.map(under.ask)))).toEqual(new Set(['active']));
    expect(under.calls).toBe(before);
  });
});
