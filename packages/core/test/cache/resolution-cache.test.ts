import { describe, expect, it } from 'vitest';
import { LruResolutionCache } from '../../src/cache/resolution-cache.js';
import { Moment } from '../../src/model/clock.js';
import { frozenClock } from '../support-network/frozen-clock.js';

const name = (at: number) => `https://tenant-${at}.example`;
const clock = frozenClock();
const answeredAt = Moment.of(clock);
const yes = (issuer: string) => ({ issuer, answeredAt, seconds: 1 });
const no = { issuer: undefined, answeredAt, seconds: 1 };

function filled(trusted: number, refused = 0): LruResolutionCache<string> {
  const memory = new LruResolutionCache<string>();
  for (let at = 0; at < trusted; at++) memory.set(name(at), yes(`lane ${at}`));
  for (let at = 0; at < refused; at++) memory.set(`https://stranger-${at}.example`, no);
  return memory;
}

describe('the memory of resolved issuers', () => {
  it('gives back what was said, as it was said', () => {
    const memory = filled(1, 1);
    expect(memory.get(name(0))).toEqual(yes('lane 0'));
    expect(memory.get('https://stranger-0.example')).toEqual(no);
    expect(memory.get('https://nobody.example')).toBeUndefined();
  });

  it('a no takes the place of a yes, and a yes that of a no', () => {
    const memory = filled(1);
    memory.set(name(0), no);
    expect([memory.get(name(0)), [...memory.trusted(clock)]]).toEqual([no, []]);
    memory.set(name(0), yes('again'));
    expect([memory.get(name(0)), [...memory.trusted(clock)]]).toEqual([yes('again'), [[name(0), 'again']]]);
  });

  it('does not judge time: what is over is given back, for those who ask again', () => {
    const memory = new LruResolutionCache<string>();
    memory.set(name(0), { issuer: 'lane', answeredAt, seconds: 0 });
    expect(memory.get(name(0))?.issuer).toBe('lane');
    expect([...memory.trusted(clock)]).toEqual([]);
  });

  it.each(['__proto__', 'constructor', 'toString'])('knows no %s', (identifier) => {
    expect(filled(1).get(identifier)).toBeUndefined();
  });
});

describe('D-28: its bounds', () => {
  it('10 000 that are trusted: the one used least recently goes', () => {
    const memory = filled(10_000);
    expect(memory.get(name(0))).toBeDefined();
    memory.set(name(10_000), yes('one more'));
    expect([...memory.trusted(clock)]).toHaveLength(10_000);
    expect(memory.get(name(0))).toBeDefined();
    expect(memory.get(name(1))).toBeUndefined();
    expect(memory.get(name(2))).toBeDefined();
  });

  it('1000 that are refused', () => {
    const memory = filled(0, 1001);
    const left = Array.from({ length: 1001 }, (_, at) => memory.get(`https://stranger-${at}.example`));
    expect(left.map((one) => one !== undefined)).toEqual([false, ...Array.from({ length: 1000 }, () => true)]);
  });

  it('a flood of refused names pushes out no trusted one', () => {
    const memory = filled(10_000, 50_000);
    expect([...memory.trusted(clock)]).toHaveLength(10_000);
    for (const at of [0, 1, 5000, 9999]) expect(memory.get(name(at))).toEqual(yes(`lane ${at}`));
  });

  it('and a flood of trusted ones makes no refused one unknown', () => {
    const memory = filled(0, 1);
    for (let at = 0; at < 20_000; at++) memory.set(name(at), yes('lane'));
    expect(memory.get('https://stranger-0.example')).toEqual(no);
  });
});
