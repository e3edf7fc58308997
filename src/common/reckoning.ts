/**
 * Dead reckoning: what a student sees between two messages. The page moves the number on by itself, and the server, which
 * reckons the same, tells the true one when the two have drifted apart. Both run this very file.
 *
 * Times are ms on the clock of the line's store, as everything that is told.
 */

/** A place in line as it was told last. */
export interface Reckoning {
  /** 1 = next. */
  readonly position: number;
  /** When that was true. */
  readonly at: number;
  /** Places per second at which the number moves on; 0: it stands. */
  readonly pace: number;
}

/** Up to here every place counts; beyond, a share of the position. */
export const FRONT = 100;
export const TOLERATED_SHARE = 0.01;
/** An exact position is told again after this time at the latest, ms. */
export const RENEWED_AFTER_MS = 15_000;
/** The number moves on for so long without news, ms: until it is renewed, and the time that may take on a bad network. */
export const MOVES_FOR_MS = 20_000;

/** By how many places the shown number may be off, when this is the true one. */
export const tolerance = (position: number): number => (position <= FRONT ? 1 : position * TOLERATED_SHARE);

/**
 * The lowest number to which it moves by itself: in the front one place, from further back as far as the front, and never
 * to "you are next". Whoever is there is told soon enough, and a line that stops has nobody shown too far ahead.
 */
function lowest(position: number): number {
  if (position <= 2) return position;
  return Math.max(2, position > FRONT ? FRONT : position - 1);
}

/** The number at `now`, as told and moved on. What is shown is the lowest of it so far: it never rises. */
export function reckon({ position, at, pace }: Reckoning, now: number): number {
  const elapsed = Math.min(Math.max(0, now - at), MOVES_FOR_MS);
  return Math.max(position - Math.floor((pace * elapsed) / 1_000), lowest(position));
}

/** Somebody is told when the number is off by this share of what is tolerated: it goes on until the next look, and the way. */
const TOLD_AT = 0.8;

/** Whether the true position has to be told, because the reckoned one is off. */
export const isOff = (told: Reckoning, position: number, now: number): boolean =>
  Math.abs(reckon(told, now) - position) > Math.max(1, tolerance(position) * TOLD_AT);

/** When it will be lower than `shown`; Infinity for not before the next message. */
export function movesAt({ position, at, pace }: Reckoning, shown: number): number {
  if (pace <= 0 || shown - 1 < lowest(position)) return Infinity;
  const afterMs = ((position - (shown - 1)) * 1_000) / pace;
  return afterMs <= MOVES_FOR_MS ? at + afterMs : Infinity;
}

/** Nobody moves it on any more: from `now` on it stands where it is. */
export const halted = (told: Reckoning, now: number): Reckoning => ({
  ...{ position: reckon(told, now), at: now, pace: 0 },
});
