import { deflateSync } from 'node:zlib';

/** A `status_list` as a status list token has it: these octets, with so many bits for each status. */
export function statusListOf(octets: readonly number[] | Uint8Array, bits: unknown = 1): object {
  return { bits, lst: deflateSync(Buffer.from(octets)).toString('base64url') };
}
