import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { DomainError } from '../common/domain-error';
import { SigningKeys } from '../identity/signing-keys';
import type { Room } from '../room/room';
import type { Ticket } from './ticket';

/** How far the clock of who made a room may have been ahead of the line's, ms, where only the time tells lives apart. */
const CLOCKS_APART_MS = 60_000;

const claimsSchema = z.object({
  room: z.string(),
  /** The room's nonce; tickets that pods gave before rooms had one say nothing of it. */
  life: z.string().optional(),
  epoch: z.int().min(1),
  number: z.int().min(1),
  student: z.string(),
  joined: z.int(),
});

/** What a signed ticket says. */
export interface PresentedTicket {
  epoch: number;
  number: number;
  /** Store time of the join, ms. */
  joinedAt: number;
}

/** What tells one life of a room from another one with the same id. */
export type RoomLife = Pick<Room, 'id' | 'nonce' | 'createdAt'>;

/**
 * Signs tickets (HMAC), so that a student can prove the place when every store has forgotten it. A ticket is good for the
 * life of the room that gave it: one of a rehearsal proves nothing in a room that was made anew under the same id and
 * with the same keys.
 */
@Injectable()
export class TicketSigner {
  constructor(private readonly keys: SigningKeys) {}

  sign(ticket: Ticket, { nonce }: RoomLife): string {
    return this.keys.signCompact('ticket', {
      room: ticket.roomId,
      ...(nonce !== '' && { life: nonce }),
      epoch: ticket.epoch,
      number: ticket.number,
      student: ticket.studentId,
      joined: ticket.joinedAt,
    });
  }

  /**
   * @throws DomainError `ticket_invalid` when it is forged, unreadable, another room's or student's, or of another life of
   * the room
   */
  verify(signed: string, room: RoomLife, studentId: string): PresentedTicket {
    const claims = claimsSchema.safeParse(this.keys.verifyCompact('ticket', signed));
    const { data } = claims;
    if (!data || data.room !== room.id || data.student !== studentId || !isOfThisLife(data, room)) {
      throw new DomainError('ticket_invalid', 'This ticket is not valid for you in this room.', { roomId: room.id });
    }
    return { epoch: data.epoch, number: data.number, joinedAt: data.joined };
  }
}

/** A ticket that names no life is of this one if it is not older than the room. */
function isOfThisLife({ life, joined }: z.infer<typeof claimsSchema>, { nonce, createdAt }: RoomLife): boolean {
  return life === undefined ? joined >= createdAt - CLOCKS_APART_MS : life === nonce;
}
