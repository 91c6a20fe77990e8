import { constants, createDeflate } from 'node:zlib';

const CHUNK_BYTES = 1024 * 1024;

/** Zeros that take a thousandth of their length, compressed in the thread pool a mebibyte at a time. */
export async function bomb(inflatedBytes: number): Promise<Buffer> {
  const deflate = createDeflate({ level: constants.Z_BEST_COMPRESSION });
  const chunk = Buffer.alloc(CHUNK_BYTES);
  const feed = async (): Promise<void> => {
    for (let left = inflatedBytes; left > 0; left -= CHUNK_BYTES) {
      const fits = deflate.write(chunk.subarray(0, Math.min(left, CHUNK_BYTES)));
      if (!fits) await new Promise((resolve) => deflate.once('drain', resolve));
    }
    deflate.end();
  };
  const feeding = feed();
  const parts: Buffer[] = [];
  for await (const part of deflate) parts.push(part as Buffer);
  await feeding;
  return Buffer.concat(parts);
}
