import { z } from 'zod';
import { errorBodySchema, type ErrorCode } from './errors';
import type { AskedEvent, ToldEvent } from './event';
import {
  admissionTokenSchema,
  atSchema,
  countSchema,
  idempotencyKeySchema,
  MOST_SECTIONS,
  sectionIdSchema,
  termIdSchema,
} from './fields';

/** What the ledger refuses a whole request with. */
export const LEDGER_ERRORS = ['busy', 'request_mismatch', 'seats_stopped'] as const satisfies ErrorCode[];

/** What is refused whoever is not inside. */
export const ADMISSION_ERRORS = [
  ...(['admission_required', 'admission_invalid', 'admission_expired'] as const),
  ...(['admission_finished', 'admission_missed', 'admission_removed', 'room_closed'] as const),
] as const satisfies ErrorCode[];

/** How one section of a request went. */
export const sectionOutcomeSchema = z.object({
  sectionId: sectionIdSchema,
  outcome: z
    .enum(['enrolled', 'dropped', 'waitlisted', 'left', 'kept', 'changed', 'refused'])
    .describe(
      '`left`: waits no longer. `kept`: the seat that was to be swapped away is still there. `changed`: only to operators',
    ),
  position: countSchema.optional().describe('On the waitlist, when it was joined; 1 = next'),
  error: errorBodySchema().optional().describe('Only when refused'),
});

export const resultsSchema = z.object({ results: z.array(sectionOutcomeSchema) });

/** The sections to take, in order of preference. */
export const sectionIdsSchema = z.array(sectionIdSchema).min(1).max(MOST_SECTIONS);

const term = { termId: termIdSchema };
const key = { idempotencyKey: idempotencyKeySchema };
const admission = { admission: admissionTokenSchema };
const section = { sectionId: sectionIdSchema };

export const commitSchema = z.strictObject({ ...term, sectionIds: sectionIdsSchema, ...admission, ...key });
const dropSchema = z.strictObject({ ...term, ...section, ...key });
const swapSchema = z.strictObject({
  ...{ ...term, dropSectionId: sectionIdSchema, takeSectionId: sectionIdSchema, ...admission, ...key },
});
const waitlistJoinSchema = z.strictObject({ ...term, ...section, ...admission, ...key });
const waitlistSchema = z.strictObject({ ...term, ...section, ...key });
const watchSchema = z.strictObject({ ...term, sectionIds: z.array(sectionIdSchema).max(100) });

const underAdmission: ErrorCode[] = [...ADMISSION_ERRORS, ...LEDGER_ERRORS];

export const seatsAsked = {
  'seats:watch': {
    summary:
      'Replaces the sections this socket watches (0 to 100); `seats:left` follows the answer at once, and on every change',
    request: watchSchema,
    answer: z.object({}),
    errors: ['not_in_line', 'busy'],
  },
  'enrolment:commit': {
    summary: 'Take seats, in order of preference; answers per section',
    request: commitSchema,
    answer: resultsSchema,
    errors: underAdmission,
  },
  'enrolment:drop': {
    summary: 'Give a seat back. It needs no admission',
    request: dropSchema,
    answer: resultsSchema,
    errors: LEDGER_ERRORS,
  },
  'enrolment:swap': {
    summary: 'Give one seat back for another: both, or neither. Two results, of the dropped and of the taken section',
    request: swapSchema,
    answer: resultsSchema,
    errors: underAdmission,
  },
  'waitlist:join': {
    summary: 'Wait for a seat in a full section',
    request: waitlistJoinSchema,
    answer: resultsSchema,
    errors: underAdmission,
  },
  'waitlist:leave': {
    summary: 'Wait no longer, or decline an offer. It needs no admission',
    request: waitlistSchema,
    answer: resultsSchema,
    errors: LEDGER_ERRORS,
  },
  'waitlist:accept': {
    summary: 'Take the seat that was offered. It needs no admission',
    request: waitlistSchema,
    answer: resultsSchema,
    errors: LEDGER_ERRORS,
  },
} satisfies Record<string, AskedEvent>;

export const seatsLeftSchema = z.object({
  ...term,
  seats: z
    .array(
      z.tuple([
        sectionIdSchema,
        z.int().describe('Seats left'),
        z.int().describe('Version'),
        z.int().optional().describe('Capacity, where it is known'),
      ]),
    )
    .describe('Ignore an entry whose version is not above the last one you saw for the section'),
});

export const seatsStoppedSchema = z.object({
  terms: z.array(
    z.object({
      ...term,
      reason: z.string().describe('Why, in the operator’s words'),
      stoppedAt: atSchema,
    }),
  ),
});

export const enrolmentChangedSchema = z.object({
  ...term,
  changes: z.array(
    z.object({
      ...section,
      state: z
        .enum(['enrolled', 'dropped', 'waitlisted', 'offered', 'none'])
        .describe('`none`: on no waitlist any more (left, or the offer expired)'),
      by: z.enum(['commit', 'drop', 'swap', 'waitlist', 'promotion', 'operator']),
      closed: z.literal(true).optional().describe('The wait ended because the section takes nobody any more'),
    }),
  ),
});

export const cartChangedSchema = z.object({ ...term, version: countSchema });

export const seatsTold = {
  'seats:left': { summary: 'Seats of the sections that this socket watches', message: seatsLeftSchema },
  'seats:stopped': {
    summary:
      'All terms whose seats an operator has stopped; none of them is left out. On connecting only when there is one',
    message: seatsStoppedSchema,
  },
  'enrolment:changed': { summary: 'To all of the student’s sockets', message: enrolmentChangedSchema },
  'cart:changed': {
    summary:
      'To all of the student’s sockets, the changing tab’s too: read the cart again if you know an older version',
    message: cartChangedSchema,
  },
} satisfies Record<string, ToldEvent>;

export type SectionOutcome = z.infer<typeof sectionOutcomeSchema>;
export type EnrolmentCommitRequest = z.input<typeof commitSchema>;
export type EnrolmentDropRequest = z.input<typeof dropSchema>;
export type EnrolmentSwapRequest = z.input<typeof swapSchema>;
export type WaitlistJoinRequest = z.input<typeof waitlistJoinSchema>;
export type WaitlistRequest = z.input<typeof waitlistSchema>;
export type SeatsLeftMessage = z.infer<typeof seatsLeftSchema>;
export type SeatsStoppedMessage = z.infer<typeof seatsStoppedSchema>;
export type EnrolmentChangedMessage = z.infer<typeof enrolmentChangedSchema>;
export type EnrolmentState = EnrolmentChangedMessage['changes'][number]['state'];
export type CartChangedMessage = z.infer<typeof cartChangedSchema>;
