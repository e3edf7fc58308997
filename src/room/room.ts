import { z } from 'zod';
import { slug } from '../common/validation';
import type { RoomControl } from './room-state';

/** A room's settings, as every pod holds them. */
export interface Room {
  id: string;
  termId: string;
  name: string;
  version: number;
  control: RoomControl;
  /** ms since the Unix epoch, by the line store's clock. */
  opensAt: number;
  /** Most admissions per second. */
  ratePerSecond: number;
  /** Most students inside at once. */
  capacity: number;
  /** How long an admission lasts, ms. */
  leaseMs: number;
  /** How long an away student keeps the place, ms. */
  graceMs: number;
  /** How long an admission waits for its acknowledgement, ms. */
  noShowMs: number;
  /** Secret of the room's lottery until it is drawn; '' for a room without one. */
  lotterySeed: string;
  notice: string;
}

const seconds = (least: number, most: number) => z.number().min(least).max(most);

/** The latest that a Date can be, ms. */
const LATEST = 8.64e15;

const settings = {
  name: z.string().trim().min(1).max(200),
  /** An ISO 8601 time with an offset, or ms since the Unix epoch. */
  opensAt: z
    .union([z.int().max(LATEST), z.iso.datetime({ offset: true })])
    .transform((value) => new Date(value).getTime())
    .pipe(z.int().min(0)),
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
  notice: z.string().trim().max(500),
  control: z.enum(['auto', 'paused', 'draining', 'closed']),
};

/** What an operator says to make a room. What is left out takes the configured default. */
export const createRoomSchema = z.strictObject({
  id: slug,
  termId: slug,
  /** A lottery decides the order of those who come before the opening. */
  lottery: z.boolean().optional(),
  ...settings,
  ratePerSecond: settings.ratePerSecond.optional(),
  capacity: settings.capacity.optional(),
  leaseSeconds: settings.leaseSeconds.optional(),
  graceSeconds: settings.graceSeconds.optional(),
  noShowSeconds: settings.noShowSeconds.optional(),
  notice: settings.notice.default(''),
  control: settings.control.default('auto'),
});

/** What an operator says to change a room; at least one setting. */
export const changeRoomSchema = z
  .strictObject(settings)
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'name at least one setting to change');

export type CreateRoom = z.infer<typeof createRoomSchema>;
export type ChangeRoom = z.infer<typeof changeRoomSchema>;
