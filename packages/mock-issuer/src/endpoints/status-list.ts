import { deflateSync } from 'node:zlib';
import type { FaultBoard } from '../faults/faults.js';
import { distortStatusList } from '../faults/status-list-faults.js';
import { type Answer, jsonAnswer } from '../http/answer.js';
import type { KeyRing } from '../key-ring.js';
import { type Mint, overlay } from '../mint.js';
import type { Site } from '../site.js';
import type { StatusListSettings } from '../status-list-options.js';
import type { StatusStore } from '../stores/status-store.js';

/** What the status list endpoint stands on. */
export interface StatusListParts {
  readonly mint: Mint;
  readonly keys: KeyRing;
  readonly attacker: KeyRing;
  readonly statuses: StatusStore;
  readonly statusListSettings: StatusListSettings;
  readonly faults: FaultBoard;
}

/** The status list as a signed token (draft-ietf-oauth-status-list sections 4.2, 5.1 and 8.1): a document anybody may read. */
export function statusListEndpoint({ statusListUri }: Site, parts: StatusListParts): () => Promise<Answer> {
  const { mint, keys, attacker, statuses, statusListSettings, faults } = parts;
  const { ttlSeconds, expiresInSeconds, cacheControl } = statusListSettings;
  return async () => {
    const key = await keys.signingKey(mint.settings.alg);
    const iat = mint.nowSeconds();
    const right = {
      header: { alg: key.alg, typ: 'statuslist+jwt', kid: key.kid },
      claims: overlay({
        sub: statusListUri,
        iat,
        exp: expiresInSeconds === null ? undefined : iat + expiresInSeconds,
        ttl: ttlSeconds ?? undefined,
        status_list: {
          bits: statuses.bits,
          lst: deflateSync(statuses.pack(), { level: 9 }).toString('base64url'),
        },
      }),
      key,
    };
    const jwt = await distortStatusList(right, faults.at('statusList'), () => attacker.signingKey(key.alg));
    return statusListAnswer(jwt, cacheControl);
  };
}

function statusListAnswer(jwt: string, cacheControl: string | undefined): Answer {
  const caching = cacheControl === undefined ? {} : { 'cache-control': cacheControl };
  return { ...jsonAnswer(200, {}, { type: 'application/statuslist+jwt', ...caching }), body: jwt };
}
