import type { LineReplica } from '../../line/follower/line-replica';
import type { LineFlow } from '../../contract/line';

/** Least time between two versions of one room's flow, ms. */
const TELL_EVERY_MS = 2_000;
/** What changed by less than this share of itself is not worth a message to everybody who waits. */
const WORTH_TELLING = 0.1;
/** A room whose free places are taken within so long is as good as full, seconds. */
const MOMENT_SECONDS = 2;

/** A flow and its version: who was told the version knows the flow. */
export interface ToldFlow {
  flow: LineFlow;
  version: number;
  /** The first version since the line has moved for another reason, or under another policy. */
  turnedAt: number;
}

/** What is told of the flow through each room, anew only when it has changed enough. */
export class FlowNews {
  private readonly told = new WeakMap<LineReplica, ToldFlow & { at: number }>();
  private versions = 0;

  /**
   * @param inside how many are inside now
   * @param share of the room's rate at which this pod lets in, 0 to 1
   */
  of(replica: LineReplica, inside: number, share: number): ToldFlow {
    const before = this.told.get(replica);
    const now = replica.now();
    if (before && now - before.at < TELL_EVERY_MS) return before;
    const flow = replica.flow(inside, share);
    if (before && !differs(before.flow, flow)) return before;
    const version = (this.versions += 1);
    const turnedAt = before && !turns(before.flow, flow) ? before.turnedAt : version;
    const told = { flow, version, turnedAt, at: now };
    this.told.set(replica, told);
    return told;
  }
}

const isFar = (before: number, now: number, whole = Math.max(before, now)): boolean =>
  Math.abs(now - before) > whole * WORTH_TELLING;

const isFull = ({ inside, capacity, ratePerSecond }: LineFlow): boolean =>
  capacity - inside <= ratePerSecond * MOMENT_SECONDS;

const turns = (before: LineFlow, now: LineFlow): boolean =>
  before.capacity !== now.capacity || before.ratePerSecond !== now.ratePerSecond || isFull(before) !== isFull(now);

function differs(before: LineFlow, now: LineFlow): boolean {
  const longest = Math.max(before.stayMs.most, now.stayMs.most);
  return (
    before.capacity !== now.capacity ||
    before.ratePerSecond !== now.ratePerSecond ||
    before.inside >= before.capacity !== now.inside >= now.capacity ||
    isFar(before.inside, now.inside, now.capacity) ||
    isFar(before.stayMs.least, now.stayMs.least) ||
    isFar(before.stayMs.most, now.stayMs.most) ||
    isFar(before.ageMs, now.ageMs, longest)
  );
}
