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

  it('an SVG chart closes every element in the right order', () => {
    expect(unclosed(svg)).toEqual([]);
  });

  it('an SVG chart is a complete document with a white background', () => {
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]+>/);
    expect(svg).toContain('<rect width="100%" height="100%" fill="#fff"/>');
  });

  it('an SVG chart escapes its texts', () => {
    expect(svg).toContain('Cost &lt;of&gt; a &amp; b');
    expect(svg.replace(/<[^<>]+>/g, '')).not.toMatch(/[<>]|&(?!(amp|lt|gt);)/);
  });

  it('an SVG chart names its axes, ticks and series', () => {
    for (const label of ['issuers', 'time (µs)', '10,000', 'new token', 'known "token"']) expect(svg).toContain(label);
  });

  it('an SVG chart has a dot for every point, and only finite coordinates', () => {
    expect(svg.match(/<circle /g)).toHaveLength(5);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('an SVG chart of a single point has finite coordinates', () => {
    const single = renderSvg({ ...chart, series: [{ name: 'one', points: [[5, 0]] }] });
    expect(single).not.toMatch(/NaN|Infinity/);
  });
});

describe('a scale', () => {
  it('a linear scale starts at 0 and has round ticks', () => {
    const { at, ticks } = makeScale('linear', [3, 47]);
    expect(ticks.map(({ label }) => label)).toEqual(['0', '10', '20', '30', '40', '50']);
    expect([at(0), at(25), at(50)]).toEqual([0, 0.5, 1]);
  });

  it('a logarithmic scale has powers of ten as ticks', () => {
    const { at, ticks } = makeScale('log', [3, 800]);
    expect(ticks.map(({ value }) => value)).toEqual([1, 10, 100, 1000]);
    expect(at(1000)).toBe(1);
  });
});

/**
 * The unclosed elements at the end, or at the first wrong closing tag.
 */
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
