import { isFilledList, type JsonObject } from './judge.js';
import { json, list, optional, type Read, ruled, shape, text, whole } from './state/read.js';

/** What a client wants a user to allow, however it asks. */
export interface WantedAccess {
  readonly scope: readonly string[];
  /** Not empty. */
  readonly audience: readonly string[];
  readonly authorizationDetails: readonly JsonObject[] | undefined;
}

const readAudience = ruled<string[]>({ expected: 'an array, not empty, of strings', accepts: isFilledList });

/** What a file says that a client wants. */
export const readWanted: Read<WantedAccess> = shape<WantedAccess>({
  scope: list(text),
  audience: readAudience,
  authorizationDetails: optional(list(json)),
});

/** What a client was granted: by a user, or by itself. Everything that is issued for it goes back to it. */
export interface Granted {
  /** The name under which all of its tokens are revoked together. */
  readonly id: string;
  readonly clientId: string;
  /** The `sub` of its tokens: a user, or the client. */
  readonly subject: string;
  readonly scope: readonly string[];
  /** The `aud` of its tokens, not empty. */
  readonly audience: readonly string[];
  /** RFC 9396 section 2. */
  readonly authorizationDetails?: readonly JsonObject[] | undefined;
  /** How the user signed in (RFC 9470 section 6.1), where it was a user. */
  readonly acr?: string | undefined;
  /** When the user signed in, in seconds since the epoch. */
  readonly authTime?: number | undefined;
}

/** What a file says was granted. */
export const readGranted: Read<Granted> = shape<Granted>({
  id: text,
  clientId: text,
  subject: text,
  scope: list(text),
  audience: readAudience,
  authorizationDetails: optional(list(json)),
  acr: optional(text),
  authTime: optional(whole),
});
