import { z } from 'zod';
import { momentSchema } from '../contract/moment';
import { slug } from '../contract/fields';
import type { RoomControl } from './room-state';

/** A room's settings, as every pod holds them. */
export interface Room {
  id: string;
  termId: string;
  /** It stands in front of another site; nobody here knows the term. */
  site: boolean;
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
  /** Being away costs the place also before the room has let anybody in, and while it is postponed. */
  graceBeforeOpening: boolean;
  /** How long an admission waits for its acknowledgement, ms. */
  noShowMs: number;
  /** Secret of the room's lottery until it is drawn; '' for a room without one. */
  lotterySeed: string;
  notice: string;
  /**
   * Random, made with the room: names this life of it, for another one may have had the same id. '' when a pod made it that
   * knew of no lives.
   */
  nonce: string;
  /** ms since the Unix epoch, by the database's clock; 0 when it is not known. */
  createdAt: number;
  /** ms since the Unix epoch, by the database's clock; 0 for a room that is not archived. No pod follows an archived one. */
  archivedAt: number;
}

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
  control: z.enum(['auto', 'paused', 'draining', 'closed']),
};

/** What an operator says to make a room. What is left out takes the configured default. */
export const createRoomSchema = z
  .strictObject({
    id: slug,
    /** A term whose sections are here, unless `site` says otherwise. */
    termId: slug,
    /** The room stands in front of another site, which verifies the admissions; the term is known there and not here. */
    site: z.boolean().default(false),
    /** A lottery decides the order of those who come before the opening. */
    lottery: z.boolean().optional(),
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

export type CreateRoom = z.infer<typeof createRoomSchema>;
export type ChangeRoom = z.infer<typeof changeRoomSchema>;
