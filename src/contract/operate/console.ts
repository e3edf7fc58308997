import { z } from 'zod';
import { call, type Calls } from '../call';
import { atSchema, countSchema, roomIdSchema, serverTimeSchema, termIdSchema } from '../fields';
import { roomReportSchema } from './rooms';

/** What an operator may do: a viewer reads, an operator steers, an owner also deletes for good. Each may what those before may. */
export const OPERATOR_ROLES = ['viewer', 'operator', 'owner'] as const;

export const operatorRoleSchema = z.enum(OPERATOR_ROLES);

/** What is written down of operators beside the versions of rooms and the acts on seats. */
export const OPERATOR_ACTS = [
  ...(['sign_in', 'sign_out', 'admit', 'remove', 'end_sign_ins', 'roster', 'mails'] as const),
] as const;

/** Who asks, as the console shows it. */
export const operatorSessionSchema = z
  .object({
    name: z.string(),
    role: operatorRoleSchema.describe('`viewer` changes nothing, `owner` may also delete rooms and terms for good'),
    expiresAt: atSchema.optional().describe('When the sign-in ends unless it is used; not there for a bearer token'),
  })
  .meta({ id: 'OperatorSession' });

/** How long one sample of the history is, ms. */
export const SAMPLE_MS = 2_000;

const counts = z.array(countSchema);

/** The last minutes of a line, a column for each figure; what belongs to one sample has the same index. */
export const lineHistorySchema = z.object({
  at: z.array(atSchema).describe('When each sample began, oldest first; one without anything to say is not there'),
  joined: counts.describe('Places taken in the sample'),
  admitted: counts,
  noShows: counts.describe('Admissions that nobody acknowledged in time'),
  waiting: counts.describe('At the end of the sample'),
  inside: counts,
  capacity: counts,
  rate: z.array(z.number()).describe('Most admissions per second, as the room was set; 0 while nobody was let in'),
});

/** The last minutes of seats and sockets, all pods together. */
export const serviceHistorySchema = z.object({
  at: z.array(atSchema),
  enrolled: counts.describe('Seats that were given'),
  requests: counts.describe('Requests for seats that were decided'),
  refused: z.record(z.string(), counts).describe('Sections that were refused, by code'),
  commitP50Ms: z.array(z.number()).describe('How long groups of requests took to commit; of the slowest pod'),
  commitP99Ms: z.array(z.number()),
  sockets: counts,
});

export const podReportSchema = z
  .object({
    podId: z.string(),
    version: z.string(),
    startedAt: atSchema,
    seenAt: atSchema.describe('When it spoke last'),
    sockets: countSchema,
    lagMs: z.number().describe('The longest that its event loop stood still in the last sample'),
    memoryBytes: countSchema,
    seatRequestsWaiting: countSchema,
    draining: z.boolean(),
  })
  .meta({ id: 'PodReport' });

const stopSchema = z.object({ termId: termIdSchema, reason: z.string(), operator: z.string(), stoppedAt: atSchema });

/** `event: snapshot`: everything, once, when the stream begins. */
export const consoleSnapshotSchema = z.object({
  serverTime: serverTimeSchema,
  rooms: z.array(roomReportSchema),
  terms: z.array(z.object({ id: termIdSchema, name: z.string() })),
  stops: z.array(stopSchema).describe('Terms whose seats stand still'),
  pods: z.array(podReportSchema),
  lines: z.record(roomIdSchema, lineHistorySchema),
  service: serviceHistorySchema,
});

/** `event: tick`: what has changed since, about every second. */
export const consoleTickSchema = z.object({
  serverTime: serverTimeSchema,
  rooms: z.array(roomReportSchema).optional().describe('Those that have changed'),
  gone: z.array(roomIdSchema).optional().describe('Rooms that were archived or deleted'),
  stops: z.array(stopSchema).optional().describe('All of them, when they have changed'),
  pods: z.array(podReportSchema).optional(),
  lines: z.record(roomIdSchema, lineHistorySchema).optional().describe('The latest samples; those known are replaced'),
  service: serviceHistorySchema.optional(),
});

const signInSchema = z
  .strictObject({ token: z.string().min(1).max(256).describe('One of OPERATOR_TOKENS, without its name') })
  .meta({ example: { token: 'kq3Zt9VbW7xLr2NfYc8Hs5Jd' } });

export const consoleCalls = {
  operatorSignIn: call({
    ...{ method: 'post', path: '/api/operator/sign-in', tag: 'operator', access: 'anyone' },
    summary: 'Sign in to the console by an operator token: a short-lived cookie for pages of this very origin',
    body: signInSchema,
    answer: operatorSessionSchema,
    errors: ['not_operator'],
  }),
  operatorSignOut: call({
    ...{ method: 'post', path: '/api/operator/sign-out', tag: 'operator', access: 'anyone' },
    summary: 'End this sign-in to the console, also for whoever has a copy of it',
  }),
  operatorMe: call({
    ...{ method: 'get', path: '/api/operator/me', tag: 'operator', access: 'operator' },
    summary: 'Who asks, and with which role; a cookie that is half over is given anew',
    answer: operatorSessionSchema,
  }),
  operatorStream: call({
    ...{ method: 'get', path: '/api/operator/stream', tag: 'operator', access: 'operator' },
    summary: 'What the console shows, as it happens: server-sent events, one `snapshot` and then a `tick` each second',
    description:
      'Rooms with their live counts, the last quarter of an hour of each line, seats, stops and pods. It ends with the ' +
      'sign-in, and when the pod stops; another pod goes on with it.',
    answer: 'events',
  }),
} satisfies Calls;

export type OperatorActKind = (typeof OPERATOR_ACTS)[number];
export type OperatorRole = z.infer<typeof operatorRoleSchema>;
export type LineHistory = z.infer<typeof lineHistorySchema>;
export type ServiceHistory = z.infer<typeof serviceHistorySchema>;
export type PodReport = z.infer<typeof podReportSchema>;
export type ConsoleSnapshot = z.infer<typeof consoleSnapshotSchema>;
export type ConsoleTick = z.infer<typeof consoleTickSchema>;
export type OperatorSession = z.infer<typeof operatorSessionSchema>;
