import type { RoomSettings, RoomReport } from '../contract/operate/rooms';
import type { LineService } from '../line/line.service';
import { lotteryView } from '../line/lottery';
import type { Room } from '../room/room';

export function settingsOf({ lotterySeed: _secret, nonce: _life, ...settings }: Room): RoomSettings {
  return settings;
}

export function roomReport(room: Room, lines: LineService): RoomReport {
  const line = lines.has(room.id) ? lines.line(room.id) : undefined;
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
