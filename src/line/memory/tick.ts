import { letsIn } from '../../room/room-state';
import type { TickOutcome } from '../line-store';
import { accrue, empty, openWithOneToken, TOKEN, WHOLE } from './token-bucket';
import { type MemoryLine, NEVER } from './memory-line';

/**
 * Everything that time brings to a line; the order is the port's.
 *
 * @param share of the rate that is earned, in thousandths
 */
export function tick(line: MemoryLine, podId: string, share: number): TickOutcome {
  const stalled = line.time.tick(line.now);
  const fenced = !heartbeat(line, podId);
  open(line);
  const swept = line.state === 'closed' ? endEveryone(line) : sweep(line);
  const resuming = resumeGrace(line);
  const { admitted, more } = admitPresent(line, stalled, share);
  return {
    now: line.nowMs,
    state: line.state,
    admitted,
    waiting: line.waiting.total,
    present: line.present.total,
    inside: line.inside.size,
    sequence: line.feed.sequence,
    durableSequence: line.feed.durableSequence,
    more: swept || resuming || more,
    fenced,
    drawDue: line.lottery.stage === 'frozen',
    graceStands: line.graceStands,
    deadPods: deadPods(line),
  };
}

/** Gives the bucket what it has earned so far, at the rate and in the state until now. */
export function refillBucket(line: MemoryLine, stalled: boolean, share: number = WHOLE): boolean {
  if (!admits(line) || line.lottery.stage !== 'none') {
    empty(line.bucket, line.now);
    return false;
  }
  accrue(line.bucket, { now: line.now, rate: line.rate, stall: line.limits.stallMs * 1_000, stalled, share });
  return true;
}

function heartbeat(line: MemoryLine, podId: string): boolean {
  const pod = line.pods.get(podId);
  if (!pod || pod.fenced) return false;
  if (pod.deadline < line.lineNow + line.limits.podTimeoutMs) pod.deadline = podDeadline(line);
  return true;
}

/**
 * Until when a pod that is heard of now counts as alive, in line time; heartbeats within `heartbeatMs` need no writing.
 */
export function podDeadline({ lineNow, limits }: MemoryLine): number {
  return lineNow + limits.podTimeoutMs + limits.heartbeatMs;
}

function open(line: MemoryLine): void {
  if (line.state === 'scheduled') line.opened = false;
  if (line.lottery.stage !== 'none') return goOnWithLottery(line);
  if (line.state === 'open' && !line.opened) openNow(line);
}

function goOnWithLottery(line: MemoryLine): void {
  const { lottery, feed } = line;
  if (!admits(line)) return;
  if (lottery.stage === 'entries') line.freeze();
  if (lottery.stage !== 'settled' || feed.durableSequence < lottery.settledAt) return;
  line.lottery = { stage: 'none' };
  openNow(line);
}

const admits = ({ nowMs, settings: { control, opensAt }, recoveringUntil }: MemoryLine): boolean =>
  letsIn({ control, opensAt, recoveringUntil }, nowMs);

function openNow(line: MemoryLine): void {
  line.opened = true;
  openWithOneToken(line.bucket, line.now);
  line.append({ type: 'opened' });
}

/** A closed room ends everyone's ticket, the present first. True when some are left. */
function endEveryone(line: MemoryLine): boolean {
  const { tickBatch } = line.limits;
  const present: string[] = [];
  for (let i = 1; i <= Math.min(tickBatch, line.present.total); i++) {
    present.push(line.studentOf(line.present.numberAt(i)!));
  }
  const others = new Set([...line.deadlines.due(Infinity, tickBatch), ...line.inside.due(Infinity, tickBatch)]);
  for (const studentId of [...present, ...others].slice(0, tickBatch)) line.end(line.live(studentId)!, 'closed');
  return line.waiting.total + line.inside.size > 0;
}

/** Where grace runs (again), whoever is away has all of it from now on. True when it stopped at its bound. */
function resumeGrace(line: MemoryLine): boolean {
  if (!line.standing || line.graceStands) return false;
  const suspended = line.deadlines.from(NEVER, line.limits.tickBatch);
  for (const studentId of suspended) line.deadlines.set(studentId, line.lineNow + line.settings.graceMs);
  line.standing = suspended.length === line.limits.tickBatch;
  return line.standing;
}

/** Ends what is overdue. True when it stopped at its bound. */
function sweep(line: MemoryLine): boolean {
  const { tickBatch } = line.limits;
  const late = line.state === 'recovering' ? [] : line.deadlines.due(line.lineNow, tickBatch);
  for (const studentId of late) {
    const ticket = line.live(studentId)!;
    if (ticket.state === 'waiting' && line.graceStands) line.suspend(studentId);
    else line.end(ticket, ticket.state === 'waiting' ? 'away' : 'no_show');
  }
  const expired = line.inside.due(line.nowMs, tickBatch);
  for (const studentId of expired) line.end(line.live(studentId)!, 'expired');
  return late.length === tickBatch || expired.length === tickBatch;
}

function admitPresent(line: MemoryLine, stalled: boolean, share: number): { admitted: number; more: boolean } {
  if (!refillBucket(line, stalled, share)) return { admitted: 0, more: false };
  const { bucket, limits, settings } = line;
  const places = Math.max(0, settings.capacity - line.inside.size);
  const wanted = Math.min(Math.floor(bucket.credit / TOKEN), line.present.total, places);
  const behind = wanted > 0 && isTrailBehind(line);
  const allowed = behind ? 0 : wanted;
  const admitted = Math.min(allowed, limits.tickBatch);
  for (let i = 0; i < admitted; i++) {
    const studentId = line.studentOf(line.present.numberAt(1)!);
    line.admit(line.live(studentId)!, line.nowMs + settings.leaseMs);
  }
  if (admitted > 0) line.begun = true;
  bucket.credit -= admitted * TOKEN;
  bucket.idle = behind || line.present.total === 0 || line.inside.size >= settings.capacity;
  if (bucket.idle) bucket.credit = Math.min(bucket.credit, TOKEN);
  return { admitted, more: allowed > admitted };
}

/** Whether an event has waited for the trail for too long. */
function isTrailBehind(line: MemoryLine): boolean {
  const pendingAt = line.feed.oldestPendingAt;
  return pendingAt !== undefined && line.nowMs - pendingAt > line.limits.trailLagMs;
}

/** Pods that are overdue and own sockets; those that own none are simply forgotten. */
function deadPods(line: MemoryLine): string[] {
  const dead: string[] = [];
  for (const [podId, pod] of line.pods) {
    if (!pod.fenced && pod.deadline > line.lineNow) continue;
    if (line.sockets.studentsOf(podId, 1).length > 0) dead.push(podId);
    else line.pods.delete(podId);
  }
  return dead.sort().slice(0, DEAD_PODS_PER_TICK);
}

/** The rest is reported by the next tick. */
const DEAD_PODS_PER_TICK = 16;
