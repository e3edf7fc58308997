import { Injectable } from '@nestjs/common';
import type { RoomReport, RoomSettings } from '../contract/operate/rooms';
import { lotteryView } from '../line/lottery';
import { LineService } from '../line/line.service';
import type { Room } from '../room/room';

/** Rooms as operators see them, by what this pod knows. */
@Injectable()
export class RoomReports {
  constructor(private readonly lines: LineService) {}

  of(room: Room): RoomReport {
    const line = this.lines.has(room.id) ? this.lines.line(room.id) : undefined;
    const replica = line?.replica;
    return {
      ...settingsOf(room),
      lottery: lotteryView(room, replica),
      state: line?.available && replica ? replica.state : 'unavailable',
      epoch: line?.ref?.epoch ?? null,
      waiting: line?.counts.waiting ?? 0,
      present: line?.counts.present ?? 0,
      inside: line?.counts.inside ?? 0,
      speed: replica?.speed() ?? 0,
      trailLag: Math.max(0, (replica?.sequence ?? 0) - (line?.durableSequence ?? 0)),
    };
  }
}

/** Without what nobody may know. */
export function settingsOf({ lotterySeed: _secret, nonce: _life, ...settings }: Room): RoomSettings {
  return settings;
}
