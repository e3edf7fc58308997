import { z } from 'zod';
import { call, type Calls } from './call';
import { atSchema, CLASS_YEARS, countSchema, sectionIdSchema, termIdSchema } from './fields';
import { WEEKDAYS } from './week-time';

/** When one may enrol. */
const window = {
  opensAt: atSchema.nullable().describe('ms since the Unix epoch; null: from the beginning'),
  closesAt: atSchema.nullable().describe('ms since the Unix epoch, exclusive; null: without an end'),
};

export const termSchema = z
  .object({
    id: termIdSchema,
    name: z.string(),
    creditLimit: z.number().describe('Most credits one student may be enrolled for'),
    windows: z
      .array(
        z.object({
          classYear: z
            .enum([...CLASS_YEARS, 'other'])
            .describe('`other`: for everyone whose class year has no window of its own, or is not known'),
          ...window,
        }),
      )
      .describe('When students may enrol, by class year; empty where the time is free for all'),
  })
  .meta({ id: 'Term' });

export const studentWindowSchema = z
  .object({ classYear: z.enum(CLASS_YEARS).nullable().describe('Null: not known'), ...window })
  .meta({ id: 'StudentWindow' });

export const meetingSchema = z
  .object({
    day: z.enum(WEEKDAYS),
    start: z.string().describe('`14:00`, in the campus’s time zone'),
    end: z.string(),
    location: z.string(),
    from: z
      .string()
      .optional()
      .describe('The part of the term in which it is, `2025-09-04`; left out: from its beginning, or to its end'),
    until: z.string().optional(),
    half: z.int().optional().describe('Of the halves of the term, 1 or 2; left out: both'),
  })
  .meta({ id: 'Meeting' });

/** A section as students see it. */
export const sectionSchema = z
  .object({
    id: sectionIdSchema,
    termId: termIdSchema,
    courseId: z.string(),
    code: z.string().describe('`MATH 252`'),
    section: z.string().describe('The letter that tells the sections of a course apart; empty for an only one'),
    type: z.string(),
    title: z.string(),
    instructors: z.array(z.string()),
    credits: z.number(),
    capacity: countSchema,
    left: countSchema.describe('Seats that anybody may still take'),
    waiting: countSchema.describe('Students who wait for a seat'),
    version: z.int().describe('Rises with every change of the seats: an older count never replaces a newer one'),
    closed: z.boolean().describe('Only an operator can put somebody in'),
    meetings: z.array(meetingSchema),
    prerequisites: z.string(),
    notes: z.string(),
  })
  .meta({ id: 'Section' });

export const sectionPageSchema = z
  .object({
    sections: z.array(sectionSchema),
    total: countSchema.describe('All that match, on every page'),
    page: z.int(),
    pageSize: z.int(),
  })
  .meta({ id: 'SectionPage' });

const choicesSchema = z.object({
  departments: z.array(z.string()),
  credits: z.array(z.number()).optional().describe('How many credits its sections have, each number once, ascending'),
});

const timeSchema = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, '00:00 to 24:00')
  .meta({ example: '09:00' });

const searchSchema = z.strictObject({
  query: z
    .string()
    .trim()
    .max(100)
    .optional()
    .describe(
      'Words in code (`MATH252`, `math-252`, `MATH 252 B`), section id, title or instructors, also while they are typed: ' +
        'whatever their accents and spaces (`자료구조` for 자료 구조), and by the initial consonants of Hangul (`ㅈㄹㄱㅈ`); at ' +
        'most 12 different ones. What the whole query is the code or id of comes first, then where each word begins ' +
        'one; otherwise sections come in the order of department, number and letter',
    ),
  department: z.string().trim().min(1).max(16).optional().describe('Such as `MATH`'),
  day: z.enum(WEEKDAYS).optional().describe('Only sections that meet on this day'),
  from: timeSchema
    .optional()
    .describe('Only sections of which no meeting begins before, `09:00`; those without times are among them'),
  until: timeSchema.optional().describe('Only sections of which no meeting ends after, `15:00`, likewise'),
  credits: z.coerce.number().min(0).max(1_000).optional().describe('Only sections of so many credits'),
  fits: z
    .preprocess(
      (value) => (value === undefined ? undefined : [value].flat()),
      z.array(sectionIdSchema).max(100).optional(),
    )
    .describe(
      'Ids of sections (the parameter once for each): only sections that meet at no time at which one of these does; those ' +
        'without times are among them',
    ),
  openOnly: z.stringbool().optional().describe('Only sections with seats left'),
  page: z.coerce.number().int().min(1).max(10_000).default(1).describe('From 1 on'),
  pageSize: z.coerce.number().int().min(1).max(100).default(20).describe('1 to 100, default 20'),
});

const anyone = { method: 'get', tag: 'catalogue', access: 'anyone' } as const;

/** The catalogue is public: it needs no sign-in. */
export const catalogueCalls = {
  terms: call({
    ...anyone,
    path: '/api/terms',
    summary: 'All terms',
    answer: z.object({ terms: z.array(termSchema) }),
  }),
  departments: call({
    ...anyone,
    path: '/api/terms/{termId}/departments',
    summary: 'Departments with sections in a term, and what else a search can be narrowed to',
    answer: choicesSchema,
  }),
  searchSections: call({
    ...anyone,
    path: '/api/terms/{termId}/sections',
    summary: 'Search the sections of a term',
    query: searchSchema,
    answer: sectionPageSchema,
  }),
  section: call({
    ...anyone,
    path: '/api/terms/{termId}/sections/{sectionId}',
    summary: 'One section',
    answer: sectionSchema,
    errors: ['section_not_found'],
  }),
} satisfies Calls;

export type Term = z.infer<typeof termSchema>;
export type ClassYearWindow = Term['windows'][number];
export type StudentWindow = z.infer<typeof studentWindowSchema>;
export type Meeting = z.infer<typeof meetingSchema>;
export type Section = z.infer<typeof sectionSchema>;
export type SectionPage = z.infer<typeof sectionPageSchema>;
export type SearchChoices = z.infer<typeof choicesSchema>;
export type SectionQuery = Partial<z.output<typeof searchSchema>>;
