import type { RoomStateMessage, RoomStateName } from '../../src/live/events';

export interface EstimateInput {
  /** 1 = next. */
  position: number;
  /** Places per second lately; 0 when the line stands. */
  speed: number;
  ratePerSecond: number;
  state: RoomStateName;
  /** ms since the Unix epoch, by the server's clock, like `now`. */
  opensAt: number;
  now: number;
}

/** Right after the opening the line has no speed of its own yet, and the room's rate is the better guess. */
const SPEED_SETTLES_MS = 10_000;

/** ms until the student is let in, or undefined when nobody can say: the line stands, or is paused. */
export function timeUntilTurn(input: EstimateInput): number | undefined {
  const { position, speed, ratePerSecond, state, opensAt, now } = input;
  if (state === 'scheduled') {
    return ratePerSecond > 0 ? Math.max(0, opensAt - now) + (position / ratePerSecond) * 1000 : undefined;
  }
  if (state !== 'open' && state !== 'draining') return undefined;
  if (speed > 0) return (position / speed) * 1000;
  const justOpened = now - opensAt < SPEED_SETTLES_MS;
  return justOpened && ratePerSecond > 0 ? (position / ratePerSecond) * 1000 : undefined;
}

export type RoundedTime = { unit: 'moment' | 'minutes' | 'hours'; count: number };

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** An estimate as people say it: under a minute, whole minutes, and from 90 minutes on half hours. Rounded up. */
export function roundedTime(ms: number): RoundedTime {
  if (ms < 0.75 * MINUTE_MS) return { unit: 'moment', count: 0 };
  if (ms < 90 * MINUTE_MS) return { unit: 'minutes', count: Math.ceil(ms / MINUTE_MS) };
  return { unit: 'hours', count: Math.ceil((ms / HOUR_MS) * 2) / 2 };
}

/** What is left until `endsAt` as whole seconds, never negative, rounded up so that 0 means over. */
export function secondsLeft(endsAt: number, now: number): number {
  return Math.max(0, Math.ceil((endsAt - now) / 1000));
}

/** `1:05:09`, `12:04`, `0:09`. */
export function clockFace(totalSeconds: number): string {
  const hours = Math.floor(totalSeconds / 3600);
  const minutes = Math.floor((totalSeconds % 3600) / 60);
  const seconds = String(totalSeconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** The room's state at `now` (server time): a room that was told about before its opening opens by the clock. */
export function roomStateAt(room: Pick<RoomStateMessage, 'state' | 'opensAt'>, now: number): RoomStateName {
  return room.state === 'scheduled' && now >= room.opensAt ? 'open' : room.state;
}
