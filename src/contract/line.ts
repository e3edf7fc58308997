import { z } from 'zod';
import type { ErrorCode } from './errors';
import type { AskedEvent, ToldEvent } from './event';
import { atSchema, countSchema, roomIdSchema, serverTimeSchema } from './fields';
import { roomStateSchema } from './rooms';

/** What the line itself refuses with. */
export const LINE_ERRORS = ['line_recovering', 'line_unavailable', 'pod_fenced'] as const satisfies ErrorCode[];

const paceSchema = z
  .number()
  .describe(
    'Only to a client that extrapolates: places per second at which it moves the number on from here until the next ' +
      'message, for 20 s at most, never up, and never to 1; in the first 100 by one place only. It stands at once when ' +
      'the room moves no more (`room:state`) or the connection is lost',
  );

const placeStateSchema = z.enum(['waiting', 'admitted']);

export const leftReasonSchema = z.enum(['left', 'away', 'removed', 'no_show', 'finished', 'expired', 'closed']);

/** What decides how fast a line moves, besides who leaves it: enough to say how long the wait may be. */
export const lineFlowSchema = z.object({
  inside: countSchema.describe('Students inside now'),
  capacity: countSchema.describe('Most there may be inside: when it is full, the line moves as students finish'),
  ratePerSecond: z
    .number()
    .describe('Most admissions per second now; less than the room’s while seat commits are in trouble'),
  stayMs: z
    .object({ least: z.number(), most: z.number() })
    .describe('How long students stay inside on average, ms: measured, and as far apart as is not known yet'),
  ageMs: z.number().describe('How long those inside have been there on average, ms'),
});

export const lineTicketSchema = z.object({
  roomId: roomIdSchema,
  ticket: z.string().describe('The signed ticket: keep it, and present it when you come back'),
  number: z
    .int()
    .describe(
      'Before a lottery is drawn the number of the entry, which decides nothing; the ticket stays good after the draw',
    ),
  state: placeStateSchema,
  position: countSchema.describe(
    '1 = next; 0 once admitted, and while waiting in a room that is `recovering`, or whose lottery is not drawn, when ' +
      'it is not known for sure: what was shown before still holds, and `line:position` follows',
  ),
  total: countSchema.describe('How many wait in the room, this student included'),
  sequence: z
    .int()
    .describe('Feed sequence that the position includes; give it back as `seenSequence` when you resume'),
  flow: lineFlowSchema.optional().describe('Missing once admitted; `line:position` tells when it changes'),
  pace: paceSchema.optional(),
  room: roomStateSchema,
});

export const linePositionSchema = z.object({
  roomId: roomIdSchema,
  position: countSchema,
  total: countSchema,
  sequence: z.int(),
  at: atSchema.describe('When the position was taken, ms since the Unix epoch'),
  speed: z.number().describe('How fast the line moved lately, places per second; 0 when it stands'),
  flow: lineFlowSchema
    .optional()
    .describe('When it has changed since this socket was last told; also while the position stands'),
  pace: paceSchema.optional(),
});

export const lineAdmittedSchema = z.object({
  roomId: roomIdSchema,
  number: z.int(),
  token: z
    .string()
    .describe('The admission token (JWT, ES256), proof for seat commits and for other sites behind the room'),
  expiresAt: atSchema,
  serverTime: serverTimeSchema,
  sequence: z
    .int()
    .optional()
    .describe('Feed sequence of the admission; give it back as `seenSequence` when you resume, as that of a position'),
});

/** Why the door is shut to somebody who had a place, or was inside. */
export const shutOutSchema = z.enum(['not_on_roster', 'on_hold', 'window_closed']);

export const lineLeftSchema = z.object({
  roomId: roomIdSchema,
  reason: leftReasonSchema,
  why: shutOutSchema
    .optional()
    .describe('With `removed`: not by an operator, but because the student may not register now'),
});

const roomRequestSchema = z.strictObject({ roomId: roomIdSchema });

export const lineJoinSchema = z.strictObject({
  roomId: roomIdSchema,
  ticket: z.string().max(1_000).optional().describe('The signed ticket of an earlier join, if there is one'),
  resume: z
    .boolean()
    .default(false)
    .describe('True after a reconnect or reload: come back to the place, never take a new one'),
  seenSequence: z
    .int()
    .min(0)
    .optional()
    .describe('Highest `sequence` seen so far; nothing older than it will be shown'),
  extrapolates: z
    .boolean()
    .optional()
    .describe(
      'True: this client moves the number on by the `pace` that it is told, and so is told seldom: when the number would be ' +
        'off by more than 1 place in the first 100, or 1 % further back, and else every 15 s. A service that is older does ' +
        'not know it, and refuses with `invalid_input`: ask again without',
    ),
});

export const lineAsked = {
  'line:join': {
    summary: 'Take a place, or come back to it. `line:ticket` follows the answer on this socket',
    request: lineJoinSchema,
    answer: z.object({ state: placeStateSchema }),
    errors: [
      ...(['room_not_found', 'room_closed', 'room_draining', 'not_on_roster', 'on_hold', 'window_not_open'] as const),
      ...(['window_closed', 'ticket_invalid', 'ticket_gone', 'not_in_line', 'line_full', 'too_many_sockets'] as const),
      ...LINE_ERRORS,
    ],
  },
  'line:leave': {
    summary: 'Give the place back. `line:left` follows the answer on this socket',
    request: roomRequestSchema,
    answer: z.object({}),
    errors: ['room_not_found', ...LINE_ERRORS],
  },
  'admission:finish': {
    summary: 'Be done inside. `line:left` follows the answer on this socket',
    request: roomRequestSchema,
    answer: z.object({}),
    errors: ['room_not_found', 'admission_required', 'admission_missed', 'admission_removed', ...LINE_ERRORS],
  },
} satisfies Record<string, AskedEvent>;

export const lineTold = {
  'line:ticket': {
    summary: 'After a join or a resume, and once more when a lottery has given the place its number',
    message: lineTicketSchema,
  },
  'line:position': {
    summary:
      'At most once a second while it changes; to a client that extrapolates, when its own reckoning would be wrong. ' +
      'Never rises',
    message: linePositionSchema,
  },
  'line:admitted': {
    summary: 'Acknowledge it: an admission that nobody acknowledged is a no-show',
    message: lineAdmittedSchema,
    acknowledged: true,
  },
  'line:left': { summary: 'The place or the admission has ended', message: lineLeftSchema },
  'room:state': {
    summary: 'To every socket that has asked for a place in the room, whether it has one (still) or not',
    message: roomStateSchema,
  },
  'server:draining': {
    summary: 'This pod is about to go',
    message: z.object({
      reconnectInMs: z.int().describe('Come back after this many ms; every socket is told its own'),
    }),
  },
} satisfies Record<string, ToldEvent>;

export type LeftReason = z.infer<typeof leftReasonSchema>;
export type LineFlow = z.infer<typeof lineFlowSchema>;
export type LineTicketMessage = z.infer<typeof lineTicketSchema>;
export type LinePositionMessage = z.infer<typeof linePositionSchema>;
export type LineAdmittedMessage = z.infer<typeof lineAdmittedSchema>;
export type ShutOutReason = z.infer<typeof shutOutSchema>;
export type LineLeftMessage = z.infer<typeof lineLeftSchema>;
export type LineJoinRequest = z.input<typeof lineJoinSchema>;
