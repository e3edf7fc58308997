import type { FieldChange, ImportReport, CatalogueProblem } from '../../../contract/operate/terms';

/** Texts longer than this are cut in what people read, characters. */
const LONGEST_VALUE = 60;

const TITLES: Record<ImportReport['outcome'], string> = {
  dry_run: 'would be changed so (nothing was)',
  imported: 'was changed so',
  unchanged: 'has this very file already',
};

/** The difference report for people, a line each. */
export function reportText(report: ImportReport): string {
  const { termId, outcome, file, counts } = report;
  return [
    `The file has ${file.sections} sections of ${file.courses} courses with ${file.meetings} meetings.`,
    `The term ${termId} ${TITLES[outcome]}: ${counts.added} added, ${counts.changed} changed, ${counts.missing} missing.`,
    ...section(
      'Added',
      report.added.map(({ id, name, title, capacity }) => `${id} ${name} ${title}: ${capacity} seats`),
    ),
    ...section(
      'Changed',
      report.changed.flatMap(({ id, name, changes }) =>
        changes.map((change) => `${id} ${name}: ${changeText(change)}`),
      ),
    ),
    ...section('Not in the file', report.missing.map(missingText)),
    ...section(
      'Capacity below what is taken',
      report.belowTaken.map(
        ({ sectionId, line, wanted, set }) => `line ${line}: ${sectionId}: ${wanted} in the file, ${set} set`,
      ),
    ),
    ...problemLines(report.problems),
  ].join('\n');
}

/** What is wrong with a file, for people. */
export const problemsText = (problems: readonly CatalogueProblem[]): string => problemLines(problems).join('\n');

const problemLines = (problems: readonly CatalogueProblem[]): string[] =>
  section(
    'Problems',
    problems.map(({ line, rule, text }) => `line ${line}: ${rule}: ${text}`),
  );

const section = (title: string, lines: string[]): string[] =>
  lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];

const changeText = ({ field, before, after }: FieldChange): string => `${field}: ${short(before)} → ${short(after)}`;

function short(value: string | number): string {
  const text = String(value);
  if (text === '') return '(nothing)';
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

function missingText({ id, name, capacity, taken, newCapacity }: ImportReport['missing'][number]): string {
  const fate = newCapacity === undefined ? 'kept as it is' : `closed, with a capacity of ${newCapacity}`;
  return `${id} ${name}: ${taken} of ${capacity} seats taken, ${fate}`;
}
