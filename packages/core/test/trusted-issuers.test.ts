import { describe, expect, it } from 'vitest';
import { RemoteKeySource } from '../src/keys/remote-key-source.js';
import { StaticKeySource } from '../src/keys/static-key-source.js';
import { judgeOptions } from '../src/options/judge-options.js';
import { buildIssuerDirectory } from '../src/trusted-issuers.js';
import { makeJwk, named, tokenNaming } from './support-network/keys.js';
import { ScriptedDoor } from './support-network/scripted-door.js';

const jwksA = { keys: [makeJwk('P-256', { kid: 'k' })] };
const jwksB = { keys: [makeJwk('P-256', { kid: 'k' })] };
const urlA = 'https://keys.example/a';
const urlB = 'https://keys.example/b';

function trusting(door: ScriptedDoor, ...issuer: readonly unknown[]) {
  return new Map(buildIssuerDirectory(judgeOptions({ issuer, audience: 'https://api.example' }), door).trusted());
}

describe('the trusted issuers', () => {
  it('are one for each issuer, by its exact name, with rules of its own', () => {
    const strict = { issuer: 'https://a.example', algorithms: ['ES256'], audience: 'x' };
    const loose = { issuer: 'https://a.example/', tokenProfile: 'jwt' };
    const trusted = trusting(new ScriptedDoor(), strict, loose);
    expect([...trusted.keys()]).toEqual(['https://a.example', 'https://a.example/']);
    expect(trusted.get('https://a.example')).toMatchObject({
      signature: { algorithms: new Set(['ES256']) },
      claims: { profile: 'rfc9068', audience: ['x'], scopeClaims: ['scope'] },
    });
    expect(trusted.get('https://a.example/')).toMatchObject({
      claims: { profile: 'jwt', audience: ['https://api.example'], scopeClaims: ['scope', 'scp'] },
    });
  });

  it('with keys that were given ask no network, the others do', async () => {
    const door = new ScriptedDoor();
    door.answer(urlB, jwksB);
    const trusted = trusting(
      door,
      { issuer: 'https://a.example', jwks: jwksA },
      { issuer: 'https://b.example', jwksUri: urlB },
    );
    const [a, b] = [...trusted.values()].map(({ signature }) => signature.keys);
    expect([a, b]).toEqual([expect.any(StaticKeySource), expect.any(RemoteKeySource)]);
    expect(named(await a?.find(tokenNaming('k')))).toBe('k');
    expect(door.asked).toEqual([]);
    expect(named(await b?.find(tokenNaming('k')))).toBe('k');
    expect(door.asked).toEqual([urlB]);
  });

  it('share no fetches: an unknown kid of one issuer costs the other nothing', async () => {
    const door = new ScriptedDoor();
    door.answer(urlA, jwksA);
    door.answer(urlB, jwksB);
    const issuers = [
      { issuer: 'https://a.example', jwksUri: urlA },
      { issuer: 'https://b.example', jwksUri: urlB },
    ];
    const [a, b] = [...trusting(door, ...issuers).values()].map(({ signature }) => signature.keys);
    expect(named(await a?.find(tokenNaming('forged')))).toBe('key_unknown');
    expect(named(await b?.find(tokenNaming('forged')))).toBe('key_unknown');
    expect([door.count(urlA), door.count(urlB)]).toEqual([2, 2]);
  });
});
