import type { Plot } from './bench';
import { type Measured, shareOfTarget } from './markdown';

/** Small bar charts as SVG: nothing is needed to make them, and every browser and forge shows them. */

const WIDTH = 860;
const ROW = 24;
const BAR = 14;
const LABELS = 380;
const VALUES = 110;
const TOP = 34;
const LENGTH = WIDTH - LABELS - VALUES;

const COLOURS = { bar: '#3f7fbf', good: '#3f9f6f', bad: '#c8553d', void: '#b5b5b5', line: '#444444', text: '#222222' };

/** Medians as bars, with a line from the least to the most. */
export function plotOf({ unit, bars }: Plot): string {
  const longest = Math.max(...bars.map(({ spread }) => spread.most), Number.MIN_VALUE);
  const x = (value: number): number => LABELS + (LENGTH * Math.max(0, value)) / longest;
  const rows = bars.map(({ label, spread: { median, least, most } }, index) => {
    const y = TOP + index * ROW;
    const middle = y + BAR / 2;
    return [
      text(LABELS - 8, middle, label, 'end'),
      rectangle(y, x(median) - LABELS, COLOURS.bar),
      line(x(least), middle, x(most), middle),
      ...[least, most].map((end) => line(x(end), y + 3, x(end), y + BAR - 3)),
      text(WIDTH - VALUES + 8, middle, shown(median)),
    ].join('\n');
  });
  return svg(rows, bars.length, unit);
}

/** Each target's figure as a share of it, on a scale of powers of two; beyond the line it is missed. */
export function targetsPlot(measured: readonly Measured[]): string {
  const all = measured.flatMap(({ name, report }) =>
    (report?.targets ?? []).map((target) => ({
      label: `${name}: ${target.what}`,
      share: shareOfTarget(target, report?.figures ?? {}),
      isVoid: report?.invalid !== undefined,
    })),
  );
  const [lowest, highest] = [-4, 4];
  const colourOf = (share: number, isVoid: boolean): string =>
    isVoid ? COLOURS.void : share > 1 ? COLOURS.bad : COLOURS.good;
  const x = (share: number): number => {
    const power = Math.min(highest, Math.max(lowest, Math.log2(Math.max(share, 2 ** lowest))));
    return LABELS + (LENGTH * (power - lowest)) / (highest - lowest);
  };
  const rows = all.map(({ label, share, isVoid }, index) => {
    const y = TOP + index * ROW;
    const middle = y + BAR / 2;
    const short = label.length > 58 ? `${label.slice(0, 57)}…` : label;
    const bar = share === undefined ? '' : rectangle(y, x(share) - LABELS, colourOf(share, isVoid));
    const value = share === undefined ? 'not measured' : share === Infinity ? 'missed' : `${shown(share)} ×`;
    return [text(LABELS - 8, middle, short, 'end'), bar, text(WIDTH - VALUES + 8, middle, value)].join('\n');
  });
  const limit = line(x(1), TOP - 8, x(1), TOP + all.length * ROW);
  return svg(
    [...rows, limit],
    all.length,
    'each figure as a share of its target; right of the line it is missed; grey proves nothing',
  );
}

function svg(parts: readonly string[], rows: number, title: string): string {
  const height = TOP + rows * ROW + 8;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" ` +
      'font-family="sans-serif" font-size="12">',
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    text(8, 14, title),
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

const rectangle = (y: number, width: number, colour: string): string =>
  `<rect x="${LABELS}" y="${y}" width="${round(Math.max(1, width))}" height="${BAR}" fill="${colour}"/>`;

const line = (x1: number, y1: number, x2: number, y2: number): string =>
  `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${COLOURS.line}"/>`;

const text = (x: number, y: number, content: string, anchor = 'start'): string =>
  `<text x="${round(x)}" y="${round(y)}" dominant-baseline="middle" text-anchor="${anchor}" fill="${COLOURS.text}">${escaped(content)}</text>`;

const escaped = (content: string): string =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const round = (value: number): number => Math.round(value * 10) / 10;
const shown = (value: number): string => String(Number(value.toPrecision(3)));
