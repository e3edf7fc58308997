import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { creditLimitSchema } from '../../contract/policy';
import { hundredths } from '../seats/rules';
import { DomainError } from '../../common/domain-error';
import { studentIdSchema } from '../../contract/fields';

export interface CreditLimitRow {
  studentId: string;
  limitHundredths: number;
}

const COLUMNS = ['student_id', 'credit_limit'] as const;

/** `18`, `18.0`, `.5` */
const creditsSchema = z
  .string()
  .regex(/^(\d+(\.\d*)?|\.\d+)$/, 'must be a number of credits like 18 or 19.5')
  .transform(Number)
  .pipe(creditLimitSchema);

const rowSchema = z.object({ student_id: studentIdSchema, credit_limit: creditsSchema });

/**
 * The limits of a CSV text with the columns student_id and credit_limit (in credits).
 *
 * @throws DomainError `invalid_input`, with every problem by line in `details.problems`
 */
export function readCreditLimits(csv: string): CreditLimitRow[] {
  const problems: { line: number; message: string }[] = [];
  const limits = new Map<string, CreditLimitRow>();
  for (const { record, line } of readRows(csv)) {
    const row = rowSchema.safeParse(record);
    if (!row.success) {
      const texts = row.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
      problems.push(...texts.map((message) => ({ line, message })));
    } else if (limits.has(row.data.student_id)) {
      problems.push({ line, message: 'student_id: is there twice' });
    } else {
      const { student_id: studentId, credit_limit: credits } = row.data;
      limits.set(studentId, { studentId, limitHundredths: hundredths(credits) });
    }
  }
  const [first] = problems;
  if (first) throw new DomainError('invalid_input', `line ${first.line}: ${first.message}`, { problems });
  return [...limits.values()];
}

function readRows(csv: string): { record: unknown; line: number }[] {
  try {
    const rows = parse<{ record: unknown; info: { lines: number } }>(csv, {
      bom: true,
      columns: (header: string[]) => checkHeader(header),
      info: true,
      skip_empty_lines: true,
      trim: true,
    });
    if (rows.length === 0) throw new DomainError('invalid_input', 'The file has no rows.');
    return rows.map(({ record, info }) => ({ record, line: info.lines }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new DomainError('invalid_input', error.message, undefined, { cause: error });
  }
}

function checkHeader(header: string[]): string[] {
  if ([...header].sort().join() === [...COLUMNS].sort().join()) return header;
  throw new DomainError('invalid_input', `line 1: the columns must be ${COLUMNS.join(' and ')}`);
}
