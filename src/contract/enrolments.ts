import { z } from 'zod';
import { call, type CallHeader, type Calls } from './call';
import { sectionSchema, studentWindowSchema } from './catalogue';
import { ERROR_CODES } from './errors';
import {
  admissionTokenSchema,
  atSchema,
  countSchema,
  idempotencyKeySchema,
  MOST_SECTIONS,
  sectionIdSchema,
  termIdSchema,
} from './fields';
import { ADMISSION_ERRORS, LEDGER_ERRORS, resultsSchema, sectionIdsSchema } from './seats';

export const enrolmentSchema = z
  .object({
    section: sectionSchema,
    enrolledAt: atSchema,
    dropUntil: atSchema
      .optional()
      .describe('Until when the seat can be given back or swapped, ms since the Unix epoch; left out: without an end'),
  })
  .meta({ id: 'Enrolment' });

/** A student's turn on one waitlist. */
export const waitlistSchema = z
  .object({
    section: sectionSchema,
    state: z.enum(['waiting', 'offered']),
    position: countSchema.describe('1 = next; 0 once a seat is offered'),
    offerExpiresAt: atSchema.nullable().describe('Until when the offer can be accepted; null while waiting'),
    joinedAt: atSchema,
    mode: z
      .enum(['promote', 'offer'])
      .optional()
      .describe('What a seat that becomes free will be: an enrolment at once, or an offer to be accepted in time'),
  })
  .meta({ id: 'Waitlist' });

/** What would stand in the way of a section of the cart if it were committed now, whatever seats are left. */
export const cartObstacleSchema = z.object({
  sectionId: sectionIdSchema,
  code: z.enum(ERROR_CODES),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
});

export const cartSchema = z
  .object({
    termId: termIdSchema,
    version: countSchema.describe('0: nothing was ever put in'),
    sectionIds: z.array(sectionIdSchema).describe('In order of preference'),
    sections: z.array(sectionSchema).describe('The same as `sectionIds`, to be shown'),
    obstacles: z
      .array(cartObstacleSchema)
      .describe('What would be refused if it were committed now, whatever seats are left'),
    creditLimit: z.number().optional().describe('Most credits that the student may be enrolled for'),
  })
  .meta({ id: 'Cart' });

const commitBody = z
  .strictObject({ sectionIds: sectionIdsSchema })
  .meta({ example: { sectionIds: ['0000162389', '0000162390'] } });

const swapBody = z
  .strictObject({ dropSectionId: sectionIdSchema, takeSectionId: sectionIdSchema })
  .meta({ example: { dropSectionId: '0000162389', takeSectionId: '0000162390' } });

const cartBody = z
  .strictObject({
    sectionIds: z
      .array(sectionIdSchema)
      .max(MOST_SECTIONS)
      .refine((ids) => new Set(ids).size === ids.length, 'a section twice'),
    version: z.number().int().min(0).describe('Of the cart that the caller saw'),
  })
  .meta({ example: { sectionIds: ['0000162389', '0000162390'], version: 0 } });

export const IDEMPOTENCY_KEY = 'Idempotency-Key';
export const ADMISSION_TOKEN = 'Admission-Token';

const underKey = {
  [IDEMPOTENCY_KEY]: { schema: idempotencyKeySchema, required: true, example: 'first-press-of-enrol' },
} satisfies Record<string, CallHeader>;

/** What may be asked without one has a name then that nobody else gives. */
const underAnyKey = { [IDEMPOTENCY_KEY]: { schema: idempotencyKeySchema, required: false } } satisfies Record<
  string,
  CallHeader
>;

const underAdmission = {
  ...underKey,
  [ADMISSION_TOKEN]: { schema: admissionTokenSchema, required: true, example: 'eyJhbGciOi.paste.yours' },
} satisfies Record<string, CallHeader>;

const admissionErrors = [...ADMISSION_ERRORS, ...LEDGER_ERRORS, 'draining'] as const;
const ledgerErrors = [...LEDGER_ERRORS, 'draining'] as const;

const mine = { tag: 'enrolments', access: 'student' } as const;
const waits = { tag: 'waitlists', access: 'student' } as const;
const cart = { path: '/api/terms/{termId}/cart', tag: 'cart', access: 'student' } as const;

export const enrolmentCalls = {
  studentWindow: call({
    ...{ method: 'get', path: '/api/terms/{termId}/window', ...mine },
    summary: 'When the student’s class year may enrol; null where the time is free',
    answer: studentWindowSchema,
    errors: ['not_found'],
  }),
  enrolments: call({
    ...{ method: 'get', path: '/api/terms/{termId}/enrolments', ...mine },
    summary: 'What the student is enrolled in',
    answer: z.object({ enrolments: z.array(enrolmentSchema) }),
  }),
  commit: call({
    ...{ method: 'post', path: '/api/terms/{termId}/enrolments', ...mine },
    summary: 'Take seats, in order of preference; answers per section',
    headers: underAdmission,
    body: commitBody,
    answer: resultsSchema,
    errors: admissionErrors,
  }),
  swap: call({
    ...{ method: 'post', path: '/api/terms/{termId}/enrolments/swap', ...mine },
    summary: 'Give one seat back for another: both, or neither',
    headers: underAdmission,
    body: swapBody,
    answer: resultsSchema,
    errors: admissionErrors,
  }),
  drop: call({
    ...{ method: 'delete', path: '/api/terms/{termId}/enrolments/{sectionId}', ...mine },
    summary: 'Give a seat back',
    headers: underAnyKey,
    answer: resultsSchema,
    errors: ledgerErrors,
  }),
  waitlists: call({
    ...{ method: 'get', path: '/api/terms/{termId}/waitlists', ...waits },
    summary: 'Where the student stands, and which offers are open',
    answer: z.object({ waitlists: z.array(waitlistSchema).describe('In the order in which they were joined') }),
    errors: ['section_not_found'],
  }),
  joinWaitlist: call({
    ...{ method: 'post', path: '/api/terms/{termId}/waitlists/{sectionId}', ...waits },
    summary: 'Wait for a seat in a full section',
    headers: underAdmission,
    answer: resultsSchema,
    errors: admissionErrors,
  }),
  leaveWaitlist: call({
    ...{ method: 'delete', path: '/api/terms/{termId}/waitlists/{sectionId}', ...waits },
    summary: 'Wait no longer, or decline the offer',
    headers: underAnyKey,
    answer: resultsSchema,
    errors: ledgerErrors,
  }),
  acceptOffer: call({
    ...{ method: 'post', path: '/api/terms/{termId}/waitlists/{sectionId}/accept', ...waits },
    summary: 'Take the seat that was offered',
    headers: underAnyKey,
    answer: resultsSchema,
    errors: ledgerErrors,
  }),
  cart: call({
    ...{ method: 'get', ...cart },
    summary: 'The cart, and which of its sections the rules would refuse',
    answer: cartSchema,
  }),
  replaceCart: call({
    ...{ method: 'put', ...cart },
    summary: 'Replace the cart of the version given; `conflict` with the newest cart when it was changed meanwhile',
    body: cartBody,
    answer: cartSchema,
    errors: ['not_found', 'section_not_found', 'conflict'],
  }),
} satisfies Calls;

export type Enrolment = z.infer<typeof enrolmentSchema>;
export type Waitlist = z.infer<typeof waitlistSchema>;
export type CartObstacle = z.infer<typeof cartObstacleSchema>;
export type CartView = z.infer<typeof cartSchema>;
