import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CheckedParam, roomIdSchema } from '../common/validation';
import { LineService } from '../line/line.service';
import type { RoomLine } from '../line/room-line';
import type { RoomStateMessage } from './events';
import { roomMessage } from './push/room-message';

/** A room as anybody may see it. */
export interface RoomView extends RoomStateMessage {
  waiting: number;
  inside: number;
}

/** The rooms, for whoever is not on a socket yet. */
@ApiTags('rooms')
@Controller('api/rooms')
export class RoomsController {
  constructor(private readonly lines: LineService) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'All rooms' })
  list(): RoomView[] {
    return [...this.lines.all()].map(view);
  }

  @Get(':roomId')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'One room' })
  get(@CheckedParam('roomId', roomIdSchema) roomId: string): RoomView {
    return view(this.lines.line(roomId));
  }
}

function view(line: RoomLine): RoomView {
  return { ...roomMessage(line), waiting: line.replica?.total ?? 0, inside: line.counts.inside };
}
