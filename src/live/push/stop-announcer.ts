import { Injectable, OnModuleInit } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type SeatStop, SeatStops } from '../../registration/operators/seat-stops';
import type { SeatsStoppedMessage } from '../../contract/seats';
import { LiveSessions } from '../live-sessions';
import type { LiveSocket } from '../session';

/** Sockets told before the event loop gets a turn. */
const SLICE = 250;

/** Tells the sockets of this pod which terms' seats stand still, and why. */
@Injectable()
export class StopAnnouncer implements OnModuleInit {
  private newest: SeatsStoppedMessage = { terms: [] };

  constructor(
    private readonly stops: SeatStops,
    private readonly sessions: LiveSessions,
  ) {}

  onModuleInit(): void {
    this.stops.onChanged((stops) => this.tellAll(stops));
  }

  /** Who comes is told what stands still, if anything does. */
  greet(socket: LiveSocket): void {
    if (this.newest.terms.length > 0) socket.emit('seats:stopped', this.newest);
  }

  /** In slices, for there may be thousands of sockets; a newer word supersedes what is still under way. */
  private async tellAll(stops: readonly SeatStop[]): Promise<void> {
    const message = { terms: stops.map(({ termId, reason, stoppedAt }) => ({ termId, reason, stoppedAt })) };
    this.newest = message;
    let told = 0;
    for (const { socket } of [...this.sessions.all()]) {
      if (this.newest !== message) return;
      socket.emit('seats:stopped', message);
      told += 1;
      if (told % SLICE === 0) await nextTurn();
    }
  }
}
