import { type BenchReport, isMet, type Target } from './bench';

/** One bench of a run over all. */
export interface Measured {
  name: string;
  summary: string;
  report?: BenchReport;
  /** Why there is no report. */
  problem?: string;
}

/** The figures prove something, and every target is met. */
export const passes = ({ invalid, targets, figures }: BenchReport): boolean =>
  invalid === undefined && targets.every((target) => isMet(target, figures));

/** The report of a run over all benches, as Markdown. @param surroundings where and of what it was measured */
export function markdownOf(measured: readonly Measured[], surroundings: readonly string[]): string {
  return [
    '# Bench report',
    '',
    'Written by `npm run bench -- all`; [how each figure is taken, and how to repeat it](../README.md).',
    '',
    ...surroundings.map((line) => `- ${line}`),
    '',
    '![Every target, and how far its figure is from it](targets.svg)',
    '',
    '| bench | figure | measured | target | |',
    '| - | - | - | - | - |',
    ...measured.flatMap(summaryRows),
    '',
    ...measured.flatMap(sectionOf),
  ].join('\n');
}

function summaryRows({ name, report, problem }: Measured): string[] {
  if (!report) return [`| [${name}](#${name}) | | | | ${problem} |`];
  return report.targets.map((target) => {
    const { figure, what, limit, sense } = target;
    const verdict = report.invalid !== undefined ? 'void' : isMet(target, report.figures) ? 'met' : '**missed**';
    const value = report.figures[figure] ?? 'not measured';
    return `| [${name}](#${name}) | ${cell(what)} | ${value} | ${sense === 'at most' ? '≤' : '≥'} ${limit} | ${verdict} |`;
  });
}

function sectionOf({ name, summary, report, problem }: Measured): string[] {
  if (!report) return [`## ${name}`, '', `${summary}: ${problem}.`, ''];
  return [
    `## ${name}`,
    '',
    `${summary[0]?.toUpperCase()}${summary.slice(1)}.`,
    '',
    ...(report.invalid === undefined ? [] : [`**Void: ${report.invalid}.**`, '']),
    ...tableOf(report.rows),
    '',
    ...(report.plot ? [`![${report.plot.unit}](${name}.svg)`, ''] : []),
    ...report.notes.map((note) => `- ${note}`),
    `- figures: ${Object.entries(report.figures)
      .map(([figure, value]) => `${figure} ${value}`)
      .join(', ')}`,
    '',
  ];
}

function tableOf(rows: BenchReport['rows']): string[] {
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const body = rows.map((row) => line(columns.map((column) => cell(String(row[column] ?? '')))));
  return [line(columns.map(cell)), line(columns.map(() => '-')), ...body];
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** How far a figure is from its target: 1 = on it, more = worse. */
export function shareOfTarget({ figure, limit, sense }: Target, figures: Record<string, number>): number | undefined {
  const value = figures[figure];
  if (value === undefined || !Number.isFinite(value)) return undefined;
  if (sense === 'at least') return value > 0 ? limit / value : Number.POSITIVE_INFINITY;
  if (limit === 0) return value > 0 ? Number.POSITIVE_INFINITY : 0;
  return value / limit;
}
