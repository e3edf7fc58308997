import { MOVES_FOR_MS } from '../../src/common/reckoning';
import type { LineFlow } from '../../src/contract/line';
import type { RoomStateMessage, RoomStateName } from '../../src/contract/rooms';

export interface EstimateInput {
  /** 1 = next; undefined when it is not known. */
  position?: number;
  /** How full it is inside, and how long students stay; undefined until the service has said it. */
  flow?: LineFlow;
  /** Places per second when it was last told, at `speedAt` (server time). */
  speed: number;
  speedAt: number;
  ratePerSecond: number;
  state: RoomStateName;
  /** ms since the Unix epoch, by the server's clock, like `now`. */
  opensAt: number;
  now: number;
}

/** From the least to the most that it may be, in ms or places per second. */
export interface Range {
  least: number;
  most: number;
}

/** A speed counts for as long as numbers move on without news, and for the time in which a slow line should have moved twice. */
const SPEED_LASTS_MS = MOVES_FOR_MS;
const SLOW_MOVES = 2;
/** Students are no clockwork: what is measured may be so much more or less for those who come next. */
const CHANCE = 0.15;
/** A speed is said where the slowest and the fastest that it may be differ by no more than this factor. */
const SURE_WITHIN = 3;
/** A line this fast moves often enough in the ten seconds over which the service measures it, places per second. */
const MEASURABLE = 1;

/** Free places that are taken within so long leave a room as full as before, seconds. */
const MOMENT_SECONDS = 2;
/** What was told of a room may be so old: one that could be full by now moves as students finish, seconds. */
const TOLD_WITHIN_SECONDS = 3;

/** Whether the line will begin to move at the opening: also one that takes nobody more waits for it. */
export const isBeforeOpening = ({ state, opensAt, now }: Pick<EstimateInput, 'state' | 'opensAt' | 'now'>): boolean =>
  state === 'scheduled' || (state === 'draining' && now < opensAt);

const letsIn = (input: Pick<EstimateInput, 'state' | 'opensAt' | 'now'>): boolean =>
  !isBeforeOpening(input) && (input.state === 'open' || input.state === 'draining');

/** How many a full room lets in per second when everybody stays for so long. */
const exitsPerSecond = (capacity: number, stayMs: number): number =>
  stayMs > 0 ? (capacity * 1000) / stayMs : Infinity;

type MovingLine = Pick<EstimateInput, 'flow' | 'state' | 'opensAt' | 'now'>;

/** Whether nobody can go in although the room is open: its pace or its capacity is 0. */
export const isShut = (input: MovingLine): boolean =>
  letsIn(input) && input.flow !== undefined && (input.flow.capacity === 0 || input.flow.ratePerSecond === 0);

/**
 * Whether (nearly) everybody who may be inside is, and the line moves as they finish. A place that is taken again within a
 * moment makes no difference.
 */
export function isFull(input: MovingLine): boolean {
  const { flow } = input;
  if (!flow || !letsIn(input) || isShut(input)) return false;
  const { inside, capacity, ratePerSecond, stayMs } = flow;
  if (inside >= capacity) return true;
  return capacity - inside <= ratePerSecond * MOMENT_SECONDS && exitsPerSecond(capacity, stayMs.least) < ratePerSecond;
}

/** Places per second by what the line did lately: 0 when it stands, is paused, or has gone quiet. */
function measuredSpeed({ speed, speedAt, now, ...input }: EstimateInput): number {
  if (!letsIn({ ...input, now }) || speed <= 0) return 0;
  const lasts = Math.max(SPEED_LASTS_MS, (SLOW_MOVES / speed) * 1000);
  return now - speedAt <= lasts ? speed : 0;
}

/** Places per second now: planned before the opening, 0 when nobody goes in, undefined when nobody can say. */
export function speedNow(input: EstimateInput): number | undefined {
  const { flow, ratePerSecond } = input;
  if (isBeforeOpening(input)) return ratePerSecond;
  if (!flow) return measuredSpeed(input);
  if (!letsIn(input) || isShut(input)) return 0;
  const [slow, fast] = [flow.stayMs.most, flow.stayMs.least].map((stay) =>
    Math.min(flow.ratePerSecond, exitsPerSecond(flow.capacity, stay)),
  ) as [number, number];
  const keepsPace = slow >= flow.ratePerSecond || !mayBeFull(flow);
  if (!isFull(input) && keepsPace) return flow.ratePerSecond < MEASURABLE ? flow.ratePerSecond : measuredSpeed(input);
  return fast <= slow * SURE_WITHIN ? Math.sqrt(slow * fast) : undefined;
}

/** Whether the places that were free when it was told may all be taken by now. */
const mayBeFull = ({ inside, capacity, ratePerSecond }: LineFlow): boolean =>
  capacity - inside <= ratePerSecond * TOLD_WITHIN_SECONDS;

/**
 * ms until this many more have been let in, when everybody stays inside for `stayMs`: at the room's pace until it is full,
 * and then as places become free. Infinity when nobody goes in.
 */
function timeToLetIn(places: number, { inside, capacity, ratePerSecond }: LineFlow, stayMs: number): number {
  const exits = exitsPerSecond(capacity, stayMs);
  if (ratePerSecond <= exits) return (places / ratePerSecond) * 1000;
  const fillsUpInSeconds = Math.max(0, capacity - inside) / (ratePerSecond - exits);
  const untilFull = ratePerSecond * fillsUpInSeconds;
  if (places <= untilFull) return (places / ratePerSecond) * 1000;
  return (fillsUpInSeconds + (places - untilFull) / exits) * 1000;
}

/** Where all have come lately, the first to finish is further away than where some are about to. */
const untilSomebodyFinishes = ({ stayMs, ageMs, inside, capacity }: LineFlow): number =>
  inside >= capacity ? Math.max(0, stayMs.most / 2 - ageMs) : 0;

function byFlow(places: number, flow: LineFlow): Range | undefined {
  const least = timeToLetIn(places, flow, flow.stayMs.least);
  const most = timeToLetIn(places, flow, flow.stayMs.most) + untilSomebodyFinishes(flow);
  return Number.isFinite(most) ? { least: least * (1 - CHANCE), most: most * (1 + CHANCE) } : undefined;
}

function bySpeed(places: number, speed: number): Range | undefined {
  if (speed <= 0) return undefined;
  const ms = (places / speed) * 1000;
  return { least: ms * (1 - CHANCE), most: ms * (1 + CHANCE) };
}

/** ms until the student is let in, or undefined when nobody can say: the line stands, or is paused. */
export function timeUntilTurn(input: EstimateInput): Range | undefined {
  const { position, flow, ratePerSecond, opensAt, now } = input;
  if (position === undefined) return undefined;
  if (isBeforeOpening(input)) {
    const range = flow ? byFlow(position, flow) : bySpeed(position, ratePerSecond);
    const untilOpening = Math.max(0, opensAt - now);
    return range && { least: untilOpening + range.least, most: untilOpening + range.most };
  }
  if (!letsIn(input)) return undefined;
  return flow ? byFlow(position, flow) : bySpeed(position, measuredSpeed(input));
}

/** What is left until `endsAt` as whole seconds, never negative, rounded up so that 0 means over. */
export function secondsLeft(endsAt: number, now: number): number {
  return Math.max(0, Math.ceil((endsAt - now) / 1000));
}

/** What lies further ahead is said by its date alone; from here on a clock may count it down. */
export const LONGEST_COUNTDOWN_SECONDS = 86_400;

export type RoundedPace = { per: 'second' | 'minute' | 'hour'; count: number };

/** A pace in the unit in which it is at least one, if there is one. */
export function roundedPace(perSecond: number): RoundedPace {
  if (perSecond >= 1) return { per: 'second', count: perSecond };
  return perSecond * 60 >= 1 ? { per: 'minute', count: perSecond * 60 } : { per: 'hour', count: perSecond * 3600 };
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
