import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BloomFilter } from '../../src/cache/bloom-filter.js';

const endOf = (text: string) => createHash('sha256').update(text).digest('base64url').slice(-12);

describe('Bloom filter for admission to the token cache', () => {
  it('the Bloom filter reports an entry from its second occurrence on', () => {
    const bloomFilter = new BloomFilter();
    const end = endOf('token');
    expect([bloomFilter.hasSeen(end), bloomFilter.hasSeen(end), bloomFilter.hasSeen(end)]).toEqual([false, true, true]);
  });

  it('the Bloom filter has few false positives, however many entries it has seen', () => {
    const bloomFilter = new BloomFilter();
    let falsePositives = 0;
    for (let at = 0; at < 200_000; at++) if (bloomFilter.hasSeen(endOf(String(at)))) falsePositives += 1;
    expect(falsePositives).toBeLessThan(200_000 * 0.05);
  });

  it('the Bloom filter drops entries that were seen long ago', () => {
    const bloomFilter = new BloomFilter();
    const early = Array.from({ length: 100 }, () => randomBytes(9).toString('base64url'));
    for (const end of early) bloomFilter.hasSeen(end);
    for (let at = 0; at < 50_000; at++) bloomFilter.hasSeen(endOf(String(at)));
    expect(early.filter((end) => bloomFilter.hasSeen(end)).length).toBeLessThan(30);
  });

  it('the Bloom filter reports every entry that it has seen in the current generation', () => {
    const bloomFilter = new BloomFilter();
    const ends = Array.from({ length: 10_000 }, (_, at) => endOf(String(at)));
    for (const end of ends) bloomFilter.hasSeen(end);
    expect(ends.every((end) => bloomFilter.hasSeen(end))).toBe(true);
  });
});
