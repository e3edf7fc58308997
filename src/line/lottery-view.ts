import type { Room } from '../room/room';
import type { LineReplica } from './line-replica';
import { seedHash } from './lottery';

/** What everybody may know of a room's lottery. */
export interface LotteryView {
  /** SHA-256 of the seed, known since the room was made. */
  seedHash: string;
  /** Only when the numbers are drawn: from then on anybody can draw them again. */
  seed?: string;
}

/** Undefined for a room without a lottery. */
export function lotteryView({ lotterySeed }: Room, replica: LineReplica | undefined): LotteryView | undefined {
  if (lotterySeed === '') return undefined;
  const over = replica?.drawPending === false;
  return { seedHash: seedHash(lotterySeed), ...(over && { seed: lotterySeed }) };
}
