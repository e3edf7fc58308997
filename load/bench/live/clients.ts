import type { Conduct } from '../../swarm/plan';
import type { Swarm } from '../../swarm/swarm';
import type { BenchOperator } from '../served/operator';
import type { Comer } from '../../swarm/plan';

/** A waiting client of a kind, in a room. */
export const clientsOf = (kind: string, roomId: string): Conduct => ({
  ...{ kind: 'waiting', roomId },
  ...(kind === 'extrapolating' && { extrapolates: true }),
});

/** Whether the service knows clients that extrapolate: one that does not refuses their joins. Nobody is left behind. */
export async function takesExtrapolating(
  { url, comers, operator }: { url: string; comers: readonly Comer[]; operator: BenchOperator },
  swarm: Swarm,
): Promise<boolean> {
  const roomId = 'try-extrapolating';
  await operator.makeRoom({ id: roomId });
  await swarm.clear();
  await swarm.arrive({
    urls: [url],
    comers: comers.slice(0, 1),
    conduct: clientsOf('extrapolating', roomId),
    overMs: 0,
  });
  await swarm.until(({ tally }) => tally.counts.placed > 0 || Object.keys(tally.refused).length > 0, 30_000);
  const { tally } = await swarm.report();
  await swarm.leave();
  return tally.counts.placed > 0;
}
