import { Controller } from '@nestjs/common';
import { Asked, Serves } from '../common/serves';
import type { AskedOf } from '../contract/call';
import { roomCalls, type RoomView } from '../contract/rooms';
import { LineService } from '../line/line.service';
import type { RoomLine } from '../line/follower/room-line';
import { SeatStops } from '../registration/operators/seat-stops';
import { roomMessage } from './push/room-message';

/** The rooms, for whoever is not on a socket yet. */
@Controller()
export class RoomsController {
  constructor(
    private readonly lines: LineService,
    private readonly stops: SeatStops,
  ) {}

  @Serves(roomCalls.rooms)
  list(): RoomView[] {
    return [...this.lines.all()].map((line) => this.view(line));
  }

  @Serves(roomCalls.room)
  get(@Asked() { path: { roomId } }: AskedOf<typeof roomCalls.room>): RoomView {
    return this.view(this.lines.line(roomId));
  }

  private view(line: RoomLine): RoomView {
    const stop = this.stops.all().find(({ termId }) => termId === line.room.termId);
    return {
      ...roomMessage(line),
      waiting: line.replica?.total ?? 0,
      inside: line.counts.inside,
      ...(stop && { seatsStopped: { reason: stop.reason, stoppedAt: stop.stoppedAt } }),
    };
  }
}
