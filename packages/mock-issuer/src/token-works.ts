import { Issuance } from './issuance.js';
import { KeyRing } from './key-ring.js';
import { Mint } from './mint.js';
import type { Settings } from './options.js';
import type { JwkSet } from './signing-key.js';
import type { Site } from './site.js';
import { StatusStore } from './stores/status-store.js';
import { TokenStore } from './stores/token-store.js';
import { TokenStatuses } from './token-status.js';

/** What makes access tokens, and what is known of those that were made. */
export interface TokenWorks {
  readonly keys: KeyRing;
  /** Keys that are nobody's. */
  readonly attacker: KeyRing;
  readonly mint: Mint;
  readonly tokens: TokenStore;
  readonly statuses: StatusStore;
  readonly statusList: TokenStatuses;
  readonly issuance: Issuance;
}

/** Makes no key yet. */
export function tokenWorks(site: Site, settings: Settings): TokenWorks {
  const { alg, audience, clock, random } = settings;
  const { issuer, isMarked } = site;
  const keys = new KeyRing(alg, settings.algorithms, random);
  const attacker = new KeyRing(alg, [], random);
  const mint = new Mint({ issuer, audience, alg, clock, random, isMarked }, keys);
  const tokens = new TokenStore();
  const statuses = new StatusStore(settings.statusList.bits, settings.statusList.size);
  const statusList = new TokenStatuses(site.statusListUri, statuses, (token) => tokens.find(token)?.claims);
  const issuance = new Issuance(mint, tokens, statusList, settings.accessTokenFormat);
  return { keys, attacker, mint, tokens, statuses, statusList, issuance };
}

/** Keys that are nobody's, under the kids of those that sign. */
export async function underKidsOf(keys: KeyRing, attacker: KeyRing): Promise<JwkSet> {
  const set = await attacker.jwks();
  return { keys: set.keys.map((jwk) => ({ ...jwk, kid: keys.signingKid(jwk.alg) ?? jwk.kid })) };
}
