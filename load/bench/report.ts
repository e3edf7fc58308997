import { type BenchReport, isMet, type Target } from './bench';

/** The report for people: a table, what was asked for, and what to know about it. */
export function reportText(name: string, report: BenchReport): string {
  const { rows, targets, notes, invalid, figures } = report;
  const verdict =
    invalid !== undefined
      ? `INVALID: ${invalid}`
      : targets.every((target) => isMet(target, figures))
        ? 'Every target is met.'
        : 'A target is missed.';
  return [
    '',
    `Bench ${name}`,
    '',
    ...table(rows),
    '',
    ...targets.map((target) => targetText(target, figures)),
    '',
    ...notes.map((note) => `- ${note}`),
    '',
    verdict,
    '',
  ].join('\n');
}

function targetText(target: Target, figures: Record<string, number>): string {
  const { figure, what, limit, sense } = target;
  const met = isMet(target, figures) ? 'met   ' : 'MISSED';
  return `${met} ${what}: ${figures[figure] ?? 'not measured'} (${sense} ${limit})`;
}

function table(rows: BenchReport['rows']): string[] {
  const columns = Object.keys(rows[0] ?? {});
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
