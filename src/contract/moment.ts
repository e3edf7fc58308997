import { z } from 'zod';

/** Nothing that is registered for lies before this year, or after that one: a time beyond was given in another unit. */
const [EARLIEST, LATEST] = [Date.UTC(2020, 0), Date.UTC(2100, 0)];

/** The one answer to every time that is not understood, wherever it is given. */
const HINT = 'must be a time with its zone like 2026-02-16T09:00:00+09:00, or milliseconds since 1970';

const HINT_SECONDS = `${HINT}; this looks like seconds`;

const HINT_RANGE = `${HINT}, in the years 2020 to 2099`;

const isoSchema = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/**
 * A moment from outside, as ms since the Unix epoch: an ISO 8601 time with an offset (in files and in JSON), or ms as a
 * number. A time without its zone, in seconds, or decades away is refused and never guessed at.
 */
export const momentSchema = z.union([z.string(), z.number()]).transform((value, context): number => {
  const at = typeof value === 'number' ? value : isoSchema.safeParse(value).data;
  if (at !== undefined && Number.isInteger(at) && isWithin(at)) return at;
  context.addIssue({ code: 'custom', message: hintFor(value, at) });
  return z.NEVER;
});

function hintFor(given: string | number, at: number | undefined): string {
  if (typeof given === 'number' && isWithin(given * 1_000)) return HINT_SECONDS;
  return at !== undefined && Number.isInteger(at) ? HINT_RANGE : HINT;
}

const isWithin = (at: number): boolean => at >= EARLIEST && at < LATEST;
