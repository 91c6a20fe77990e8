import { inflateSync } from 'node:zlib';
import { decodeBase64url } from '../jws/base64url.js';
import type { JsonObject, JsonValue } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';
import { bare } from '../objects/bare.js';

/**
 * Size limit of an inflated list: sixteen million statuses of one bit. Without a limit, a few
 * octets could inflate to gigabytes.
 */
const maxListOctets = 2 * 1024 * 1024;
/** Bits per status. */
const entrySizes: readonly JsonValue[] = [1, 2, 4, 8];

/**
 * The statuses of many tokens, by index.
 *
 * @see draft-ietf-oauth-status-list-21 section 4
 */
export class StatusList {
  readonly #bits: number;
  readonly #octets: Uint8Array;

  constructor(bits: number, octets: Uint8Array) {
    this.#bits = bits;
    this.#octets = octets;
  }

  /** Size in octets. */
  get size(): number {
    return this.#octets.length;
  }

  /**
   * The status at `index`; `undefined` beyond the end of the list. The first entry of an octet is
   * in its lowest bits (section 4.1).
   */
  at(index: number): number | undefined {
    const perOctet = 8 / this.#bits;
    const octet = this.#octets[Math.floor(index / perOctet)];
    if (octet === undefined) return undefined;
    return (octet >> ((index % perOctet) * this.#bits)) & (2 ** this.#bits - 1);
  }
}

/** Reads the `status_list` of a status list token (section 4.2). */
export function readStatusList(value: JsonValue | undefined): StatusList | Malformed {
  if (!isObject(value)) return new Malformed('status_list: not an object');
  const { bits, lst } = value;
  if (typeof bits !== 'number' || !entrySizes.includes(bits)) return new Malformed('bits: not 1, 2, 4 or 8');
  const compressed = typeof lst === 'string' ? decodeBase64url(lst) : undefined;
  if (compressed === undefined) return new Malformed('lst: not base64url');
  try {
    return new StatusList(bits, inflateSync(compressed, bare({ maxOutputLength: maxListOctets })));
  } catch {
    return new Malformed(`lst: not ZLIB, or larger than ${maxListOctets} octets`);
  }
}

/** The list, and the entry in it, that contain the status of a token (section 6.2). */
export interface StatusReference {
  readonly index: number;
  /** Exactly as the token contains it: the `sub` of the list must be the same string. */
  readonly uri: string;
}

/** Reads the `status` claim. Returns `undefined` if its reference to a list is malformed. */
export function readStatusReference(status: JsonValue): StatusReference | undefined {
  const list = isObject(status) ? status['status_list'] : undefined;
  if (!isObject(list)) return undefined;
  const { idx, uri } = list;
  const isIndex = typeof idx === 'number' && Number.isSafeInteger(idx) && idx >= 0;
  return isIndex && typeof uri === 'string' && URL.canParse(uri) ? { index: idx, uri } : undefined;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
