import { setTimeout as pause } from 'node:timers/promises';
import { logLines } from '../../support/log-lines';
import type { SeededRandom } from '../../../load/support/random';
import type { PodSlot } from '../world/pod-slot';
import { type Fault, type FaultContext, USUAL } from './fault';

/** DRAIN_SECONDS of the rounds, and what Nest needs besides, ms. */
const DRAIN_DEADLINE_MS = 9_000;

/** A part of the students waits, and some are inside: the fault hits both. */
async function untilBusy({ swarm, random }: FaultContext): Promise<void> {
  const waiting = swarm.students.length * random.between(0.25, 0.6);
  await swarm.until((all) => all.count('waiting') >= waiting && all.count('inside') > 0);
  await pause(random.between(0, 600));
}

const choose = (random: SeededRandom, pods: readonly PodSlot[], count: number): PodSlot[] =>
  random.shuffled(pods).slice(0, count);

async function killPods(context: FaultContext, count: number): Promise<{ cut: number; spanning: number }> {
  const { world, swarm, random } = context;
  await untilBusy(context);
  const victims = choose(random, world.pods, count);
  const at = Date.now();
  const spanning = swarm.spanning(victims.map(({ index }) => index));
  await Promise.all(victims.map((pod) => pod.kill()));
  await pause(random.between(300, 3_000));
  await Promise.all(victims.map((pod) => pod.start()));
  return { cut: swarm.cutsSince(at), spanning };
}

const killPod: Fault = {
  name: 'kill-pod',
  what: 'SIGKILL of one pod',
  expects: USUAL,
  run: async (context) => {
    const { cut } = await killPods(context, 1);
    return { bit: cut > 0, text: `${cut} connections cut` };
  },
};

const killTwoPods: Fault = {
  name: 'kill-two-pods',
  what: 'SIGKILL of two pods at once, with tabs of one student on each',
  expects: USUAL,
  run: async (context) => {
    const { cut, spanning } = await killPods(context, 2);
    return { bit: cut > 0 && spanning > 0, text: `${cut} connections cut, ${spanning} students with a tab on both` };
  },
};

const rollPods: Fault = {
  name: 'roll-pods',
  what: 'SIGTERM of one pod after the other, each back before the next goes (rolling update)',
  expects: { ...USUAL, mayRefuse: 'joins' },
  run: async (context) => {
    const { world, swarm, random } = context;
    await untilBusy(context);
    const at = Date.now();
    const problems: string[] = [];
    for (const pod of choose(random, world.pods, 2)) {
      const took = await pod.terminate(DRAIN_DEADLINE_MS);
      if (took >= DRAIN_DEADLINE_MS) problems.push(`pod ${pod.index} took ${Math.round(took)} ms to end`);
      await pod.start();
    }
    const moved = swarm.cutsSince(at);
    return { bit: moved > 0, text: `${moved} connections moved`, problems };
  },
};

const pausePod: Fault = {
  name: 'pause-pod',
  what: 'SIGSTOP of one pod for longer than its heartbeat, then SIGCONT',
  // Nobody can tell from outside when the others gave the pod up: until then its students count as present.
  expects: USUAL,
  run: async (context) => {
    const { world, swarm, random } = context;
    await untilBusy(context);
    const [pod] = choose(random, world.pods, 1);
    const at = Date.now();
    pod?.pause();
    await pause(random.between(6_500, 8_000));
    pod?.resume();
    const cut = swarm.cutsSince(at);
    await pause(1_500);
    const fenced = logLines(pod?.output() ?? '').some(({ code }) => code === 'pod_fenced');
    return {
      bit: cut > 0 && fenced,
      text: `${cut} connections given up, the pod ${fenced ? 'was' : 'was not'} fenced`,
    };
  },
};

export const podFaults: Fault[] = [killPod, killTwoPods, rollPods, pausePod];
