import type { LineRef } from '../line-store';

/** The parts of a line in the order in which every script gets their keys; include/line.lua names them again. */
const PARTS = [
  /** Hash: incarnation, settings, counters, bucket. */
  'meta',
  /** Hash: student → record of the last ticket, also when it has ended. */
  'tickets',
  /** Sorted set: waiting students with a socket, by number. */
  'present',
  /** Sorted set: the away and the not acknowledged, by deadline in line time (ms). */
  'deadlines',
  /** Sorted set: admitted students, by the end of their lease in store time (ms). */
  'inside',
  /** Bitmap: waiting numbers, from the lowest that can wait. */
  'waiting',
  /** Bitmap: numbers that tickets of earlier epochs brought with them. */
  'claimed',
  /** Hash: student → live sockets. */
  'sockets',
  /** Sorted set: registered pods, by deadline in line time (ms). */
  'pods',
  /** Sorted set, lexical: pod/student for each pod on which a student has sockets. */
  'pod-students',
  /** Stream: events, with `<sequence>-0` as ids. */
  'feed',
  /** Stream of one entry, whose id is the durable sequence: a read of the feed can wait for it too. */
  'durable',
  /** Set: pods that have said what they had seen, after the server was started anew. */
  'votes',
] as const;

export type LinePart = (typeof PARTS)[number];

/** How many keys every script gets. */
export const KEY_COUNT = PARTS.length;

/** One key of a line. The room is the hash tag, so that all keys of a room live on one node of a cluster. */
export function lineKey({ roomId, epoch }: LineRef, part: LinePart): string {
  return `sunbeon:{${roomId}}:${epoch}:${part}`;
}

/** All keys of a line. */
export function lineKeys(line: LineRef): string[] {
  return PARTS.map((part) => lineKey(line, part));
}
