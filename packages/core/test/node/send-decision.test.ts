import { describe, expect, it } from 'vitest';
import { AccessError } from '../../src/errors.js';
import type { Denied, Header } from '../../src/model/decision.js';
import { isOver, type NodeResponse, type ResponseState, sendDenial, setHeaders } from '../../src/node/send-decision.js';

const lines: readonly Header[] = [
  ['WWW-Authenticate', 'Bearer realm="api"'],
  ['WWW-Authenticate', 'DPoP algs="ES256"'],
  ['Cache-Control', 'no-store'],
];
const denial: Denied = {
  granted: false,
  status: 401,
  headers: lines,
  body: '{"status":401}',
  error: new AccessError({ code: 'credentials_missing', status: 401, message: 'x', headers: {}, detail: {} }),
};

/** A response that records what is sent. */
function recording(fields: Partial<NodeResponse> = {}) {
  const headers = new Map<string, string | string[]>();
  const bodies: (string | undefined)[] = [];
  return {
    statusCode: 200,
    headers,
    bodies,
    setHeader: (name: string, value: string | string[]) => headers.set(name.toLowerCase(), value),
    removeHeader: (name: string) => void headers.delete(name.toLowerCase()),
    end: (body?: string) => bodies.push(body),
    ...fields,
  };
}

describe('sendDenial', () => {
  it('sendDenial sends status, headers and body of the denial unchanged', () => {
    const response = recording();
    sendDenial(response, denial);
    expect(response.statusCode).toBe(401);
    expect([...response.headers]).toEqual([
      ['www-authenticate', ['Bearer realm="api"', 'DPoP algs="ES256"']],
      ['cache-control', 'no-store'],
      ['content-length', '14'],
    ]);
    expect(response.bodies).toEqual(['{"status":401}']);
  });

  it('sendDenial keeps headers set before, except those that describe another body', () => {
    const response = recording();
    response.setHeader('X-Request-Id', '7');
    response.setHeader('Access-Control-Allow-Origin', '*');
    for (const name of ['Content-Length', 'Content-Encoding', 'ETag']) response.setHeader(name, '3');
    sendDenial(response, denial);
    expect([...response.headers.keys()]).toEqual([
      'x-request-id',
      'access-control-allow-origin',
      'www-authenticate',
      'cache-control',
      'content-length',
    ]);
    expect(response.headers.get('content-length')).toBe('14');
  });

  it('sendDenial only ends a response whose headers were sent already', () => {
    const response = recording({ headersSent: true });
    sendDenial(response, denial);
    expect([response.statusCode, response.headers.size, response.bodies]).toEqual([200, 0, [undefined]]);
  });
});

describe('setHeaders', () => {
  it('setHeaders sets the headers of a grant and sends nothing', () => {
    const response = recording();
    setHeaders(response, lines.slice(2));
    setHeaders(response, []);
    expect([...response.headers]).toEqual([['cache-control', 'no-store']]);
    expect(response.bodies).toEqual([]);
  });
});

describe('isOver', () => {
  it.each<[string, ResponseState]>([
    ['answered', { writableEnded: true }],
    ['aborted by its client', { destroyed: true }],
    ['on a destroyed HTTP/2 stream', { stream: { destroyed: true } }],
  ])('isOver is true for a response that is %s', (_, fields) => {
    expect(isOver(fields)).toBe(true);
  });

  it('isOver is false for a response that has not ended, also after its headers were sent', () => {
    expect(isOver({})).toBe(false);
    expect(isOver({ writableEnded: false, destroyed: false, stream: { destroyed: false } })).toBe(false);
    expect(isOver(recording({ headersSent: true }) as ResponseState)).toBe(false);
  });
});
