import { deflateSync } from 'node:zlib';

/**
 * The `status_list` claim of a status list token: these octets, with `bits` bits for each status.
 */
export function statusListOf(octets: readonly number[] | Uint8Array, bits: unknown = 1): object {
  return { bits, lst: deflateSync(Buffer.from(octets)).toString('base64url') };
}
