import { z } from 'zod';
import { call, type Calls } from '../call';
import { atSchema, countSchema, noteBody, noteSchema, sectionIdSchema, termIdSchema } from '../fields';
import { creditLimitSchema } from '../policy';

/** Columns that a catalogue must have. */
export const CATALOGUE_COLUMNS = [
  'clbid',
  'department',
  'number',
  'section',
  'type',
  'name',
  'credits',
  'max',
  'offerings',
];

/** A file as short as one can be, for those who ask what is wanted. */
export const CATALOGUE_EXAMPLE = `${CATALOGUE_COLUMNS.join()}
20931,MATH,252,B,Lecture,Algebra I,3.0,40,Mo/We/Fr 9:05-10:00 RNS 208`;

const importSchema = z.strictObject({
  dryRun: z.stringbool().default(false).describe('Only say what would happen'),
  closeMissing: z
    .stringbool()
    .default(false)
    .describe('Close the sections that the file lacks: nobody new gets in, and waits for them end'),
  force: z.stringbool().default(false).describe('Also a file that has hardly any section of the term'),
  name: z.string().trim().min(1).max(200).optional().describe('Name of a term that is new, such as `Spring 2026`'),
  creditLimit: z.coerce
    .number()
    .pipe(creditLimitSchema)
    .optional()
    .describe('Most credits of one student; left out: as it is, and 6 in a term that is new'),
});

const exportSchema = z.strictObject({
  bom: z.stringbool().default(false).describe('Byte order mark, for spreadsheet programs'),
});

/** A section as a report names it. */
const named = { id: sectionIdSchema, name: z.string().describe('`MATH 252 B`'), title: z.string() };

const fieldChangeSchema = z
  .object({
    field: z.enum([
      ...(['course', 'section', 'type', 'title', 'instructors', 'credits', 'capacity'] as const),
      ...(['meetings', 'prerequisites', 'notes', 'classYearLimits'] as const),
    ]),
    before: z.union([z.string(), z.number()]),
    after: z.union([z.string(), z.number()]),
  })
  .describe('As it is and as the file has it, in the words of people: credits as 0.5, meetings as text');

const problemSchema = z.object({ line: z.int(), rule: z.string(), text: z.string() });

const belowTakenSchema = z.object({ sectionId: sectionIdSchema, line: z.int(), wanted: countSchema, set: countSchema });

/** What an import did or, as `dry_run`, would do. */
export const importReportSchema = z
  .object({
    termId: termIdSchema,
    outcome: z.enum(['imported', 'unchanged', 'dry_run']).describe('`unchanged`: this very file was imported last'),
    file: z
      .object({
        courses: countSchema,
        sections: countSchema,
        meetings: countSchema,
        closed: countSchema.describe('Sections of capacity 0'),
        withoutTimes: countSchema,
      })
      .describe('What is in the file'),
    counts: z.object({ added: countSchema, changed: countSchema, missing: countSchema }),
    added: z.array(z.object({ ...named, capacity: countSchema })),
    changed: z.array(z.object({ ...named, changes: z.array(fieldChangeSchema) })),
    missing: z
      .array(
        z.object({
          ...{ ...named, capacity: countSchema, taken: countSchema },
          newCapacity: countSchema.optional().describe('What one got that was to be closed'),
        }),
      )
      .describe('In the term and not in the file'),
    belowTaken: z
      .array(belowTakenSchema)
      .describe(
        'Capacities in the file below what is taken or held; the lowest legal one stands in `changed`, if that is a change',
      ),
    problems: z.array(problemSchema).describe('What could not be taken as it is, by line of the file'),
  })
  .meta({ id: 'ImportReport' });

export const termLifeSchema = z
  .object({
    id: termIdSchema,
    name: z.string(),
    archivedAt: atSchema.nullable().describe('By the database’s clock; null: not archived'),
    deletingSince: atSchema
      .nullable()
      .describe('Since when it is being deleted; if that was broken off, delete it again'),
  })
  .meta({ id: 'TermLife' });

/** What there is of a term but its own row and what operators did, each before what its rows refer to. */
export const TERM_TABLES = [
  ...(['cart', 'student_credit_limit', 'seat_hold', 'waitlist_entry', 'enrolment'] as const),
  ...(['meeting', 'section', 'course', 'seat_stop'] as const),
] as const;

const termCountsSchema = z
  .record(z.enum(TERM_TABLES), countSchema)
  .describe('How many rows of each table belonged to the term');

export const seatStopSchema = z
  .object({
    termId: termIdSchema,
    stopped: z
      .object({ reason: z.string(), operator: z.string(), stoppedAt: atSchema })
      .nullable()
      .describe('Null: seats may change'),
  })
  .meta({ id: 'SeatStop' });

const stopSchema = z
  .strictObject({ reason: noteSchema })
  .meta({ example: { reason: 'The times of chemistry labs are wrong and are being corrected' } });

const startSchema = z
  .strictObject({ note: noteSchema.optional() })
  .meta({ example: { note: 'The times are corrected' } })
  .optional();

const operator = { tag: 'operator', access: 'operator' } as const;
const one = '/api/operator/terms/{termId}';

export const termOperatorCalls = {
  operatorTerms: call({
    ...{ method: 'get', path: '/api/operator/terms', ...operator },
    summary: 'All terms, also the archived ones',
    answer: z.object({ terms: z.array(termLifeSchema) }),
  }),
  archiveTerm: call({
    ...{ method: 'post', path: `${one}/archive`, ...operator },
    summary: 'Put a term away whose rooms are archived: students do not find it, no seat changes, exports go on',
    body: noteBody('The term is over'),
    answer: termLifeSchema,
    errors: ['not_found', 'conflict'],
  }),
  restoreTerm: call({
    ...{ method: 'post', path: `${one}/restore`, ...operator },
    summary: 'Take an archived term back as it was',
    body: noteBody('Archived by mistake: late registration goes on'),
    answer: termLifeSchema,
    errors: ['not_found', 'conflict'],
  }),
  deleteTerm: call({
    ...{ method: 'delete', path: one, ...operator, role: 'owner' },
    summary: 'Delete an archived term with its sections, enrolments, waitlists and carts; export them before',
    description:
      'Who did it, why, and how many rows there were stays on record, as does what operators did to its seats. When it ' +
      'is broken off, ask again: the term stays archived, and cannot be restored.',
    body: noteBody('Kept for five years, as our data policy asks'),
    answer: z.object({ termId: termIdSchema, deleted: termCountsSchema }),
    errors: ['not_found', 'conflict'],
  }),
  importTerm: call({
    ...{ method: 'post', path: `${one}/import`, ...operator },
    summary: 'Import a catalogue (CSV, UTF-8, up to 8 MB), also while it runs; says what differs',
    query: importSchema,
    body: { csv: CATALOGUE_EXAMPLE },
    answer: importReportSchema,
    errors: ['conflict'],
  }),
  exportEnrolments: call({
    ...{ method: 'get', path: `${one}/enrolments.csv`, ...operator },
    summary: 'All enrolments of the term as CSV',
    query: exportSchema,
    answer: 'csv',
    errors: ['not_found'],
  }),
  exportWaitlists: call({
    ...{ method: 'get', path: `${one}/waitlists.csv`, ...operator },
    summary: 'All waitlists of the term as CSV, in order, also the entries that ended',
    query: exportSchema,
    answer: 'csv',
    errors: ['not_found'],
  }),
  seatStop: call({
    ...{ method: 'get', path: `${one}/stop`, ...operator },
    summary: 'Whether the seats of the term stand still, why and since when',
    answer: seatStopSchema,
    errors: ['not_found'],
  }),
  stopSeats: call({
    ...{ method: 'post', path: `${one}/stop`, ...operator },
    summary: 'Stop every change of seats at once: commits, drops, swaps, waitlists and promotions; students read why',
    description:
      'In force on all pods, and when it is answered nothing is under way any more. Students are refused with ' +
      '`seats_stopped` and the reason. Operators can still change sections and give or take seats. The line goes on: ' +
      'pause the room, too, if nobody is to be let in. Asked again, it changes the reason.',
    body: stopSchema,
    answer: seatStopSchema,
    errors: ['not_found', 'conflict'],
  }),
  startSeats: call({
    ...{ method: 'post', path: `${one}/start`, ...operator },
    summary: 'Let seats change again',
    description: 'Promotions that had to wait come first. Offers stay open longer by the time of the stop.',
    body: startSchema,
    answer: seatStopSchema,
    errors: ['not_found', 'conflict'],
  }),
} satisfies Calls;

export type ImportReport = z.infer<typeof importReportSchema>;
export type FieldChange = z.infer<typeof fieldChangeSchema>;
export type CatalogueProblem = z.infer<typeof problemSchema>;
export type CapacityBelowTaken = z.infer<typeof belowTakenSchema>;
export type TermLife = z.infer<typeof termLifeSchema>;
export type TermCounts = z.infer<typeof termCountsSchema>;
export type SeatStopView = z.infer<typeof seatStopSchema>;
