import { withRedis } from '../../servers/redis';
import { PositionIndex } from '../../../src/line/position-index';
import { Swarm } from '../../swarm/swarm';
import { type Bench, planOf } from '../bench';
import { startOwnCluster } from '../served/own-cluster';
import { rounded, spreadOf, spreadText } from '../spread';
import { withParts } from '../turns';
import { fill, watchWindow, Witness } from '../window';
import { clientsOf } from '../live/clients';
import { calledIn, countedIn } from './commands';

const FULL = { students: 10_000, repeats: 5, windowMs: 10_000, arriveMs: 10_000 };
const QUICK = { students: 1_000, repeats: 1, windowMs: 5_000, arriveMs: 2_000 };
const PODS = 2;
/** Students let in per second while the line moves. */
const RATE = 10;
const ROOM = 'line';

const INDEX_SIZE = 100_000;
const LOOKUPS = 2_000_000;

/** What keeping a line costs Redis, however long it is; and what a position costs a pod. */
export const lineBench: Bench = {
  name: 'line',
  summary: 'Redis commands per second and pod at N students / N / 10; a position looked up, and a line ranked anew',
  run: (options) =>
    withParts(async (keep) => {
      const { students, repeats, windowMs, arriveMs } = planOf(options, FULL, QUICK);
      const ours = await keep(startOwnCluster({ students, pods: PODS, database: options.database }));
      const swarm = await keep(Swarm.start({ processes: 2 }));
      await ours.operator.makeRoom({ id: ROOM });
      const witness = new Witness();
      const few = Math.max(1, Math.round(students / 10));
      const perSecond = new Map<string, number[]>();
      const url = ours.cluster.redis.url;
      const note = (name: string, value: number): void =>
        void perSecond.set(name, [...(perSecond.get(name) ?? []), value]);
      let there = 0;
      for (const size of [few, students]) {
        const comers = ours.comers.slice(there, size);
        const conduct = clientsOf('plain', ROOM);
        await fill(swarm, { urls: ours.podUrls, comers, conduct, overMs: (arriveMs * comers.length) / students });
        there = size;
        for (let repeat = 1; repeat <= repeats; repeat += 1) {
          for (const rate of [0, RATE]) {
            await ours.operator.setRate(ROOM, rate);
            await swarm.watch(1_000);
            const calls = await withRedis(url, async (client) => {
              const before = await client.info('commandstats');
              const sent = await countedIn(client, async () => {
                witness.see(await watchWindow([ours], swarm, windowMs));
              });
              return { all: calledIn(before, await client.info('commandstats')), sent };
            });
            const each = (count: number): number => count / (windowMs / 1_000) / PODS;
            const what = `${size} students, ${rate === 0 ? 'standing' : 'moving'}`;
            note(`${what}: sent`, each(calls.sent));
            note(`${what}: in all`, each(calls.all));
            options.say(
              `${repeat}/${repeats} ${what}: ${each(calls.sent).toFixed(1)} sent, ${each(calls.all).toFixed(1)} in all`,
            );
          }
        }
      }
      const index = indexCosts(repeats);
      const median = (name: string): number => spreadOf(perSecond.get(name) ?? []).median;
      const sent = (size: number, how: string): number => median(`${size} students, ${how}: sent`);
      return {
        figures: {
          commandsRatio: rounded(sent(students, 'moving') / sent(few, 'moving')),
          commandsPerSecond: rounded(sent(students, 'moving')),
          standingPerSecond: rounded(sent(students, 'standing')),
          standingRatio: rounded(sent(students, 'standing') / sent(few, 'standing')),
          allPerSecond: rounded(median(`${students} students, moving: in all`)),
          lookupNs: rounded(spreadOf(index.lookupNs).median),
          rankMs: rounded(spreadOf(index.rankMs).median),
        },
        targets: [
          {
            figure: 'commandsRatio',
            what: `commands at ${students} students / at ${few}, moving`,
            limit: 1.1,
            sense: 'at most',
          },
          { figure: 'standingRatio', what: 'the same while the line stands', limit: 1.1, sense: 'at most' },
          { figure: 'commandsPerSecond', what: 'commands per second and pod, moving', limit: 30, sense: 'at most' },
          { figure: 'lookupNs', what: `a position among ${INDEX_SIZE}, ns`, limit: 200, sense: 'at most' },
          { figure: 'rankMs', what: `${INDEX_SIZE} ranked anew, ms`, limit: 1, sense: 'at most' },
        ],
        rows: [
          ...[...perSecond].map(([what, values]) => ({ what, figure: spreadText(spreadOf(values), 1) })),
          { what: `a position among ${INDEX_SIZE}, ns`, figure: spreadText(spreadOf(index.lookupNs)) },
          { what: `${INDEX_SIZE} ranked anew, ms`, figure: spreadText(spreadOf(index.rankMs), 3) },
        ],
        notes: [
          `medians of ${repeats} windows of ${windowMs / 1_000} s each; commands per second and pod, on ${PODS} pods; least and most in brackets`,
          '“sent” is what the pods sent, by MONITOR; “in all” is INFO commandstats, which counts what scripts call inside, too, and the bench’s own two calls',
          `plain clients, nobody joins; moving: ${RATE} a second are let in (each is an event, and a row of the trail)`,
          ...witness.notes,
        ],
        // The counts are the same on a busy machine; the times are told with their spread.
        invalid: undefined,
      };
    }),
};

function indexCosts(repeats: number): { lookupNs: number[]; rankMs: number[] } {
  const [lookupNs, rankMs]: [number[], number[]] = [[], []];
  const numbers = Array.from({ length: INDEX_SIZE }, (_, at) => at + 1);
  let sum = 0;
  // The first round warms up, and does not count.
  for (let repeat = 0; repeat <= Math.max(3, repeats); repeat += 1) {
    const index = new PositionIndex(1);
    for (const number of numbers) index.add(number);
    for (let number = 1; number < INDEX_SIZE; number += 3) index.remove(number);
    const start = performance.now();
    for (let look = 0; look < LOOKUPS; look += 1) sum += index.position(1 + ((look * 7_919) % INDEX_SIZE));
    const looked = performance.now();
    index.forEach((_number, position) => (sum += position));
    const ranked = performance.now();
    if (repeat === 0) continue;
    lookupNs.push(((looked - start) * 1e6) / LOOKUPS);
    rankMs.push(ranked - looked);
  }
  if (sum < 0) throw new Error('positions are not negative');
  return { lookupNs, rankMs };
}
