import type { LotteryView } from '../contract/rooms';
import type { Room } from '../room/room';
import type { LineReplica } from './follower/line-replica';
import { seedHash } from './lottery';

/** Undefined for a room without a lottery. */
export function lotteryView({ lotterySeed }: Room, replica: LineReplica | undefined): LotteryView | undefined {
  if (lotterySeed === '') return undefined;
  const over = replica?.drawPending === false;
  return { seedHash: seedHash(lotterySeed), ...(over && { seed: lotterySeed }) };
}
