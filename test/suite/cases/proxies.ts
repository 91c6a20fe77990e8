import { badToken, forbidden, noCredentials } from '../expected.js';
import type { WireRequest } from '../harness.js';
import { ada, type SuiteCase, withAuthorization, withToken } from '../suite-case.js';

/** Header fields that a proxy may set, and that any client can set who connects directly. */
const proxyHeaders: WireRequest['headers'] = [
  ['X-Forwarded-For', '127.0.0.1'],
  ['X-Forwarded-Host', 'other.example'],
  ['X-Forwarded-Proto', 'https'],
  ['X-Forwarded-User', 'ada'],
  ['X-Forwarded-Access-Token', 'x'],
  ['X-Original-Url', '/unguarded'],
  ['X-HTTP-Method-Override', 'HEAD'],
  ['Forwarded', 'for=127.0.0.1;host=other.example;proto=https'],
  ['Client-Cert', ':AAAA:'],
  ['Client_Cert', ':AAAA:'],
  ['X-SSL-Client-Verify', 'SUCCESS'],
  ['X-SSL-Client-Cert', 'AAAA'],
];

/** Header fields of proxies: the resource server reads none of them. */
export const proxyCases: readonly SuiteCase[] = [
  {
    name: 'proxy headers authenticate no request [RS-9700-4.13-a]',
    request: () => ({ headers: proxyHeaders }),
    expect: { refused: noCredentials() },
  },
  {
    name: 'proxy headers do not change the audience [RS-9700-4.13-a]',
    request: async ({ issuer }) =>
      withAuthorization(`Bearer ${await issuer.token({ audience: 'https://other.example' })}`, {
        headers: proxyHeaders,
      }),
    expect: { refused: badToken('audience_mismatch') },
  },
  {
    name: 'proxy headers add no scope [RS-9700-4.13-a]',
    request: (world) => withToken(world, '', { target: '/read', headers: proxyHeaders }),
    expect: { refused: forbidden('scope_insufficient', 'read') },
  },
  {
    name: 'proxy headers do not affect a valid token [RS-9700-4.13-a]',
    request: (world) => withToken(world, 'read', { target: '/read', headers: proxyHeaders }),
    expect: ada('read'),
  },
];
