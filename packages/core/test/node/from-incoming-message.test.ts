import { describe, expect, it } from 'vitest';
import { fromIncomingMessage, type NodeRequest } from '../../src/node/from-incoming-message.js';

function message(fields: Partial<NodeRequest> = {}): NodeRequest {
  return { method: 'GET', url: '/inner?x=1', headers: {}, rawHeaders: [], socket: null, ...fields };
}

describe('fromIncomingMessage, for a Node request', () => {
  it('a Node request keeps its method, target, raw headers, encryption and peer address', () => {
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

  it('the identity of a request is the Node request itself, so two requests never share one', () => {
    const native = message();
    expect(fromIncomingMessage(native).identity).toBe(native);
    expect(fromIncomingMessage(message()).identity).not.toBe(native);
  });

  it('the url option replaces a target that a router has shortened', () => {
    expect(fromIncomingMessage(message(), { url: '/api/inner?x=1' }).url).toBe('/api/inner?x=1');
  });

  it('a hand-made request needs only headers', () => {
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
  ])('a request is encrypted only if `encrypted` of its socket is true: %j', (socket, expected) => {
    expect(fromIncomingMessage(message({ socket: socket as NodeRequest['socket'] & object })).encrypted).toBe(expected);
  });
});

describe('header lines of a Node request', () => {
  it('header lines are the raw ones if there are any, so that a hidden second line is found (D-04)', () => {
    const rawHeaders = ['Authorization', 'Bearer a', 'authorization', 'Bearer b'];
    expect(fromIncomingMessage(message({ rawHeaders, headers: { authorization: 'Bearer a' } })).rawHeaders).toEqual(
      rawHeaders,
    );
  });

  it.each([undefined, []])('header lines come from the parsed headers if rawHeaders is %j', (rawHeaders) => {
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

  it('pseudo-headers of HTTP/2 are removed from the header lines, other lines stay', () => {
    const rawHeaders = [':method', 'GET', ':path', ':authorization', 'authorization', ':x', 'x', 'y'];
    expect(fromIncomingMessage(message({ rawHeaders })).rawHeaders).toEqual(['authorization', ':x', 'x', 'y']);
    const headers = { ':path': '/', authorization: 'Bearer a' };
    expect(fromIncomingMessage(message({ headers })).rawHeaders).toEqual(['authorization', 'Bearer a']);
  });
});

describe('the form body of a Node request (D-02)', () => {
  const body = { access_token: 'x' };

  it.each([
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=utf-8',
    'Application/X-WWW-Form-Urlencoded ;charset="utf-8"',
  ])('the body of a request of type %s is passed on as a form body (D-02)', (type) => {
    expect(fromIncomingMessage(message({ headers: { 'content-type': type } }), { body }).formBody).toBe(body);
  });

  it.each([
    'application/json',
    'multipart/form-data; boundary=application/x-www-form-urlencoded',
    'text/plain; application/x-www-form-urlencoded',
    'application/x-www-form-urlencodedx',
    '',
    undefined,
  ])('the body of a request of type %s is not a form body (D-02)', (type) => {
    const headers = { 'content-type': type } as NodeRequest['headers'];
    expect(fromIncomingMessage(message({ headers }), { body }).formBody).toBeUndefined();
  });

  it.each([undefined, null, 'access_token=x', 7])('an unparsed body %j is not a form body (D-02)', (unparsed) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(fromIncomingMessage(message({ headers }), { body: unparsed }).formBody).toBeUndefined();
  });
});
