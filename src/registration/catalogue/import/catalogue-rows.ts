import { parse } from 'csv-parse/sync';
import { CLASS_YEARS } from '../../../contract/fields';
import { CATALOGUE_COLUMNS, CATALOGUE_EXAMPLE, type CatalogueProblem } from '../../../contract/operate/terms';
import { hundredths } from '../../seats/rules';
import { DomainError } from '../../../common/domain-error';
import { type CatalogueMeeting, partOf, type PartOfTerm, readMeetings } from './catalogue-meetings';

export interface CatalogueSection {
  /** Where its row ends in the file, from 1. */
  line: number;
  id: string;
  department: string;
  number: string;
  section: string;
  type: string;
  title: string;
  instructors: string;
  creditsHundredths: number;
  capacity: number;
  prerequisites: string;
  notes: string;
  classYearLimits: Record<string, number>;
  meetings: CatalogueMeeting[];
  /** How many were enrolled in the end. Not part of the catalogue: it is the demand of a load test. */
  demand: number;
}

export interface ParsedCatalogue {
  sections: CatalogueSection[];
  problems: CatalogueProblem[];
  /** Lines whose rows are no sections: which sections the file lacks is not known for sure. */
  unusableLines: number[];
}

type Row = Record<string, string>;

/** How Python, pandas and databases write that there is nothing. */
const NOTHING = new Set(['False', 'None', 'nan', 'NaN', 'null', 'NULL']);

/** Read where they are there; any further column is left aside. */
const OPTIONAL_COLUMNS = [
  ...['title', 'instructors', 'prerequisites', 'notes', 'enrolled'],
  ...['start_date', 'end_date', 'halfcredit', 'firstyear', 'sophomore', 'junior', 'senior'],
];

const WHOLE_TERM: PartOfTerm = { firstDay: null, lastDay: null, half: null };

/** Longest texts that the tables keep, characters. */
const LONGEST = { title: 200, instructors: 500, prerequisites: 10_000, notes: 10_000 } as const;

/** The text of a catalogue file. @throws DomainError `invalid_input` when it is not in UTF-8 */
export function catalogueText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DomainError('invalid_input', 'The file is not in UTF-8; save it as "CSV UTF-8".', undefined, { cause });
  }
}

/**
 * Reads a term's catalogue. Every row becomes a section, or is reported; what is odd is handled so:
 *
 * | in the file | here |
 * | --- | --- |
 * | a field that is only `False`, `None`, `nan` or `null` | an empty field: the exporter's word for nothing |
 * | `max` 0 | closed: capacity 0 |
 * | `credits` −1 | variable: counted as 0 |
 * | no `offerings`, or `TBA` | a section without times, in conflict with nothing |
 * | a meeting, a date or a half that is not understood | reported; not a section: it would be sold as one without times |
 * | a meeting that ends on the day after | two meetings |
 * | `start_date`, `end_date`, `halfcredit` | the part of the term in which the section meets |
 * | a row without any value | nothing |
 * | the same meeting twice | taken once |
 * | `taken/limit` of a class year | the limit is kept, `0/0` as 0 (no rule uses it unless the term says so); anything else is reported |
 * | `title` empty | the short `name` is the title |
 * | texts too long to keep | cut, and reported |
 * | no usable id, department, number, type, `max` or `credits`; an id for the second time | reported; not a section |
 * | a row with more or fewer fields than columns | reported; not a section |
 * | `enrolled`, `status` | how the real term ended: not part of the catalogue |
 *
 * @throws DomainError `invalid_input` when it is not a CSV file with the columns of a catalogue, or its quotes do not match
 */
export function parseCatalogue(csv: string): ParsedCatalogue {
  const problems: CatalogueProblem[] = [];
  const sections = new Map<string, CatalogueSection>();
  const rows = readRows(csv, problems);
  const unusableLines = problems.map(({ line }) => line);
  for (const { record, info } of rows) {
    const reader = new RowReader(record, info.lines, problems);
    const section = reader.section();
    if (!section) unusableLines.push(info.lines);
    else if (!sections.has(section.id)) sections.set(section.id, section);
    else {
      reader.report('section id twice', section.id);
      unusableLines.push(info.lines);
    }
  }
  return { sections: [...sections.values()], problems, unusableLines };
}

function readRows(csv: string, problems: CatalogueProblem[]): { record: Row; info: { lines: number } }[] {
  const checkHeader = (header: string[]): string[] => {
    const columns = header.map((column) => column.trim().toLowerCase());
    const missing = CATALOGUE_COLUMNS.filter((column) => !columns.includes(column));
    if (missing.length === 0) return columns;
    throw wrongHeader(missing);
  };
  let lineBefore = 1;
  const rows = parse<{ record: Row; info: { lines: number } }>(csv, {
    bom: true,
    columns: checkHeader,
    info: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    skip_records_with_error: true,
    on_record: (row: { record: Row; info: { lines: number } }) => {
      lineBefore = row.info.lines;
      return row;
    },
    on_skip: (error) => {
      if (error?.code.endsWith('_QUOTE') || error?.code === 'CSV_QUOTE_NOT_CLOSED') {
        throw brokenQuotes(lineBefore + 1, error.message);
      }
      lineBefore = Number(error?.lines ?? 0);
      if (isBlank(error?.record)) return undefined;
      problems.push({ line: lineBefore, rule: 'unreadable row', text: error?.message ?? '' });
      return undefined;
    },
  });
  if (rows.length === 0 && problems.length === 0) throw new DomainError('invalid_input', 'the catalogue is empty');
  return rows;
}

function wrongHeader(missing: string[]): DomainError {
  const text =
    `the catalogue has no column ${missing.join(', ')}. Its first line must name ${CATALOGUE_COLUMNS.join(', ')}; ` +
    `it may name ${OPTIONAL_COLUMNS.join(', ')}. See src/registration/catalogue/README.md.`;
  const details = { missing, required: CATALOGUE_COLUMNS, optional: OPTIONAL_COLUMNS, example: CATALOGUE_EXAMPLE };
  return new DomainError('invalid_input', text, details);
}

/** Also a row of nothing that has another number of fields. */
const isBlank = (record: unknown): boolean => Array.isArray(record) && record.join('').trim() === '';

/** Where a row ends cannot be known then, and others would be lost with it without a word. */
function brokenQuotes(line: number, text: string): DomainError {
  return new DomainError('invalid_input', `from line ${line} on the quotes do not match: ${text}`, { line });
}

class RowReader {
  constructor(
    private readonly row: Row,
    private readonly line: number,
    private readonly problems: CatalogueProblem[],
  ) {}

  report(rule: string, text: string): void {
    this.problems.push({ line: this.line, rule, text: text.slice(0, 200) });
  }

  section(): CatalogueSection | undefined {
    const id = this.key('clbid', 32);
    const department = this.key('department', 16);
    const number = this.key('number', 16);
    const type = this.key('type', 24);
    const section = this.key('section', 16, true);
    const capacity = this.wholeNumber('max', 100_000);
    const creditsHundredths = this.credits();
    const meetings = this.meetings();
    if (!id || !department || !number || !type || section === undefined) return undefined;
    if (capacity === undefined || creditsHundredths === undefined || meetings === undefined) return undefined;
    return {
      line: this.line,
      ...{ id, department, number, section, type, capacity, creditsHundredths },
      title: this.text('title', LONGEST.title) || this.text('name', LONGEST.title),
      instructors: this.text('instructors', LONGEST.instructors),
      prerequisites: this.text('prerequisites', LONGEST.prerequisites),
      notes: this.text('notes', LONGEST.notes),
      classYearLimits: this.classYearLimits(),
      meetings,
      demand: this.field('enrolled') === '' ? 0 : (this.wholeNumber('enrolled', 100_000) ?? 0),
    };
  }

  private field(column: string): string {
    const value = (this.row[column] ?? '').trim();
    return NOTHING.has(value) ? '' : value;
  }

  private key(column: string, longest: number, mayBeEmpty = false): string | undefined {
    const value = this.field(column);
    if (value.length <= longest && (value !== '' || mayBeEmpty)) return value;
    this.report(value === '' ? `${column} missing` : `${column} too long`, value);
    return undefined;
  }

  private text(column: string, longest: number): string {
    const value = this.field(column);
    if (value.length > longest) this.report(`${column} cut to ${longest} characters`, value);
    return value.slice(0, longest);
  }

  private wholeNumber(column: string, highest: number): number | undefined {
    const value = this.field(column);
    if (/^\d{1,9}(\.0*)?$/.test(value) && Number(value) <= highest) return Number(value);
    this.report(`${column} is not a whole number from 0 to ${highest}`, value);
    return undefined;
  }

  private credits(): number | undefined {
    const value = this.field('credits');
    const credits = /^-?(\d{1,3}(\.\d{0,2}0*)?|\.\d{1,2}0*)$/.test(value) ? Number(value) : Number.NaN;
    if (credits === -1) return 0;
    if (credits >= 0) return hundredths(credits);
    this.report('credits are not a number from 0 to 999.99', value);
    return undefined;
  }

  /** Undefined when one is given that is not understood: a section is not sold as one that never meets. */
  private meetings(): CatalogueMeeting[] | undefined {
    const [from, until, half] = [this.field('start_date'), this.field('end_date'), this.field('halfcredit')];
    const part = partOf(from, until, half, WHOLE_TERM);
    if (typeof part !== 'string') {
      return readMeetings(this.field('offerings'), part, (rule, text) => this.report(rule, text));
    }
    this.report(part, [from, until, half].filter(Boolean).join(' '));
    return undefined;
  }

  private classYearLimits(): Record<string, number> {
    const limits: Record<string, number> = {};
    for (const year of CLASS_YEARS) {
      const value = this.field(year);
      if (value === '') continue;
      const limit = /^\d{1,6}\/(\d{1,6})$/.exec(value)?.[1];
      if (limit === undefined) this.report(`${year} is not taken/limit`, value);
      else limits[year] = Number(limit);
    }
    return limits;
  }
}
