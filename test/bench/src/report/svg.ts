import { makeScale, type ScaleKind } from './svg-scale.js';

/** A line chart. */
export interface Chart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly ChartSeries[];
}

export interface Axis {
  /** The quantity and its unit. */
  readonly label: string;
  readonly scale: ScaleKind;
}

export interface ChartSeries {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const [width, height, left, right] = [760, 460, 82, 728];
const bottom = height - 58;
const font = 'font-family="Helvetica, Arial, sans-serif" font-size="12" fill="#222"';
/** The palette of Okabe and Ito, which colour-blind readers can distinguish. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00'];

/** The chart as an SVG document without external references. */
export function renderSvg({ title, x, y, series }: Chart): string {
  const points = series.flatMap((one) => one.points);
  const xScale = makeScale(
    x.scale,
    points.map(([value]) => value),
  );
  const yScale = makeScale(
    y.scale,
    points.map(([, value]) => value),
  );
  const top = 58 + 20 * Math.ceil(series.length / 2);
  const toX = (value: number): number => round(left + xScale.at(value) * (right - left));
  const toY = (value: number): number => round(bottom - yScale.at(value) * (bottom - top));
  const [middle, half] = [(left + right) / 2, (top + bottom) / 2];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${font}>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    text(left, 28, title, 'font-size="16" font-weight="bold"'),
    ...yScale.ticks.flatMap(({ value, label }) => [
      line(left, toY(value), right, toY(value), '#ddd'),
      text(left - 8, toY(value) + 4, label, 'text-anchor="end"'),
    ]),
    ...xScale.ticks.flatMap(({ value, label }) => [
      line(toX(value), bottom, toX(value), bottom + 5, '#222'),
      text(toX(value), bottom + 20, label, 'text-anchor="middle"'),
    ]),
    line(left, bottom, right, bottom, '#222'),
    line(left, top, left, bottom, '#222'),
    text(middle, height - 14, x.label, 'text-anchor="middle"'),
    text(18, half, y.label, `text-anchor="middle" transform="rotate(-90 18 ${half})"`),
    ...series.map(({ name }, at) => legendEntry(name, at, middle)),
    ...series.map((one, at) =>
      curve(
        one.points.map(([a, b]) => [toX(a), toY(b)] as const),
        colourOf(at),
      ),
    ),
    '</svg>\n',
  ].join('\n');
}

/** Lays the legend out in two columns. */
function legendEntry(name: string, at: number, middle: number): string {
  const [x, y] = [at % 2 === 0 ? left : middle, 50 + 20 * Math.floor(at / 2)];
  return line(x, y, x + 18, y, colourOf(at), 3) + text(x + 26, y + 4, name);
}

function curve(points: readonly (readonly [number, number])[], colour: string): string {
  const path = points.map(([x, y]) => `${x},${y}`).join(' ');
  const dots = points.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3.5" fill="${colour}"/>`).join('');
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots}`;
}

function line(x1: number, y1: number, x2: number, y2: number, colour: string, thickness = 1): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${colour}" stroke-width="${thickness}"/>`;
}

function text(x: number, y: number, content: string, attributes = ''): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped}</text>`;
}

function colourOf(at: number): string {
  return colours[at % colours.length] ?? '#222';
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
