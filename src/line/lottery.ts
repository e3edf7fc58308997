import { createHash, createHmac } from 'node:crypto';
import type { LotteryView } from '../contract/rooms';
import type { Room } from '../room/room';
import type { LineReplica } from './follower/line-replica';

/** Somebody who entered before the opening. */
export interface Entrant {
  /** Number of the entry, from 1, in the order in which they came; it decides nothing. */
  entry: number;
  /** Pseudonym. */
  student: string;
}

/**
 * What is published when the room is made, so that the seed cannot be chosen later: SHA-256 of the seed.
 *
 * @param seed 32 random bytes, as base64url
 */
export function seedHash(seed: string): string {
  return createHash('sha256').update(seed).digest('hex');
}

/** What is published at the draw, so that nobody can be added or left out later: SHA-256 of one line for each entrant. */
export function entrantsHash(entrants: readonly Entrant[]): string {
  const hash = createHash('sha256');
  for (const { entry, student } of [...entrants].sort((a, b) => a.entry - b.entry))
    hash.update(`${entry} ${student}\n`);
  return hash.digest('hex');
}

/**
 * The entries in the order in which they get their numbers: by HMAC-SHA-256 of the entry's number under the seed, lowest
 * first. Anybody can recompute it once the seed is published.
 */
export function drawOrder(roomId: string, seed: string, entries: readonly number[]): number[] {
  const ranked = entries.map((entry) => ({
    entry,
    rank: createHmac('sha256', seed).update(`${roomId}\n${entry}`).digest('hex'),
  }));
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : a.entry - b.entry));
  return ranked.map(({ entry }) => entry);
}

/** Undefined for a room without a lottery. */
export function lotteryView({ lotterySeed }: Room, replica: LineReplica | undefined): LotteryView | undefined {
  if (lotterySeed === '') return undefined;
  const over = replica?.drawPending === false;
  return { seedHash: seedHash(lotterySeed), ...(over && { seed: lotterySeed }) };
}
