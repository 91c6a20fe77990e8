import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Doorkeeper } from '../../src/store/doorkeeper.js';

const endOf = (text: string) => createHash('sha256').update(text).digest('base64url').slice(-12);

describe('the doorkeeper', () => {
  it('lets in who comes a second time', () => {
    const doorkeeper = new Doorkeeper();
    const end = endOf('token');
    expect([doorkeeper.hasSeen(end), doorkeeper.hasSeen(end), doorkeeper.hasSeen(end)]).toEqual([false, true, true]);
  });

  it('mistakes few strangers for guests, however many came before', () => {
    const doorkeeper = new Doorkeeper();
    let mistaken = 0;
    for (let at = 0; at < 200_000; at++) if (doorkeeper.hasSeen(endOf(String(at)))) mistaken += 1;
    expect(mistaken).toBeLessThan(200_000 * 0.05);
  });

  it('forgets who has not come for long', () => {
    const doorkeeper = new Doorkeeper();
    const early = Array.from({ length: 100 }, () => randomBytes(9).toString('base64url'));
    for (const end of early) doorkeeper.hasSeen(end);
    for (let at = 0; at < 50_000; at++) doorkeeper.hasSeen(endOf(String(at)));
    expect(early.filter((end) => doorkeeper.hasSeen(end)).length).toBeLessThan(30);
  });

  it('knows through one generation who came in it', () => {
    const doorkeeper = new Doorkeeper();
    const ends = Array.from({ length: 10_000 }, (_, at) => endOf(String(at)));
    for (const end of ends) doorkeeper.hasSeen(end);
    expect(ends.every((end) => doorkeeper.hasSeen(end))).toBe(true);
  });
});
