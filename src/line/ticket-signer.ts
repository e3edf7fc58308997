import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { DomainError } from '../common/domain-error';
import { SigningKeys } from '../identity/signing-keys';
import type { Ticket } from './ticket';

const claimsSchema = z.object({
  room: z.string(),
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

/** Signs tickets (HMAC), so that a student can prove the place when every store has forgotten it. */
@Injectable()
export class TicketSigner {
  constructor(private readonly keys: SigningKeys) {}

  sign(ticket: Ticket): string {
    return this.keys.signCompact('ticket', {
      room: ticket.roomId,
      epoch: ticket.epoch,
      number: ticket.number,
      student: ticket.studentId,
      joined: ticket.joinedAt,
    });
  }

  /** @throws DomainError `ticket_invalid` when it is forged, unreadable, or another room's or student's */
  verify(signed: string, roomId: string, studentId: string): PresentedTicket {
    const claims = claimsSchema.safeParse(this.keys.verifyCompact('ticket', signed));
    if (!claims.success || claims.data.room !== roomId || claims.data.student !== studentId) {
      throw new DomainError('ticket_invalid', 'This ticket is not valid for you in this room.', { roomId });
    }
    return { epoch: claims.data.epoch, number: claims.data.number, joinedAt: claims.data.joined };
  }
}
