import { z } from 'zod';

/** Ids that we make or that operators choose: rooms and terms. */
export const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, '1 to 40 of a–z, 0–9 and -');

/** The examples are the room, the term and sections that a first start comes with. */
export const roomIdSchema = slug.meta({ example: 'fall-2025' });
export const termIdSchema = slug.meta({ example: '20251' });

/** MySQL takes no notice of spaces at the end of an id, and SQLite does. */
export const sectionIdSchema = z
  .string()
  .min(1)
  .max(32)
  .regex(/\S$/, 'must not end with a space')
  .meta({ example: '0000162389' });

/** A student id as the university writes it. It is part of keys and logs, hence the narrow alphabet. */
export const studentIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9._@-]{1,64}$/, '1 to 64 of letters, digits, . _ @ and -')
  .meta({ example: '20261234' });

export const idempotencyKeySchema = z
  .string()
  .min(1)
  .max(64)
  .describe(
    'Your own name for the request. Once something has changed by it, the same name with the same request is answered ' +
      'the same for a week, and changes nothing more; what was refused is decided again',
  );

/** Not verified yet. */
export const admissionTokenSchema = z
  .string()
  .min(1)
  .max(2_000)
  .describe('The admission token of the term’s room: `token` of `line:admitted`, for whoever has been let in');

/** As many sections as one commit takes, and one cart holds. */
export const MOST_SECTIONS = 20;

/** Why an operator does something, in their words; kept with what was done. */
export const noteSchema = z.string().trim().min(1).max(200);

/** The body of what needs no more than a reason. */
export const noteBody = (example: string) => z.strictObject({ note: noteSchema }).meta({ example: { note: example } });

export const serverTimeSchema = z.int().describe('The server’s clock, ms since the Unix epoch');

/** A time that the service says. */
export const atSchema = z.int().describe('ms since the Unix epoch');

export const countSchema = z.int().min(0);

/** The years of study that catalogues and policies know. */
export const CLASS_YEARS = ['firstyear', 'sophomore', 'junior', 'senior'] as const;

export type ClassYear = (typeof CLASS_YEARS)[number];
