import type {
  ConsoleSnapshot,
  ConsoleTick,
  LineHistory,
  PodReport,
  ServiceHistory,
} from '../../src/contract/operate/console';
import type { RoomReport } from '../../src/contract/operate/rooms';

/** What the console knows, put together from the stream. */
export interface FeedState {
  rooms: ReadonlyMap<string, RoomReport>;
  terms: readonly { id: string; name: string }[];
  stops: ConsoleSnapshot['stops'];
  pods: readonly PodReport[];
  lines: Readonly<Record<string, LineHistory>>;
  service: ServiceHistory;
  /** By the server's clock, ms since the Unix epoch. */
  toldAt: number;
}

/** As much as the service keeps. */
const KEPT_MS = 15 * 60_000;

type Columns = { at: number[] };

export function begin({ rooms, serverTime, ...same }: ConsoleSnapshot): FeedState {
  return { ...same, rooms: new Map(rooms.map((room) => [room.id, room])), toldAt: serverTime };
}

/** Nothing that has not changed is made anew, so that nothing of it is drawn anew. */
export function advance(state: FeedState, tick: ConsoleTick): FeedState {
  const oldest = tick.serverTime - KEPT_MS;
  const lines = { ...state.lines };
  for (const [roomId, latest] of Object.entries(tick.lines ?? {})) {
    lines[roomId] = merged(lines[roomId], latest, oldest);
  }
  for (const roomId of tick.gone ?? []) delete lines[roomId];
  return {
    ...state,
    rooms: roomsAfter(state.rooms, tick),
    stops: tick.stops ?? state.stops,
    pods: tick.pods ?? state.pods,
    lines,
    service: tick.service ? withService(state.service, tick.service, oldest) : state.service,
    toldAt: tick.serverTime,
  };
}

function roomsAfter(rooms: FeedState['rooms'], { rooms: changed, gone }: ConsoleTick): FeedState['rooms'] {
  if (!changed && !gone) return rooms;
  const next = new Map(rooms);
  for (const room of changed ?? []) next.set(room.id, room);
  for (const roomId of gone ?? []) next.delete(roomId);
  return next;
}

/** The samples known, with the latest in the place of what was known of them; without those that are too old. */
function merged<T extends Columns>(known: T | undefined, latest: T, oldest: number): T {
  if (!known) return latest;
  const [first = Infinity] = latest.at;
  const kept = known.at.map((at, index) => ({ at, index })).filter(({ at }) => at < first && at >= oldest);
  const columns = Object.keys(latest).map((name): [string, number[]] => {
    const before = (known as Record<string, number[]>)[name] ?? [];
    const after = (latest as Record<string, number[]>)[name] ?? [];
    return [name, [...kept.map(({ index }) => before[index] ?? 0), ...after]];
  });
  return Object.fromEntries(columns) as unknown as T;
}

/** The codes of refusals are columns, too, and one that is new was 0 before. */
function withService(known: ServiceHistory, latest: ServiceHistory, oldest: number): ServiceHistory {
  const { refused: before, ...figures } = known;
  const { refused: after, ...latestFigures } = latest;
  const codes = new Set([...Object.keys(before), ...Object.keys(after)]);
  const column = (of: Record<string, number[]>, code: string, length: number) =>
    of[code] ?? Array<number>(length).fill(0);
  const refused = [...codes].map((code): [string, number[]] => {
    const was = { at: known.at, count: column(before, code, known.at.length) };
    const is = { at: latest.at, count: column(after, code, latest.at.length) };
    return [code, merged(was, is, oldest).count];
  });
  return { ...merged(figures, latestFigures, oldest), refused: Object.fromEntries(refused) };
}
