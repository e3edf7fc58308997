import { z } from 'zod';
import { type AnswerOf, call, type Calls } from '../call';
import { atSchema, countSchema, roomIdSchema, serverTimeSchema, termIdSchema } from '../fields';
import { mailSchema } from '../mails';
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

/** One change of one setting of a room. */
const changedSettingSchema = z.object({ setting: z.string(), from: z.unknown(), to: z.unknown() });

/** Something that an operator did. */
export const auditEntrySchema = z
  .object({
    id: z.string(),
    at: atSchema,
    operator: z.string().describe('`system` for what the service did by itself'),
    about: z.enum(['room', 'seats', 'operator']).describe('Which record says it'),
    act: z.string(),
    note: z.string().describe('Why, in the operator’s words; empty where nobody asks'),
    roomId: z.string().optional(),
    version: z.int().optional().describe('Of the room, after it'),
    termId: z.string().optional(),
    sectionId: z.string().optional(),
    studentId: z.string().optional(),
    changes: z.array(changedSettingSchema).optional().describe('Of a room; times in ms'),
    details: z.unknown().optional(),
  })
  .meta({ id: 'AuditEntry' });

const auditQuerySchema = z.strictObject({
  before: z.coerce
    .number()
    .int()
    .positive()
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('`next` of the page before'),
  roomId: z.string().max(40).optional().describe('Only what was done to this room'),
  studentId: z.string().max(64).optional().describe('Only what was done about this student'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('1 to 200, default 50'),
});

/** Where a student stands in one room. */
export const studentPlaceSchema = z.object({
  roomId: roomIdSchema,
  roomName: z.string(),
  unavailable: z.literal(true).optional().describe('The line cannot be asked now'),
  place: z
    .object({
      state: z.enum(['waiting', 'admitted', 'ended']),
      number: z.int(),
      position: z.int().optional().describe('1 = next'),
      joinedAt: atSchema,
      expiresAt: atSchema.optional().describe('Of the admission'),
      acknowledged: z.boolean().optional().describe('Whether the admission was heard of'),
      reason: z.string().optional().describe('Why it ended'),
    })
    .optional()
    .describe('Not there when the student has taken none, or it ended long ago'),
});

/** One line of the trail, about one student. */
export const trailLineSchema = z.object({
  roomId: roomIdSchema,
  at: atSchema,
  type: z.string().describe('`joined`, `away`, `back`, `drawn`, `admitted`, `acknowledged`, `ended`'),
  number: z.int().optional(),
  entry: z.int().optional().describe('Under which a drawn student had entered the lottery'),
  reason: z.string().optional().describe('Why it ended'),
  expiresAt: atSchema.optional().describe('Of the admission'),
  operator: z.string().optional().describe('Who did it by hand'),
  note: z.string().optional(),
});

const sectionOfStudent = { termId: termIdSchema, sectionId: z.string(), code: z.string(), title: z.string() };

/** Everything about one student, for whoever answers the telephone. */
export const studentFileSchema = z
  .object({
    student: z.object({
      id: z.string(),
      name: z.string(),
      classYear: z.string().optional(),
      email: z.string().optional(),
      language: z.string().optional().describe('Of mails'),
    }),
    signedIn: z.boolean().describe('Whether the student has ever signed in'),
    roster: z.enum(['none', 'listed', 'on_hold', 'not_listed']).describe('`none`: there is none in force'),
    sockets: countSchema.describe('Open on the pod that answers'),
    rooms: z.array(studentPlaceSchema),
    seats: z.array(z.object({ ...sectionOfStudent, enrolledAt: atSchema })),
    waits: z.array(
      z.object({
        ...sectionOfStudent,
        state: z.enum(['waiting', 'offered']),
        position: countSchema,
        joinedAt: atSchema,
        offerExpiresAt: atSchema.nullable(),
      }),
    ),
    mails: z.array(mailSchema).describe('Newest first'),
    trail: z.array(trailLineSchema).describe('Newest first, of the rooms that are not archived'),
  })
  .meta({ id: 'StudentFile' });

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
  operatorStudent: call({
    ...{ method: 'get', path: '/api/operator/students/{studentId}', tag: 'operator', access: 'operator' },
    summary: 'Everything about one student: places, seats, waits, mails, and the own line of the trail',
    answer: studentFileSchema,
    errors: ['not_found'],
  }),
  audit: call({
    ...{ method: 'get', path: '/api/operator/audit', tag: 'operator', access: 'operator' },
    summary: 'Who did what, when and why, newest first: to rooms, seats, students, and to the console itself',
    query: auditQuerySchema,
    answer: z.object({ entries: z.array(auditEntrySchema), next: z.int().nullable() }),
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
export type AuditEntry = z.infer<typeof auditEntrySchema>;
export type AuditPage = AnswerOf<typeof consoleCalls.audit>;
export type StudentPlace = z.infer<typeof studentPlaceSchema>;
export type TrailLine = z.infer<typeof trailLineSchema>;
export type StudentFile = z.infer<typeof studentFileSchema>;
export type OperatorSession = z.infer<typeof operatorSessionSchema>;
