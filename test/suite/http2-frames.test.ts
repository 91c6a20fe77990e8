import { once } from 'node:events';
import { connect } from 'node:net';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Running } from './harness.js';
import { fastifyHttp2Harness } from './harnesses/fastify.js';
import { audience } from './world.js';

/*
 * HTTP/2 header lists written by the test (RFC 9113 section 6.2, RFC 7541 section 6.2.2).
 * Node's own client refuses to send the Authorization field twice; an attacker's client does not.
 */

let issuer: MockIssuer;
let application: Running & { readonly port: number };
beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience });
  application = (await fastifyHttp2Harness.start({ issuer: issuer.issuer, audience })) as typeof application;
});
afterAll(async () => {
  await application.close();
  await issuer.close();
});

/** Statuses that a server may encode as one octet (RFC 7541 appendix A). */
const indexedStatuses = new Map([
  [0x88, 200],
  [0x8c, 400],
  [0x8d, 404],
  [0x8e, 500],
]);

/** Sends header fields unchanged, and returns the status if it was encoded as one octet. */
async function statusOf(fields: ReadonlyArray<readonly [name: string, value: string]>): Promise<number | undefined> {
  const socket = connect(application.port, '127.0.0.1');
  const pseudo = [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', '/any'],
    [':authority', 'localhost'],
  ] as const;
  const block = Buffer.concat([...pseudo, ...fields].map(([name, value]) => literal(name, value)));
  const [settings, headers, endOfStreamAndHeaders] = [4, 1, 0x5];
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  socket.write(
    Buffer.concat([frame(settings, 0, 0, Buffer.alloc(0)), frame(headers, endOfStreamAndHeaders, 1, block)]),
  );
  let received = Buffer.alloc(0);
  for (;;) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    received = Buffer.concat([received, chunk]);
    const answer = headerBlock(received);
    if (answer === undefined) continue;
    socket.destroy();
    return indexedStatuses.get(answer[0] ?? 0);
  }
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A literal field without indexing and without Huffman coding. */
function literal(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0]), text(name), text(value)]);
}

function text(value: string): Buffer {
  const length: number[] = [];
  let rest = value.length - 127;
  if (rest < 0) length.push(value.length);
  else {
    length.push(127);
    for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) + 128);
    length.push(rest);
  }
  return Buffer.concat([Buffer.from(length), Buffer.from(value, 'latin1')]);
}

/** The payload of the first HEADERS frame, once it is complete. */
function headerBlock(octets: Buffer): Buffer | undefined {
  for (let at = 0; at + 9 <= octets.length; ) {
    const length = octets.readUIntBE(at, 3);
    const payload = octets.subarray(at + 9, at + 9 + length);
    if (octets[at + 3] === 1) return payload.length === length ? payload : undefined;
    at += 9 + length;
  }
  return undefined;
}

it('a request with a header list written by the test is accepted', async () => {
  expect(await statusOf([['authorization', `Bearer ${await issuer.token()}`]])).toBe(200);
});

it('two Authorization fields over HTTP/2 are 400, in any order (D-04) [RS-9110-5.3-a]', async () => {
  const good = ['authorization', `Bearer ${await issuer.token()}`] as const;
  const handled = application.handled();
  for (const other of [
    good,
    ['authorization', 'Bearer x'],
    ['authorization', 'Basic x'],
    ['authorization', ''],
  ] as const) {
    expect(await statusOf([good, other])).toBe(400);
    expect(await statusOf([other, ['accept', '*/*'], good])).toBe(400);
  }
  expect(application.handled()).toBe(handled);
});
