import { describe, expect, it } from 'vitest';
import { HttpDoor } from '../../src/http/http-door.js';
import { assertPermitted } from '../../src/http/permitted-url.js';
import type { FetchTerms } from '../../src/model/fetch-terms.js';
import { NetworkError } from '../../src/model/ports.js';
import { failureOf } from '../support-network/network-failure.js';
import { answer, scriptedServer } from '../support-network/scripted-server.js';

function permits(url: string, plainHttp: FetchTerms['plainHttp'] = 'never', hosts?: readonly string[]): boolean {
  try {
    assertPermitted(new URL(url), { plainHttp, hosts: hosts && new Set(hosts) });
    return true;
  } catch (failure) {
    if (failure instanceof NetworkError) return false;
    throw failure;
  }
}

describe('D-21: which addresses may be asked', () => {
  it.each([
    ['https://keys.example/jwks', true, true, true],
    ['http://127.0.0.1:8080/jwks', false, true, true],
    ['http://[::1]/jwks', false, true, true],
    ['http://localhost/jwks', false, true, true],
    ['http://a.localhost/jwks', false, true, true],
    ['http://localhost.evil.example/jwks', false, false, true],
    ['http://10.0.0.1/jwks', false, false, true],
    ['http://169.254.169.254/latest', false, false, true],
    ['http://keys.example/jwks', false, false, true],
    ['ftp://127.0.0.1/jwks', false, false, false],
    ['file:///etc/passwd', false, false, false],
    ['data:application/json,{}', false, false, false],
  ])('D-21: %s with plain http never %s, on loopback %s, anywhere %s', (url, never, loopback, anywhere) => {
    expect([permits(url, 'never'), permits(url, 'loopback'), permits(url, 'anywhere')]).toEqual([
      never,
      loopback,
      anywhere,
    ]);
  });

  it.each(['https://user:pass@keys.example/', 'https://user@keys.example/', 'https://:pass@keys.example/'])(
    'none with credentials: %s',
    (url) => {
      expect(permits(url)).toBe(false);
      expect(permits('https://keys.example/')).toBe(true);
    },
  );

  it('the credentials in an address reach no message', () => {
    const url = new URL('https://user:s3cret@keys.example/');
    expect(() => assertPermitted(url, { plainHttp: 'never', hosts: undefined })).toThrow(/^(?!.*s3cret)/);
  });

  it.each([
    ['https://keys.example/', ['keys.example'], true],
    ['https://keys.example:8443/', ['keys.example'], true],
    ['https://keys.example:8443/', ['keys.example:8443'], true],
    ['https://keys.example:8444/', ['keys.example:8443'], false],
    ['https://evil.example/', ['keys.example'], false],
    ['https://keys.example.evil.example/', ['keys.example'], false],
    ['https://sub.keys.example/', ['keys.example'], false],
    ['https://KEYS.example/', ['keys.example'], true],
  ])('%s with the allowed hosts %j: %s', (url, hosts, expected) => {
    expect(permits(url, 'never', hosts)).toBe(expected);
  });

  it('a refused address is never connected to', async () => {
    const server = await scriptedServer((socket) => socket.write(answer(200, {}, '{}')));
    const door = new HttpDoor(5000);
    const url = new URL(server.origin);
    await failureOf(door.fetchDocument(url, { plainHttp: 'never', hosts: undefined }));
    await failureOf(door.fetchDocument(url, { plainHttp: 'loopback', hosts: new Set(['keys.example']) }));
    await failureOf(
      door.fetchDocument(new URL(`http://u:p@127.0.0.1:${server.port}/`), { plainHttp: 'anywhere', hosts: undefined }),
    );
    expect(server.connections).toBe(0);
    await door.fetchDocument(url, { plainHttp: 'loopback', hosts: new Set(['127.0.0.1']) });
    expect(server.connections).toBe(1);
    door.close();
    await server.close();
  });
});
