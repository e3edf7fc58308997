import { z } from 'zod';
import { call, type Calls } from '../call';
import { atSchema, countSchema, noteBody, noteSchema, sectionIdSchema, studentIdSchema, termIdSchema } from '../fields';
import {
  creditLimitSchema,
  effectivePolicySchema,
  seatPolicyChangeSchema,
  seatPolicySchema,
  termPolicyChangeSchema,
  termPolicyViewSchema,
} from '../policy';

const sectionChangeSchema = seatPolicyChangeSchema
  .extend({
    capacity: z.int().min(0).max(100_000).optional().describe('The number of seats'),
    force: z
      .boolean()
      .optional()
      .describe(
        'Also below what is in use: nobody is thrown out, and seats given back are not given again until it fits',
      ),
    note: noteSchema.optional(),
  })
  .meta({ example: { capacity: 45, waitlist: 'offer', offerSeconds: 86_400, note: 'Moved to a larger room' } });

const termChangeSchema = termPolicyChangeSchema.extend({ note: noteSchema.optional() }).meta({
  example: {
    release: { when: 'after_delay', minSeconds: 60, maxSeconds: 600 },
    dropBlocked: [{ from: '00:00', to: '08:00' }],
    dropUntil: '2027-03-05T18:00:00+09:00',
    creditLimit: 6,
    creditLimits: { senior: 7.5 },
    windows: {
      senior: { from: '2027-02-15T09:00:00+09:00', until: '2027-02-19T18:00:00+09:00' },
      other: { from: '2027-02-16T09:00:00+09:00', until: '2027-02-19T18:00:00+09:00' },
    },
    note: 'As the academic calendar says',
  },
});

const overrideSchema = z
  .strictObject({
    studentId: studentIdSchema,
    note: noteSchema,
    exceedCreditLimit: z.boolean().default(false).describe('The student may come above the limit of credits by this'),
  })
  .meta({
    example: {
      studentId: '20261234',
      note: 'Needs it to graduate, approved by the department',
      exceedCreditLimit: true,
    },
  });

export const SEAT_ACTS = [
  ...(['override', 'unenrol', 'section', 'term', 'credits', 'stop', 'start'] as const),
  ...(['archive', 'restore', 'delete'] as const),
] as const;

/** A section's seats as operators see them. */
export const sectionSeatsSchema = z
  .object({
    sectionId: sectionIdSchema,
    termId: termIdSchema,
    capacity: countSchema,
    taken: countSchema,
    held: countSchema.describe('Kept for the waitlist, for an offer, or by the release policy'),
    overrides: countSchema.describe('In use beyond the capacity'),
    left: countSchema,
    waiting: countSchema,
    policy: seatPolicySchema.describe('What was said for this section'),
    effectivePolicy: effectivePolicySchema.describe('What holds for it'),
    acts: z
      .array(
        z.object({
          act: z.enum(SEAT_ACTS),
          operator: z.string(),
          note: z.string(),
          studentId: z.string().nullable(),
          at: atSchema,
          details: z.unknown(),
        }),
      )
      .describe('What operators did to it, newest first'),
  })
  .meta({ id: 'SectionSeats' });

const setLimitSchema = z
  .strictObject({ creditLimit: creditLimitSchema, note: noteSchema })
  .meta({ example: { creditLimit: 7.5, note: 'Double major, approved by the dean' } });

export const studentCreditLimitSchema = z
  .object({
    studentId: z.string(),
    creditLimit: z.number().describe('In credits'),
    operator: z.string(),
    note: z.string(),
    setAt: atSchema,
  })
  .meta({ id: 'StudentCreditLimit' });

const operator = { tag: 'operator', access: 'operator' } as const;
const term = '/api/operator/terms/{termId}';
const section = `${term}/sections/{sectionId}` as const;
const limits = `${term}/credit-limits` as const;
const seats = { ...operator, answer: sectionSeatsSchema } as const;

export const seatOperatorCalls = {
  termPolicy: call({
    ...{ method: 'get', path: `${term}/policy`, ...operator },
    summary: 'What holds for all sections that say nothing else',
    answer: termPolicyViewSchema,
    errors: ['not_found'],
  }),
  changeTermPolicy: call({
    ...{ method: 'patch', path: `${term}/policy`, ...operator },
    summary:
      'Change release, waitlists, limits and windows of the term; null = the default. `warnings` in the answer say whom a change leaves free',
    body: termChangeSchema,
    answer: termPolicyViewSchema,
    errors: ['not_found', 'conflict'],
  }),
  sectionSeats: call({
    ...{ method: 'get', path: section, ...seats },
    summary: 'Seats, policy and acts of one section',
    errors: ['section_not_found'],
  }),
  changeSection: call({
    ...{ method: 'patch', path: section, ...seats },
    summary: 'Change capacity and policy of a section, also while it runs; a policy of null = that of the term',
    description:
      'A capacity of 0 closes the section: nobody new gets in, and waits for it end. ' +
      'A capacity below the seats in use is refused (capacity_below_taken) unless `force` is true. Then nobody is ' +
      'thrown out: the seats beyond it count as overrides, and each that is given back goes to nobody until it fits.',
    body: sectionChangeSchema,
    errors: ['section_not_found', 'capacity_below_taken', 'conflict', 'draining'],
  }),
  overrideSeat: call({
    ...{ method: 'post', path: `${section}/enrolments`, ...seats },
    summary: 'Give a student of the roster a seat, beyond the capacity if need be; the reason is kept',
    body: overrideSchema,
    errors: [
      ...(['not_on_roster', 'section_not_found', 'already_enrolled', 'same_course', 'time_conflict'] as const),
      ...(['credit_limit', 'conflict', 'draining'] as const),
    ],
  }),
  unenrol: call({
    ...{ method: 'delete', path: `${section}/enrolments/{studentId}`, ...seats },
    summary: 'Take a student’s seat away; the reason is kept, and the student reads it in the mail',
    description: 'The seat goes to those who wait, or by the release policy, as when the student drops it.',
    body: noteBody('Prerequisite not passed'),
    errors: ['not_on_roster', 'section_not_found', 'not_enrolled', 'conflict', 'draining'],
  }),
  creditLimits: call({
    ...{ method: 'get', path: limits, ...operator },
    summary: 'The students who have a credit limit of their own in the term',
    answer: z.object({ students: z.array(studentCreditLimitSchema) }),
    errors: ['not_found'],
  }),
  importCreditLimits: call({
    ...{ method: 'post', path: `${limits}/import`, ...operator },
    summary: 'Set the limits of many students: CSV, UTF-8, with the columns student_id and credit_limit (in credits)',
    description: 'All of the file or, when anything is wrong with it, nothing. Students it does not name keep theirs.',
    body: { csv: 'student_id,credit_limit\n20231234,21\n20235678,19.5\n' },
    answer: z.object({ set: countSchema }),
    errors: ['not_found', 'conflict'],
  }),
  setCreditLimit: call({
    ...{ method: 'put', path: `${limits}/{studentId}`, ...operator },
    summary: 'Set one student’s limit, in credits, in place of that of the class year and the term',
    body: setLimitSchema,
    answer: z.object({ studentId: z.string(), creditLimit: z.number() }),
    errors: ['not_found', 'conflict'],
  }),
  clearCreditLimit: call({
    ...{ method: 'delete', path: `${limits}/{studentId}`, ...operator },
    summary: 'The student has the limit of the class year, or of the term, again',
    body: noteBody('No longer takes two majors'),
    answer: z.object({ studentId: z.string(), creditLimit: z.null() }),
    errors: ['not_found', 'conflict'],
  }),
} satisfies Calls;

export type SeatActKind = (typeof SEAT_ACTS)[number];
export type SectionSeats = z.infer<typeof sectionSeatsSchema>;
export type StudentCreditLimit = z.infer<typeof studentCreditLimitSchema>;
