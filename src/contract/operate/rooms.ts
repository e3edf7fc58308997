import { z } from 'zod';
import { call, type Calls } from '../call';
import { atSchema, countSchema, noteBody, roomIdSchema, slug, termIdSchema } from '../fields';
import { LINE_ERRORS } from '../line';
import { momentSchema } from '../moment';
import { lotterySchema, roomStateNameSchema } from '../rooms';

/** What an operator says about a room. `auto` follows the schedule. */
const roomControlSchema = z.enum(['auto', 'paused', 'draining', 'closed']);

const seconds = (least: number, most: number) => z.number().min(least).max(most);

const settings = {
  name: z.string().trim().min(1).max(200),
  opensAt: momentSchema,
  /** Kept in steps of 0.001; a slower rate than that would silently be none. */
  ratePerSecond: z
    .number()
    .min(0)
    .max(10_000)
    .refine((rate) => rate === 0 || rate >= 0.001, '0, or at least 0.001')
    .transform((rate) => Math.round(rate * 1_000) / 1_000),
  capacity: z.int().min(0).max(1_000_000),
  leaseSeconds: seconds(5, 86_400),
  graceSeconds: seconds(1, 86_400),
  noShowSeconds: seconds(1, 86_400),
  graceBeforeOpening: z.boolean(),
  notice: z.string().trim().max(500),
  control: roomControlSchema,
};

/** What an operator says to make a room. What is left out takes the configured default. */
export const createRoomSchema = z
  .strictObject({
    id: slug,
    termId: slug.describe('A term whose sections are here, unless `site` says otherwise'),
    site: z
      .boolean()
      .default(false)
      .describe(
        'It stands in front of another site, which verifies the admissions; the term is known there and not here',
      ),
    lottery: z.boolean().optional().describe('A lottery decides the order of those who come before the opening'),
    ...settings,
    ratePerSecond: settings.ratePerSecond.optional(),
    capacity: settings.capacity.optional(),
    leaseSeconds: settings.leaseSeconds.optional(),
    graceSeconds: settings.graceSeconds.optional(),
    noShowSeconds: settings.noShowSeconds.optional(),
    graceBeforeOpening: settings.graceBeforeOpening.default(false),
    notice: settings.notice.default(''),
    control: settings.control.default('auto'),
  })
  .meta({
    example: {
      id: 'late-2025',
      termId: '20251',
      name: 'Late registration',
      opensAt: '2027-02-15T09:00:00+09:00',
      ratePerSecond: 5,
      capacity: 500,
      leaseSeconds: 900,
      graceSeconds: 300,
      notice: 'Questions: registrar@example.edu',
    },
  });

/** What an operator says to change a room; at least one setting. */
export const changeRoomSchema = z
  .strictObject(settings)
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'name at least one setting to change')
  .meta({ example: { opensAt: '2027-02-15T10:00:00+09:00', notice: 'We open an hour later, at 10:00.' } });

/** What operators may know of a room's settings. */
export const roomSettingsSchema = z
  .object({
    id: roomIdSchema,
    termId: termIdSchema,
    site: z.boolean().describe('It stands in front of another site; nobody here knows the term'),
    name: z.string(),
    version: z.int(),
    control: roomControlSchema,
    opensAt: atSchema.describe('ms since the Unix epoch, by the line store’s clock'),
    ratePerSecond: z.number().describe('Most admissions per second'),
    capacity: countSchema.describe('Most students inside at once'),
    leaseMs: z.number().describe('How long an admission lasts, ms'),
    graceMs: z.number().describe('How long an away student keeps the place, ms'),
    graceBeforeOpening: z
      .boolean()
      .describe('Being away costs the place also before the room has let anybody in, and while it is postponed'),
    noShowMs: z.number().describe('How long an admission waits for its acknowledgement, ms'),
    notice: z.string(),
    createdAt: atSchema.describe('ms since the Unix epoch, by the database’s clock; 0 when it is not known'),
    archivedAt: atSchema.describe(
      'ms since the Unix epoch, by the database’s clock; 0 for a room that is not archived',
    ),
  })
  .meta({ id: 'RoomSettings' });

/** A room as operators see it. */
export const roomReportSchema = roomSettingsSchema
  .extend({
    lottery: lotterySchema.optional(),
    state: z.enum([...roomStateNameSchema.options, 'unavailable']),
    epoch: z.int().nullable(),
    waiting: countSchema,
    present: countSchema,
    inside: countSchema,
    speed: z.number().describe('Admissions per second over the last ten seconds'),
    trailLag: countSchema.describe('Events that the trail does not hold yet'),
  })
  .meta({ id: 'RoomReport' });

/** As the line has it, however the student's university wrote it then. */
const studentInLine = { studentId: z.string().min(1).max(64).meta({ example: '20261234' }) };

const operator = { tag: 'operator', access: 'operator' } as const;
const one = '/api/operator/rooms/{roomId}';
const change = {
  ...operator,
  method: 'post',
  answer: roomReportSchema,
  errors: ['room_not_found', 'conflict'],
} as const;
const byHand = {
  parameters: studentInLine,
  errors: ['room_not_found', 'room_closed', 'not_in_line', ...LINE_ERRORS],
} as const;

export const roomOperatorCalls = {
  operatorRooms: call({
    ...{ method: 'get', path: '/api/operator/rooms', ...operator },
    summary: 'All rooms with their settings and live counts; or the archived ones, with their settings',
    query: z.object({ archived: z.enum(['true']).optional().catch(undefined) }),
    answer: z.union([z.array(roomReportSchema), z.array(roomSettingsSchema)]),
  }),
  operatorRoom: call({
    ...{ method: 'get', path: one, ...operator },
    summary: 'One room with its settings and live counts',
    answer: roomReportSchema,
    errors: ['room_not_found'],
  }),
  createRoom: call({
    ...{ method: 'post', path: '/api/operator/rooms', ...operator, status: 201 },
    summary: 'Make a room',
    body: createRoomSchema,
    answer: roomReportSchema,
    errors: ['not_found', 'conflict'],
  }),
  changeRoom: call({
    ...{ ...change, method: 'patch', path: one },
    summary: 'Change a room: pace, schedule, notice, control; in force on every pod at once',
    body: changeRoomSchema,
  }),
  pauseRoom: call({
    ...{ ...change, path: `${one}/pause` },
    summary: 'Nobody is let in until the room is resumed; joining goes on',
  }),
  resumeRoom: call({ ...change, path: `${one}/resume`, summary: 'The room follows its schedule again' }),
  drainRoom: call({
    ...{ ...change, path: `${one}/drain` },
    summary: 'Nobody new may join; those in line are still let in, from the opening on',
  }),
  closeRoom: call({
    ...{ ...change, path: `${one}/close` },
    summary: 'The room ends: every ticket and admission ends with it',
  }),
  archiveRoom: call({
    ...{ method: 'post', path: `${one}/archive`, ...operator },
    summary: 'Put a closed room away: nobody sees it any more, its line is freed, its trail stays',
    body: noteBody('The term is over'),
    answer: roomSettingsSchema,
    errors: ['room_not_found', 'conflict', ...LINE_ERRORS],
  }),
  restoreRoom: call({
    ...{ method: 'post', path: `${one}/restore`, ...operator },
    summary: 'Take an archived room back, closed as it was',
    body: noteBody('Archived by mistake: there is one more day for late registration'),
    answer: roomSettingsSchema,
    errors: ['room_not_found', 'not_found', 'conflict'],
  }),
  deleteRoom: call({
    ...{ method: 'delete', path: one, ...operator, role: 'owner' },
    summary: 'Delete an archived room with its trail and admissions; who did it, and why, stays on record',
    body: noteBody('Kept for a year, as our data policy asks'),
    answer: z.object({ roomId: roomIdSchema, deleted: z.literal(true) }),
    errors: ['room_not_found', 'conflict', ...LINE_ERRORS],
  }),
  admitStudent: call({
    ...{ method: 'post', path: `${one}/students/{studentId}/admit`, ...operator, ...byHand },
    summary: 'Let one waiting student in by hand (accommodations); the reason goes to the trail',
    body: noteBody('Accommodation: cannot wait in line, see the letter of 2 February'),
    answer: z.object({ studentId: z.string(), state: z.string(), number: z.int(), expiresAt: atSchema.optional() }),
  }),
  removeStudent: call({
    ...{ method: 'delete', path: `${one}/students/{studentId}`, ...operator, ...byHand },
    summary: 'Take a student’s place or admission away; the reason goes to the trail',
    body: noteBody('Asked for it by phone'),
    answer: z.object({ studentId: z.string(), state: z.string(), number: z.int() }),
  }),
} satisfies Calls;

export type RoomControl = z.infer<typeof roomControlSchema>;
export type CreateRoom = z.infer<typeof createRoomSchema>;
export type ChangeRoom = z.infer<typeof changeRoomSchema>;
export type RoomSettings = z.infer<typeof roomSettingsSchema>;
export type RoomReport = z.infer<typeof roomReportSchema>;
