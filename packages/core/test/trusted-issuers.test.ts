import { describe, expect, it } from 'vitest';
import { RemoteKeySource } from '../src/keys/remote-key-source.js';
import { StaticKeySource } from '../src/keys/static-key-source.js';
import { parseOptions } from '../src/options/parse-options.js';
import { buildIssuerDirectory } from '../src/trusted-issuers.js';
import { makeJwk, named, tokenNaming } from './support-network/keys.js';
import { ScriptedFetcher } from './support-network/scripted-fetcher.js';

const jwksA = { keys: [makeJwk('P-256', { kid: 'k' })] };
const jwksB = { keys: [makeJwk('P-256', { kid: 'k' })] };
const urlA = 'https://keys.example/a';
const urlB = 'https://keys.example/b';

function trustedIssuers(fetcher: ScriptedFetcher, ...issuer: readonly unknown[]) {
  return new Map(buildIssuerDirectory(parseOptions({ issuer, audience: 'https://api.example' }), fetcher).trusted());
}

describe('buildIssuerDirectory', () => {
  it('issuer names are compared exactly, and each trusted issuer has its own rules', () => {
    const strict = { issuer: 'https://a.example', algorithms: ['ES256'], audience: 'x' };
    const loose = { issuer: 'https://a.example/', tokenProfile: 'jwt' };
    const trusted = trustedIssuers(new ScriptedFetcher(), strict, loose);
    expect([...trusted.keys()]).toEqual(['https://a.example', 'https://a.example/']);
    expect(trusted.get('https://a.example')).toMatchObject({
      signature: { algorithms: new Set(['ES256']) },
      claims: { profile: 'rfc9068', audience: ['x'], scopeClaims: ['scope'] },
    });
    expect(trusted.get('https://a.example/')).toMatchObject({
      claims: { profile: 'jwt', audience: ['https://api.example'], scopeClaims: ['scope', 'scp'] },
    });
  });

  it('an issuer with static jwks sends no request, an issuer with jwksUri fetches its keys', async () => {
    const fetcher = new ScriptedFetcher();
    fetcher.answer(urlB, jwksB);
    const trusted = trustedIssuers(
      fetcher,
      { issuer: 'https://a.example', jwks: jwksA },
      { issuer: 'https://b.example', jwksUri: urlB },
    );
    const [a, b] = [...trusted.values()].map(({ signature }) => signature.keys);
    expect([a, b]).toEqual([expect.any(StaticKeySource), expect.any(RemoteKeySource)]);
    expect(named(await a?.find(tokenNaming('k')))).toBe('k');
    expect(fetcher.requested).toEqual([]);
    expect(named(await b?.find(tokenNaming('k')))).toBe('k');
    expect(fetcher.requested).toEqual([urlB]);
  });

  it('issuers share no fetches: an unknown kid of one issuer costs the other no request', async () => {
    const fetcher = new ScriptedFetcher();
    fetcher.answer(urlA, jwksA);
    fetcher.answer(urlB, jwksB);
    const issuers = [
      { issuer: 'https://a.example', jwksUri: urlA },
      { issuer: 'https://b.example', jwksUri: urlB },
    ];
    const [a, b] = [...trustedIssuers(fetcher, ...issuers).values()].map(({ signature }) => signature.keys);
    expect(named(await a?.find(tokenNaming('forged')))).toBe('key_unknown');
    expect(named(await b?.find(tokenNaming('forged')))).toBe('key_unknown');
    expect([fetcher.count(urlA), fetcher.count(urlB)]).toEqual([2, 2]);
  });
});
