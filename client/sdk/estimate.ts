import type { RoomStateMessage, RoomStateName } from '../../src/live/events';

export interface EstimateInput {
  /** 1 = next; undefined when it is not known. */
  position?: number;
  /** Places per second when it was last told, at `speedAt` (server time). */
  speed: number;
  speedAt: number;
  ratePerSecond: number;
  state: RoomStateName;
  /** ms since the Unix epoch, by the server's clock, like `now`. */
  opensAt: number;
  now: number;
}

/** A speed counts for this long without news, and for the time in which a slow line should have moved twice. */
const SPEED_LASTS_MS = 10_000;
const SLOW_MOVES = 2;

/** Whether the line will begin to move at the opening: also one that takes nobody more waits for it. */
export const isBeforeOpening = ({ state, opensAt, now }: Pick<EstimateInput, 'state' | 'opensAt' | 'now'>): boolean =>
  state === 'scheduled' || (state === 'draining' && now < opensAt);

/** Places per second now: as planned before the opening, 0 when the line stands, is paused, or has gone quiet. */
export function speedNow(input: Omit<EstimateInput, 'position'>): number {
  const { speed, speedAt, ratePerSecond, state, now } = input;
  if (isBeforeOpening(input)) return ratePerSecond;
  if ((state !== 'open' && state !== 'draining') || speed <= 0) return 0;
  const lasts = Math.max(SPEED_LASTS_MS, (SLOW_MOVES / speed) * 1000);
  return now - speedAt <= lasts ? speed : 0;
}

/** ms until the student is let in, or undefined when nobody can say: the line stands, or is paused. */
export function timeUntilTurn(input: EstimateInput): number | undefined {
  const speed = speedNow(input);
  if (speed <= 0 || input.position === undefined) return undefined;
  const untilOpening = isBeforeOpening(input) ? Math.max(0, input.opensAt - input.now) : 0;
  return untilOpening + (input.position / speed) * 1000;
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

/** What lies further ahead is said by its date alone; from here on a clock may count it down. */
export const LONGEST_COUNTDOWN_SECONDS = 86_400;

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
