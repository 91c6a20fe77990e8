import { describe, expect, it } from 'vitest';
import { type Chart, renderSvg } from '../src/report/svg.js';
import { makeScale } from '../src/report/svg-scale.js';

const chart: Chart = {
  title: 'Cost <of> a & b',
  x: { label: 'issuers', scale: 'log' },
  y: { label: 'time (µs)', scale: 'linear' },
  series: [
    {
      name: 'new token',
      points: [
        [1, 12.3],
        [10, 11],
        [10_000, 14],
      ] as const,
    },
    {
      name: 'known "token"',
      points: [
        [1, 1],
        [10, 2],
      ] as const,
    },
  ],
};

describe('an SVG chart', () => {
  const svg = renderSvg(chart);

  it('closes every element that it opens, in their order', () => {
    expect(unclosed(svg)).toEqual([]);
  });

  it('is one document of its own, on white', () => {
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]+>/);
    expect(svg).toContain('<rect width="100%" height="100%" fill="#fff"/>');
  });

  it('escapes what is written on it', () => {
    expect(svg).toContain('Cost &lt;of&gt; a &amp; b');
    expect(svg.replace(/<[^<>]+>/g, '')).not.toMatch(/[<>]|&(?!(amp|lt|gt);)/);
  });

  it('names its axes, its ticks and its series', () => {
    for (const label of ['issuers', 'time (µs)', '10,000', 'new token', 'known "token"']) expect(svg).toContain(label);
  });

  it('has a dot for every point, and no place that is not a number', () => {
    expect(svg.match(/<circle /g)).toHaveLength(5);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('can be drawn of a single point', () => {
    const single = renderSvg({ ...chart, series: [{ name: 'one', points: [[5, 0]] }] });
    expect(single).not.toMatch(/NaN|Infinity/);
  });
});

describe('a scale', () => {
  it('begins at nothing and has round ticks, when it is linear', () => {
    const { at, ticks } = makeScale('linear', [3, 47]);
    expect(ticks.map(({ label }) => label)).toEqual(['0', '10', '20', '30', '40', '50']);
    expect([at(0), at(25), at(50)]).toEqual([0, 0.5, 1]);
  });

  it('goes by powers of ten, when it is logarithmic', () => {
    const { at, ticks } = makeScale('log', [3, 800]);
    expect(ticks.map(({ value }) => value)).toEqual([1, 10, 100, 1000]);
    expect(at(1000)).toBe(1);
  });
});

/** The elements that are open at the end, or where one is closed that is not the last one opened. */
function unclosed(svg: string): string[] {
  const open: string[] = [];
  for (const [, slash, name = '', selfClosing] of svg.matchAll(
    /<(\/?)([a-z]+)(?:\s+[a-z-]+="[^"<]*"|\s+[a-zA-Z-]+="[^"<]*"|\s)*(\/?)>/g,
  )) {
    if (selfClosing) continue;
    if (!slash) open.push(name);
    else if (open.pop() !== name) return [...open, name];
  }
  return open;
}
