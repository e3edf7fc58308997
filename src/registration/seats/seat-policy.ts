import { z } from 'zod';
import { momentSchema } from '../../contract/moment';
import { type BlockedHours, DEFAULT_DELAY, type ReleasePolicy } from './rules/release-policy';
import type { DropTimes } from './rules/drop-times';
import { CLASS_YEARS, type ClassYear, type EnrolmentWindows } from './rules';
import { minuteOf } from './rules/week-time';

/** How a freed seat reaches the head of the waitlist: as an enrolment, or as an offer with a deadline. */
export type WaitlistMode = 'promote' | 'offer';

/** What holds for one section; what it does not say, the term says. */
export interface SeatPolicy {
  release?: ReleasePolicy;
  /** Hours in which nobody may drop. */
  dropBlocked?: BlockedHours[];
  /** From when on nobody may drop, ms since the Unix epoch. */
  dropUntil?: number;
  waitlist?: WaitlistMode;
  /** How long an offer can be accepted, seconds. */
  offerSeconds?: number;
}

/** What holds for a whole term. */
export interface TermPolicy extends SeatPolicy {
  /** Whether the sections' limits per class year are enforced. */
  classYearLimits?: boolean;
  /** Most credits of a student of these class years, in credits; of all others, the term's own limit. */
  creditLimits?: Partial<Record<ClassYear, number>>;
  windows?: EnrolmentWindows;
}

/** What holds for a term, and what of it is probably not meant, a sentence each. */
export interface TermPolicyView extends TermPolicy {
  /** Most credits of one student. */
  creditLimit: number;
  warnings?: string[];
}

export function termPolicyView(policy: TermPolicy, creditLimitHundredths: number): TermPolicyView {
  const warnings = warnOfFreeYears(policy.windows ?? {});
  return { ...policy, creditLimit: creditLimitHundredths / 100, ...(warnings.length > 0 && { warnings }) };
}

/** Windows for some and none for others leave those others free from the beginning. */
function warnOfFreeYears(windows: EnrolmentWindows): string[] {
  if (Object.keys(windows).length === 0 || windows.other) return [];
  const free = CLASS_YEARS.filter((year) => !windows[year]);
  const years = [...free, 'of another class year, or one that is not known'].join(', ');
  return [`No window is set for whoever is ${years}: they may enrol at any time. Set one for "other" to close that.`];
}

/** A policy with nothing left open. */
export type EffectivePolicy = Required<Omit<SeatPolicy, 'dropUntil'>> & DropTimes;

/** At once and to the head of the list; an offer is open for a day. */
export const DEFAULT_POLICY: EffectivePolicy = {
  release: { when: 'at_once' },
  dropBlocked: [],
  dropUntil: null,
  waitlist: 'promote',
  offerSeconds: 24 * 3_600,
};

export function effectivePolicy(section: SeatPolicy, term: SeatPolicy): EffectivePolicy {
  return {
    release: section.release ?? term.release ?? DEFAULT_POLICY.release,
    dropBlocked: section.dropBlocked ?? term.dropBlocked ?? DEFAULT_POLICY.dropBlocked,
    dropUntil: section.dropUntil ?? term.dropUntil ?? DEFAULT_POLICY.dropUntil,
    waitlist: section.waitlist ?? term.waitlist ?? DEFAULT_POLICY.waitlist,
    offerSeconds: section.offerSeconds ?? term.offerSeconds ?? DEFAULT_POLICY.offerSeconds,
  };
}

const seconds = z.int().min(0).max(86_400);

const releaseSchema = z
  .discriminatedUnion('when', [
    z.strictObject({ when: z.literal('at_once') }),
    z.strictObject({
      when: z.literal('after_delay'),
      minSeconds: seconds.default(DEFAULT_DELAY.minSeconds),
      maxSeconds: seconds.default(DEFAULT_DELAY.maxSeconds),
    }),
    z.strictObject({ when: z.literal('at_hours'), hours: z.array(z.int().min(0).max(23)).min(1).max(24) }),
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

/** What an operator may change of a section's policy: absent = as it is, null = what holds for the term. */
export const seatPolicyChangeSchema = z.strictObject({
  release: releaseSchema.nullable().optional(),
  dropBlocked: z.array(blockedSchema).max(10).nullable().optional(),
  /** From this moment on nobody may drop or swap; operators still can. */
  dropUntil: momentSchema.nullable().optional(),
  waitlist: z.enum(['promote', 'offer']).nullable().optional(),
  /** A minute to 14 days. */
  offerSeconds: z.int().min(60).max(1_209_600).nullable().optional(),
});

/** A number of credits, exact to a hundredth. */
export const creditLimitSchema = z
  .number()
  .min(0)
  .max(1_000)
  .refine((credits) => Math.abs(credits * 100 - Math.round(credits * 100)) < 1e-6, 'at most two decimals');

/** The same for a term; null = the default. */
export const termPolicyChangeSchema = seatPolicyChangeSchema.extend({
  classYearLimits: z.boolean().nullable().optional(),
  /** Most credits of one student. */
  creditLimit: creditLimitSchema.nullable().optional(),
  /** For class years that have another limit. */
  creditLimits: z.partialRecord(z.enum(CLASS_YEARS), creditLimitSchema).nullable().optional(),
  windows: z
    .partialRecord(z.enum([...CLASS_YEARS, 'other']), windowSchema)
    .nullable()
    .optional(),
});

export type SeatPolicyChange = z.infer<typeof seatPolicyChangeSchema>;
export type TermPolicyChange = z.infer<typeof termPolicyChangeSchema>;

const minutes = (text: string): number => minuteOf(text) ?? 0;

/** The policy after the change. Hours are read into minutes here; the term's credit limit is kept beside the policy. */
export function changedPolicy(before: TermPolicy, change: TermPolicyChange): TermPolicy {
  const { dropBlocked, windows, creditLimit: _, ...plain } = change;
  const values: Record<string, unknown> = { ...plain };
  if (dropBlocked !== undefined) {
    values.dropBlocked = dropBlocked?.map(({ from, to }) => ({ fromMinute: minutes(from), toMinute: minutes(to) }));
  }
  if (windows !== undefined) values.windows = windows;
  const changed = Object.entries({ ...before, ...values }).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(changed);
}

/** A policy as the database keeps it; we wrote it, checked. */
export function readPolicy(json: string | null): TermPolicy {
  return json === null ? {} : (JSON.parse(json) as TermPolicy);
}

/** Null for one that says nothing. */
export function writePolicy(policy: TermPolicy): string | null {
  return Object.keys(policy).length === 0 ? null : JSON.stringify(policy);
}
