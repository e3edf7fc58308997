import { freePort } from '../../servers/ports';
import { splitCores } from '../../support/cores';
import type { Conduct } from '../../swarm/plan';
import { Swarm } from '../../swarm/swarm';
import { type Bench, type Plan, planOf } from '../bench';
import { startOwnPod } from '../served/own-pod';
import { type Peer, startPeer } from '../served/peer';
import type { Served } from '../served/served';
import { rounded } from '../spread';
import { inTurn, withParts } from '../turns';
import { fill, watchWindow, type Window, Witness } from '../window';

const FULL: Plan = { students: 4_000, repeats: 5, windowMs: 10_000, arriveMs: 6_000 };
const QUICK: Plan = { students: 800, repeats: 1, windowMs: 4_000, arriveMs: 2_000 };

const ROOM = 'push';
/** Students let in per second while the line moves: few, for admissions cost something, too; everybody behind moves. */
const RATE = 2;
/** What was begun is over after this, ms. */
const SETTLE_MS = 1_200;

interface Side extends Served {
  /** Pushes, or does not. */
  push(on: boolean): Promise<unknown>;
  /** Positions that reached the crowd in a window. */
  pushed(window: Window): number;
}

const positions = ({ tally }: Window): number => tally.counts.positions;

/**
 * What a pushed position costs, all in all: the CPU time of a server that pushes one to each of its clients each second,
 * less that of the same server with the same clients that does not.
 */
export const pushBench: Bench = {
  name: 'push',
  summary: 'server CPU per pushed position: ours / socket.emit of a bare socket.io / a bare TCP write',
  run: (options) =>
    withParts(async (keep) => {
      const { students, repeats, windowMs, arriveMs } = planOf(options, FULL, QUICK);
      const cores = splitCores();
      const pod = await keep(startOwnPod({ students, cores: cores.server }));
      const tcpPort = await freePort();
      const emitting = await keep(startPeer({ name: 'socket.emit', program: 'bare-socket-io', cores: cores.server }));
      const writing = await keep(
        startPeer({ name: 'TCP write', program: 'bare-tcp', cores: cores.server, env: { TCP_PORT: String(tcpPort) } }),
      );
      const swarm = await keep(Swarm.start({ processes: 1, cores: cores.swarm }));
      await pod.operator.makeRoom({ id: ROOM });

      const waiting: Conduct = { kind: 'waiting', roomId: ROOM };
      const { comers } = pod;
      await fill(swarm, { urls: [pod.url], comers, conduct: waiting, overMs: arriveMs });
      await fill(swarm, { urls: [emitting.url], comers, conduct: waiting, overMs: arriveMs });
      const tcp = { urls: [`tcp://127.0.0.1:${tcpPort}`], comers, conduct: { kind: 'tcp' as const } };
      await fill(swarm, { ...tcp, overMs: arriveMs });

      const sides: Side[] = [
        { ...pod, push: (on) => pod.operator.setRate(ROOM, on ? RATE : 0), pushed: positions },
        { ...emitting, push: pushOf(emitting), pushed: positions },
        { ...writing, push: pushOf(writing), pushed: ({ durationMs }) => students * Math.floor(durationMs / 1_000) },
      ];
      const witness = new Witness();
      const spent = async (side: Side, on: boolean): Promise<Window> => {
        await side.push(on);
        await swarm.watch(SETTLE_MS);
        return witness.see(await watchWindow([side], swarm, windowMs));
      };
      const measure = async (side: Side): Promise<number> => {
        const pushing = await spent(side, true);
        const silent = await spent(side, false);
        const perMs = (window: Window): number => (window.spentMs[0] ?? 0) / window.durationMs;
        if (side.pushed(pushing) === 0) throw new Error(`${side.name} pushed nothing`);
        return ((perMs(pushing) - perMs(silent)) * pushing.durationMs * 1_000) / side.pushed(pushing);
      };
      const turns = await inTurn(sides, repeats, measure, options.say);
      return {
        figures: {
          emitRatio: rounded(turns.ratio('ours', 'socket.emit').median),
          tcpRatio: rounded(turns.ratio('ours', 'TCP write').median),
          oursUs: rounded(turns.of('ours').median),
          emitUs: rounded(turns.of('socket.emit').median),
          tcpUs: rounded(turns.of('TCP write').median),
        },
        targets: [
          { figure: 'emitRatio', what: 'CPU per position, ours / socket.emit', limit: 0.7, sense: 'at most' },
          { figure: 'tcpRatio', what: 'CPU per position, ours / bare TCP write', limit: 1.5, sense: 'at most' },
        ],
        rows: turns.rows('µs per position'),
        plot: turns.plot('µs per position'),
        notes: [
          `medians of ${repeats} repeats, in turn; each is a window of ${windowMs / 1_000} s that pushes less one that does not`,
          `${students} plain clients on each side, one position a second each; ours computes it from a line that ` +
            `${RATE} a second leave, admissions included; the peers write the same message`,
          'all servers on one core, the swarm on the others; embedded',
          ...witness.notes,
        ],
        invalid: witness.invalid,
      };
    }),
};

const pushOf =
  (peer: Peer): Side['push'] =>
  (on) =>
    peer.ask(`/push/${on ? 'on' : 'off'}`);
