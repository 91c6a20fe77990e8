import { badToken, forbidden, nobody } from '../expected.js';
import type { WireRequest } from '../harness.js';
import { ada, type SuiteCase, withAuthorization, withToken } from '../suite-case.js';

/** What a proxy in front of us might write, and what anybody can write who reaches us without it. */
const written: WireRequest['headers'] = [
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

/** Header fields of proxies: none is read, whoever wrote it. */
export const proxyCases: readonly SuiteCase[] = [
  {
    name: '[RS-9700-4.13-a] no header field of a proxy makes somebody of nobody',
    request: () => ({ headers: written }),
    expect: { refused: nobody() },
  },
  {
    name: '[RS-9700-4.13-a] nor an audience of another',
    request: async ({ issuer }) =>
      withAuthorization(`Bearer ${await issuer.token({ audience: 'https://other.example' })}`, { headers: written }),
    expect: { refused: badToken('audience_mismatch') },
  },
  {
    name: '[RS-9700-4.13-a] nor a scope',
    request: (world) => withToken(world, '', { target: '/read', headers: written }),
    expect: { refused: forbidden('scope_insufficient', 'read') },
  },
  {
    name: '[RS-9700-4.13-a] nor takes anything from who has a good token',
    request: (world) => withToken(world, 'read', { target: '/read', headers: written }),
    expect: ada('read'),
  },
];
