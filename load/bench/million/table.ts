import type { BenchReport } from '../bench';

/** What was measured of one server. µs are CPU time. */
export type Costs = Record<
  | 'joinsPerSecond'
  | 'joinsPerSecondSeen'
  | 'joinMicros'
  | 'bytesPerTicket'
  | 'feedBytesPerEvent'
  | 'readMicros'
  | 'readBytes'
  | 'followMicros'
  | 'lagMs'
  | 'lagMostMs'
  | 'followerMib'
  | 'followerGrowthMib',
  number
>;

/** From this share of a core on it counts as full. */
export const FEED_SHARE = 0.8;

const WITHIN_SECONDS = 60;
const CROWDS = [10_000, 100_000, 1_000_000];
/** A process has 20,000 descriptors on many machines. */
const SOCKETS_PER_POD = 20_000;
const [MEBI, MILLION] = [2 ** 20, 1_000_000];

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** What a crowd takes that comes within a minute, and what is full first. */
export function tableOf(costs: Costs): BenchReport['rows'] {
  return CROWDS.map((students) => {
    const perSecond = students / WITHIN_SECONDS;
    const pods = Math.max(2, Math.ceil(students / SOCKETS_PER_POD));
    // One pod that reads is in the cost of a join.
    const redisMicros = costs.joinMicros + (pods - 1) * costs.readMicros;
    const redis = (perSecond * redisMicros) / MILLION;
    const pod = (perSecond * costs.followMicros) / MILLION;
    const joinsAlone = (perSecond * costs.joinMicros) / MILLION;
    return {
      'students in a minute': students,
      'joins/s': Math.round(perSecond),
      pods,
      'Redis core': percent(redis),
      'of it joins': percent(joinsAlone),
      'Redis MiB': Math.round((students * costs.bytesPerTicket) / MEBI),
      'Redis out MiB/s': Math.round((pods * perSecond * costs.readBytes) / MEBI),
      'feed, of a pod’s core': percent(pod),
      'most per minute': Math.round((FEED_SHARE * MILLION * WITHIN_SECONDS) / redisMicros),
      'full first': redis > FEED_SHARE || redis > pod ? 'Redis core' : 'pod core',
    };
  });
}
