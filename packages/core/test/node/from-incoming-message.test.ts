import { describe, expect, it } from 'vitest';
import { fromIncomingMessage, type NodeRequest } from '../../src/node/from-incoming-message.js';

function message(fields: Partial<NodeRequest> = {}): NodeRequest {
  return { method: 'GET', url: '/inner?x=1', headers: {}, rawHeaders: [], socket: null, ...fields };
}

describe('a Node request', () => {
  it('is read as it is', () => {
    const native = message({
      method: 'POST',
      rawHeaders: ['AUTHORIZATION', 'Bearer x'],
      headers: { authorization: 'Bearer x' },
      socket: { remoteAddress: '10.0.0.7', encrypted: true },
    });
    expect(fromIncomingMessage(native)).toEqual({
      method: 'POST',
      url: '/inner?x=1',
      rawHeaders: ['AUTHORIZATION', 'Bearer x'],
      encrypted: true,
      peerAddress: '10.0.0.7',
      identity: native,
    });
  });

  it('is the identity itself, so that two requests are never one', () => {
    const native = message();
    expect(fromIncomingMessage(native).identity).toBe(native);
    expect(fromIncomingMessage(message()).identity).not.toBe(native);
  });

  it('may be seen at the target that a router has shortened', () => {
    expect(fromIncomingMessage(message(), { url: '/api/inner?x=1' }).url).toBe('/api/inner?x=1');
  });

  it('that is made by hand may lack all but its headers', () => {
    expect(fromIncomingMessage({ headers: {} })).toMatchObject({
      method: '',
      url: '',
      rawHeaders: [],
      encrypted: false,
    });
  });

  it.each([
    [{ encrypted: false }, false],
    [{}, false],
    [{ encrypted: 'yes' }, false],
    [{ encrypted: true }, true],
  ])('is encrypted only where its socket says so: %j', (socket, expected) => {
    expect(fromIncomingMessage(message({ socket: socket as NodeRequest['socket'] & object })).encrypted).toBe(expected);
  });
});

describe('header lines', () => {
  it('D-04: are the raw ones wherever there are any, so that a hidden second line is seen', () => {
    const rawHeaders = ['Authorization', 'Bearer a', 'authorization', 'Bearer b'];
    expect(fromIncomingMessage(message({ rawHeaders, headers: { authorization: 'Bearer a' } })).rawHeaders).toEqual(
      rawHeaders,
    );
  });

  it.each([undefined, []])('are made of the parsed ones where there are none: %j', (rawHeaders) => {
    const headers = { authorization: 'Bearer a', dpop: ['x', 'y'], 'x-none': undefined } as NodeRequest['headers'];
    expect(fromIncomingMessage(message({ rawHeaders, headers })).rawHeaders).toEqual([
      'authorization',
      'Bearer a',
      'dpop',
      'x',
      'dpop',
      'y',
    ]);
  });

  it('lose the pseudo headers of HTTP/2 and nothing else', () => {
    const rawHeaders = [':method', 'GET', ':path', ':authorization', 'authorization', ':x', 'x', 'y'];
    expect(fromIncomingMessage(message({ rawHeaders })).rawHeaders).toEqual(['authorization', ':x', 'x', 'y']);
    const headers = { ':path': '/', authorization: 'Bearer a' };
    expect(fromIncomingMessage(message({ headers })).rawHeaders).toEqual(['authorization', 'Bearer a']);
  });
});

describe('D-02: a form body', () => {
  const body = { access_token: 'x' };

  it.each([
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=utf-8',
    'Application/X-WWW-Form-Urlencoded ;charset="utf-8"',
  ])('D-02: is handed on where the request is of type %s', (type) => {
    expect(fromIncomingMessage(message({ headers: { 'content-type': type } }), { body }).formBody).toBe(body);
  });

  it.each([
    'application/json',
    'multipart/form-data; boundary=application/x-www-form-urlencoded',
    'text/plain; application/x-www-form-urlencoded',
    'application/x-www-form-urlencodedx',
    '',
    undefined,
  ])('D-02: is none of ours where it is of type %s', (type) => {
    const headers = { 'content-type': type } as NodeRequest['headers'];
    expect(fromIncomingMessage(message({ headers }), { body }).formBody).toBeUndefined();
  });

  it.each([undefined, null, 'access_token=x', 7])('D-02: is none while nobody has parsed it: %j', (unparsed) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(fromIncomingMessage(message({ headers }), { body: unparsed }).formBody).toBeUndefined();
  });
});
