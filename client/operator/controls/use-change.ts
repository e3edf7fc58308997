import type { RoomReport } from '../../../src/contract/operate/rooms';
import type { RoomChange } from '../api';
import { useConsole } from '../console-context';
import { useSay } from '../parts/said';

/** A question before a room is changed. */
export interface ControlDialogProps {
  room: RoomReport;
  onClose: () => void;
}

/** What has to be said to the service to have these settings as they are now. */
function asBefore(room: RoomReport, change: RoomChange): RoomChange {
  const names = Object.keys(change) as (keyof RoomChange)[];
  const settings = names.flatMap((name): [string, unknown][] =>
    name in room ? [[name, room[name as keyof RoomReport]]] : [],
  );
  return Object.fromEntries(settings);
}

/** Changes the room, says so, and offers the way back. */
export function useChange(room: RoomReport): (change: RoomChange, said: string, undo?: boolean) => Promise<void> {
  const { api } = useConsole();
  const say = useSay();
  return async (change, said, undo = true) => {
    const before = asBefore(room, change);
    await api.changeRoom(room.id, change);
    say(said, undo ? () => api.changeRoom(room.id, before).then(() => undefined) : undefined);
  };
}
