/** Fields that nobody should log; should one do it, what is in them is not shown. */
export const SECRET_FIELDS = ['authorization', 'cookie', 'password', 'secret', 'token', 'ticket', 'admission'].flatMap(
  (name) => [name, `*.${name}`, `*.*.${name}`],
);

/** Secrets, and names of persons, by their form: they come in texts of others, such as the errors of a database. */
const BY_FORM: readonly (readonly [RegExp, string])[] = [
  // User and password of an address, up to the last @: a password may hold one.
  [/:\/\/[^\s"'<>\\]*@/g, '://…@'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, '$1 …'],
  // Tokens of the identity provider, of admissions (JWT), and our own.
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '…'],
  [/\bs1\.[\w-]+\.[\w-]+\.[\w-]+/g, '…'],
  [/\b((?:client_secret|password|passwd|secret|token|id_token)=|[?&]code=)[^\s&"'\\]+/gi, '$1…'],
  // A key that is there already is often a student's.
  [/(Duplicate entry ').*?(' for key)/g, '$1…$2'],
  [/[^\s"'<>\\(),;:=]+@[\w-]+(?:\.[\w-]+)+/g, '…@…'],
];

/** The line of the log without what must not be in it. */
export const cleanLine = (line: string): string =>
  BY_FORM.reduce((cleaned, [form, shown]) => cleaned.replace(form, shown), line);

interface PlainError {
  type: string;
  message: string;
  code?: unknown;
  stack?: string;
  cause?: PlainError;
}

/** How many causes of causes are told; one may be its own. */
const DEEPEST_CAUSE = 5;

/** Of an error only what says what it is and where it came from: those of a database also hold the values of its rows. */
export function plainError(error: unknown, depth = 0): PlainError | string {
  if (!(error instanceof Error)) return String(error);
  const { name, stack } = error;
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  const message = error.message || (first instanceof Error ? first.message : '');
  const cause = error.cause ?? first;
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: name,
    ...{ message, code, stack },
    ...(cause instanceof Error && depth < DEEPEST_CAUSE ? { cause: plainError(cause, depth + 1) as PlainError } : {}),
  };
}
