import { z } from 'zod';
import { call, type Calls } from './call';
import { atSchema, countSchema, roomIdSchema, serverTimeSchema, termIdSchema } from './fields';

export const roomStateNameSchema = z.enum(['scheduled', 'open', 'paused', 'recovering', 'draining', 'closed']);

/** What everybody may know of a room's lottery for those who come before the opening. */
export const lotterySchema = z.object({
  seedHash: z.string().describe('SHA-256 of the seed, known since the room was made'),
  seed: z.string().optional().describe('Only when the numbers are drawn: from then on anybody can draw them again'),
});

export const roomStateSchema = z.object({
  roomId: roomIdSchema,
  termId: termIdSchema,
  name: z.string(),
  state: roomStateNameSchema,
  opensAt: atSchema,
  notice: z.string().describe('The operator’s notice to the students; empty for none'),
  ratePerSecond: z.number(),
  graceMs: z.number().optional().describe('How long the place of a student without any socket is kept, ms'),
  graceStands: z
    .literal(true)
    .optional()
    .describe('Not yet: until the room begins to let in, being away costs nothing; the whole grace runs from then on'),
  lottery: lotterySchema.optional().describe('Only in a room with a lottery'),
  unreachable: z.literal(true).optional().describe('This pod cannot reach the line now; another one may'),
  serverTime: serverTimeSchema,
});

/** A room as anybody may see it. */
export const roomViewSchema = roomStateSchema
  .extend({
    waiting: countSchema,
    inside: countSchema,
    seatsStopped: z
      .object({ reason: z.string(), stoppedAt: atSchema })
      .optional()
      .describe('While the operator has stopped all changes of seats in its term: why, and since when'),
  })
  .meta({ id: 'Room' });

/** One room in which a student waits, or is inside. */
export const heldPlaceSchema = z.object({ roomId: roomIdSchema, state: z.enum(['waiting', 'admitted']) });

const anyone = { method: 'get', tag: 'rooms', access: 'anyone' } as const;

export const roomCalls = {
  rooms: call({ ...anyone, path: '/api/rooms', summary: 'All rooms', answer: z.array(roomViewSchema) }),
  room: call({
    ...{ ...anyone, path: '/api/rooms/{roomId}', summary: 'One room' },
    answer: roomViewSchema,
    errors: ['room_not_found'],
  }),
  door: call({
    ...{ ...anyone, path: '/api/door' },
    summary: 'When to try to connect again, ms from now; 0 = at once',
    answer: z.object({ retryInMs: z.number() }),
  }),
  places: call({
    ...{ method: 'get', path: '/api/places', tag: 'rooms', access: 'student' },
    summary: 'The rooms in which the signed-in student has a place; `line:join` with `resume` comes back to it',
    answer: z.object({ places: z.array(heldPlaceSchema) }),
    errors: ['line_recovering', 'line_unavailable', 'pod_fenced'],
  }),
} satisfies Calls;

export type RoomStateName = z.infer<typeof roomStateNameSchema>;
export type LotteryView = z.infer<typeof lotterySchema>;
export type RoomStateMessage = z.infer<typeof roomStateSchema>;
export type RoomView = z.infer<typeof roomViewSchema>;
export type HeldPlace = z.infer<typeof heldPlaceSchema>;
