import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Doorkeeper } from '../../src/store/doorkeeper.js';

const digestOf = (text: string) => createHash('sha256').update(text).digest('base64url');

describe('the doorkeeper', () => {
  it('lets in who comes a second time', () => {
    const doorkeeper = new Doorkeeper();
    const digest = digestOf('token');
    expect([doorkeeper.hasSeen(digest), doorkeeper.hasSeen(digest), doorkeeper.hasSeen(digest)]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('mistakes few strangers for guests, however many came before', () => {
    const doorkeeper = new Doorkeeper();
    let mistaken = 0;
    for (let at = 0; at < 200_000; at++) if (doorkeeper.hasSeen(digestOf(String(at)))) mistaken += 1;
    expect(mistaken).toBeLessThan(200_000 * 0.05);
  });

  it('forgets who has not come for long', () => {
    const doorkeeper = new Doorkeeper();
    const early = Array.from({ length: 100 }, () => randomBytes(32).toString('base64url'));
    for (const digest of early) doorkeeper.hasSeen(digest);
    for (let at = 0; at < 50_000; at++) doorkeeper.hasSeen(digestOf(String(at)));
    expect(early.filter((digest) => doorkeeper.hasSeen(digest)).length).toBeLessThan(30);
  });

  it('knows through one generation who came in it', () => {
    const doorkeeper = new Doorkeeper();
    const digests = Array.from({ length: 10_000 }, (_, at) => digestOf(String(at)));
    for (const digest of digests) doorkeeper.hasSeen(digest);
    expect(digests.every((digest) => doorkeeper.hasSeen(digest))).toBe(true);
  });
});
