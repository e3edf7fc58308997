import { z } from 'zod';
import { atSchema, CLASS_YEARS } from './fields';
import { momentSchema } from './moment';
import { minuteOf } from './week-time';

/** What a delay is where only its kind is said. */
const DEFAULT_DELAY = { minSeconds: 180, maxSeconds: 300 };

const seconds = z.int().min(0).max(86_400);

/** When a seat that was given back, and that nobody waits for, can be had again. */
const releaseSchema = z
  .discriminatedUnion('when', [
    z.strictObject({ when: z.literal('at_once') }),
    z
      .strictObject({
        when: z.literal('after_delay'),
        minSeconds: seconds.default(DEFAULT_DELAY.minSeconds),
        maxSeconds: seconds.default(DEFAULT_DELAY.maxSeconds),
      })
      .describe('After a random time between the two, so that nobody can hand a seat over'),
    z
      .strictObject({ when: z.literal('at_hours'), hours: z.array(z.int().min(0).max(23)).min(1).max(24) })
      .describe('At the next of these full hours in the campus’s time zone'),
  ])
  .refine((policy) => policy.when !== 'after_delay' || policy.minSeconds <= policy.maxSeconds, {
    message: 'minSeconds is above maxSeconds',
  });

const minuteSchema = z.string().refine((text) => minuteOf(text) !== undefined, 'must be HH:MM, 00:00 to 24:00');

const blockedSchema = z
  .strictObject({ from: minuteSchema, to: minuteSchema })
  // 24:00 of one day is 00:00 of the next; from 00:00 to 24:00 is the whole day.
  .refine(({ from, to }) => minuteOf(from) !== minuteOf(to) && !(from === '24:00' && minuteOf(to) === 0), {
    message: 'from and to are the same time; the whole day is 00:00 to 24:00',
  });

const windowSchema = z
  .strictObject({ from: momentSchema.optional(), until: momentSchema.optional() })
  .refine(({ from, until }) => from === undefined || until === undefined || from < until, {
    message: 'until is not after from: nobody could ever enrol',
  });

/** How a freed seat reaches the head of the waitlist: as an enrolment, or as an offer with a deadline. */
const waitlistModeSchema = z.enum(['promote', 'offer']);

/** What an operator may change of a section's policy: absent = as it is, null = what holds for the term. */
export const seatPolicyChangeSchema = z.strictObject({
  release: releaseSchema.nullable().optional(),
  dropBlocked: z.array(blockedSchema).max(10).nullable().optional().describe('Hours in which nobody may drop'),
  dropUntil: momentSchema
    .nullable()
    .optional()
    .describe('From this moment on nobody may drop or swap; operators still can'),
  waitlist: waitlistModeSchema.nullable().optional(),
  offerSeconds: z
    .int()
    .min(60)
    .max(1_209_600)
    .nullable()
    .optional()
    .describe('How long an offer can be accepted: a minute to 14 days'),
});

/** A number of credits, exact to a hundredth. */
export const creditLimitSchema = z
  .number()
  .min(0)
  .max(1_000)
  .refine((credits) => Math.abs(credits * 100 - Math.round(credits * 100)) < 1e-6, 'at most two decimals');

/** The same for a term; null = the default. */
export const termPolicyChangeSchema = seatPolicyChangeSchema.extend({
  classYearLimits: z
    .boolean()
    .nullable()
    .optional()
    .describe('Whether the sections’ limits per class year are enforced'),
  creditLimit: creditLimitSchema.nullable().optional().describe('Most credits of one student'),
  creditLimits: z
    .partialRecord(z.enum(CLASS_YEARS), creditLimitSchema)
    .nullable()
    .optional()
    .describe('For class years that have another limit'),
  windows: z
    .partialRecord(z.enum([...CLASS_YEARS, 'other']), windowSchema)
    .nullable()
    .optional(),
});

const releasePolicySchema = z.discriminatedUnion('when', [
  z.object({ when: z.literal('at_once') }),
  z.object({ when: z.literal('after_delay'), minSeconds: z.number(), maxSeconds: z.number() }),
  z.object({ when: z.literal('at_hours'), hours: z.array(z.int()).readonly() }),
]);

const blockedHoursSchema = z
  .object({
    fromMinute: z.int(),
    toMinute: z.int().describe('Before `fromMinute`: it ends on the next day'),
  })
  .describe('Minutes since midnight in the campus’s time zone, end exclusive');

/** What holds for one section; what it does not say, the term says. */
export const seatPolicySchema = z
  .object({
    release: releasePolicySchema.optional(),
    dropBlocked: z.array(blockedHoursSchema).optional().describe('Hours in which nobody may drop'),
    dropUntil: atSchema.optional().describe('From when on nobody may drop, ms since the Unix epoch'),
    waitlist: waitlistModeSchema.optional(),
    offerSeconds: z.int().optional().describe('How long an offer can be accepted, seconds'),
  })
  .meta({ id: 'SeatPolicy' });

/** A policy with nothing left open. */
export const effectivePolicySchema = z.object({
  release: releasePolicySchema,
  dropBlocked: z.array(blockedHoursSchema).readonly(),
  dropUntil: atSchema.nullable().describe('Exclusive, ms since the Unix epoch; null: without an end'),
  waitlist: waitlistModeSchema,
  offerSeconds: z.int(),
});

/** When one may enrol. */
const enrolmentWindowSchema = z.object({
  from: atSchema.optional().describe('ms since the Unix epoch; without: from the beginning'),
  until: atSchema.optional().describe('ms since the Unix epoch, exclusive'),
});

/** What holds for a whole term. */
export const termPolicySchema = seatPolicySchema.extend({
  classYearLimits: z.boolean().optional().describe('Whether the sections’ limits per class year are enforced'),
  creditLimits: z
    .partialRecord(z.enum(CLASS_YEARS), z.number())
    .optional()
    .describe('Most credits of a student of these class years; of all others, the term’s own limit'),
  windows: z
    .partialRecord(z.enum([...CLASS_YEARS, 'other']), enrolmentWindowSchema)
    .readonly()
    .optional()
    .describe('By class year; `other` is for everyone whose class year has none, or is not known'),
});

/** What holds for a term, and what of it is probably not meant, a sentence each. */
export const termPolicyViewSchema = termPolicySchema
  .extend({
    creditLimit: z.number().describe('Most credits of one student'),
    warnings: z.array(z.string()).optional(),
  })
  .meta({ id: 'TermPolicy' });

export type ReleasePolicy = z.infer<typeof releasePolicySchema>;
export type BlockedHours = z.infer<typeof blockedHoursSchema>;
export type SeatPolicy = z.infer<typeof seatPolicySchema>;
export type EffectivePolicy = z.infer<typeof effectivePolicySchema>;
export type EnrolmentWindow = z.infer<typeof enrolmentWindowSchema>;
export type TermPolicy = z.infer<typeof termPolicySchema>;
export type EnrolmentWindows = NonNullable<TermPolicy['windows']>;
export type TermPolicyView = z.infer<typeof termPolicyViewSchema>;
export type SeatPolicyChange = z.infer<typeof seatPolicyChangeSchema>;
export type TermPolicyChange = z.infer<typeof termPolicyChangeSchema>;
