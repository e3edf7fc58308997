import { Injectable, OnModuleInit } from '@nestjs/common';
import { type SeatStop, SeatStops } from '../../registration/operators/seat-stops';
import type { SeatsStoppedMessage } from '../../contract/seats';
import { LiveSessions } from '../live-sessions';
import type { LiveSocket } from '../session';
import { Broadcaster } from './broadcaster';

/** Tells the sockets of this pod which terms' seats stand still, and why. */
@Injectable()
export class StopAnnouncer implements OnModuleInit {
  private newest: SeatsStoppedMessage = { terms: [] };

  constructor(
    private readonly stops: SeatStops,
    private readonly sessions: LiveSessions,
    private readonly broadcaster: Broadcaster,
  ) {}

  onModuleInit(): void {
    this.stops.onChanged((stops) => this.tellAll(stops));
  }

  /** Who comes is told what stands still, if anything does. */
  greet(socket: LiveSocket): void {
    if (this.newest.terms.length > 0) socket.emit('seats:stopped', this.newest);
  }

  private tellAll(stops: readonly SeatStop[]): Promise<void> {
    const message = { terms: stops.map(({ termId, reason, stoppedAt }) => ({ termId, reason, stoppedAt })) };
    this.newest = message;
    return this.broadcaster.tell(this, this.sessions.all(), 'seats:stopped', message);
  }
}
