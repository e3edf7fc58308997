import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { roomIdSchema } from '../contract/fields';
import { CheckedParam } from '../common/validation';
import { LineService } from '../line/line.service';
import type { RoomLine } from '../line/follower/room-line';
import { SeatStops } from '../registration/operators/seat-stops';
import type { RoomStateMessage } from '../contract/rooms';
import { roomMessage } from './push/room-message';

/** A room as anybody may see it. */
export interface RoomView extends RoomStateMessage {
  waiting: number;
  inside: number;
  /** The seats of the room's term stand still, since when and why in the operator's words; on a socket `seats:stopped`. */
  seatsStopped?: { reason: string; stoppedAt: number };
}

/** The rooms, for whoever is not on a socket yet. */
@ApiTags('rooms')
@Controller('api/rooms')
export class RoomsController {
  constructor(
    private readonly lines: LineService,
    private readonly stops: SeatStops,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'All rooms' })
  list(): RoomView[] {
    return [...this.lines.all()].map((line) => this.view(line));
  }

  @Get(':roomId')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'One room' })
  get(@CheckedParam('roomId', roomIdSchema) roomId: string): RoomView {
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
