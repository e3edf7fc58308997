import { setTimeout as pause } from 'node:timers/promises';
import { type Fault, type FaultContext, USUAL } from './fault';

/** Redis is nobody's connection: no student may be cut off. */
const KEPT = { ...USUAL, socketsKept: true };

async function untilBusy({ swarm, random }: FaultContext): Promise<void> {
  const waiting = swarm.students.length * random.between(0.25, 0.6);
  await swarm.until((all) => all.count('waiting') >= waiting && all.count('inside') > 0);
  await pause(random.between(0, 400));
}

const stall: Fault = {
  name: 'redis-stall',
  what: 'SIGSTOP of Redis for 4 to 10 s',
  expects: KEPT,
  run: async (context) => {
    const { world, swarm, random } = context;
    await untilBusy(context);
    const waiting = swarm.count('waiting');
    world.redis.pause();
    const before = swarm.count('inside') + swarm.count('ended');
    const forMs = random.between(4_000, 10_000);
    await pause(forMs);
    const moved = swarm.count('inside') + swarm.count('ended') - before;
    world.redis.resume();
    return { bit: waiting > 0, text: `${Math.round(forMs)} ms, ${waiting} waiting, ${moved} still told meanwhile` };
  },
};

const killWithData: Fault = {
  name: 'redis-kill',
  what: 'SIGKILL of Redis, back with its data',
  expects: KEPT,
  run: async (context) => {
    const { world, swarm, random } = context;
    await untilBusy(context);
    const waiting = swarm.count('waiting');
    await world.redis.kill();
    await pause(random.between(200, 3_000));
    await world.redis.restart();
    return { bit: waiting > 0, text: `${waiting} waiting` };
  },
};

const backEmpty: Fault = {
  name: 'redis-empty',
  what: 'SIGKILL of Redis, back EMPTY',
  expects: KEPT,
  run: async (context) => {
    const { world, swarm, random } = context;
    await untilBusy(context);
    const [waiting, inside] = [swarm.count('waiting'), swarm.count('inside')];
    await world.redis.kill();
    await pause(random.between(50, 1_000));
    await world.redis.restart({ empty: true });
    return { bit: waiting > 0 && inside > 0, text: `${waiting} waiting and ${inside} inside forgotten` };
  },
};

const lostSecond: Fault = {
  name: 'redis-lost-second',
  what: 'SIGKILL of Redis, back with its last second lost',
  expects: KEPT,
  // So that somebody joins within the lost second.
  arriveMs: 4_000,
  run: async (context) => {
    const { world, swarm, random } = context;
    await swarm.until((all) => all.count('waiting') > 0 && all.count('inside') > 0);
    await pause(random.between(200, 1_200));
    world.redis.keepData();
    const from = Date.now();
    await pause(random.between(700, 1_000));
    await world.redis.kill();
    const lost = swarm.ticketsTold(from, Date.now());
    await pause(random.between(0, 500));
    await world.redis.restartFromKept();
    return { bit: lost > 0, text: `${lost} acknowledged joins lost` };
  },
};

const slow: Fault = {
  name: 'redis-slow',
  what: 'a slow network to Redis: 30 to 250 ms more each way',
  expects: KEPT,
  run: async (context) => {
    const { world, random } = context;
    await untilBusy(context);
    for (const { redis } of world.pods) redis.delayMs = random.between(30, 250);
    const before = delayed(context);
    await pause(random.between(3_000, 6_000));
    const count = delayed(context) - before;
    for (const { redis } of world.pods) redis.heal();
    return { bit: count > 0, text: `${count} packets late` };
  },
};

const delayed = ({ world }: FaultContext): number => world.pods.reduce((sum, { redis }) => sum + redis.done.delayed, 0);

const cut: Fault = {
  name: 'redis-cut',
  what: 'all connections to Redis reset, again and again',
  expects: KEPT,
  run: async (context) => {
    const { world, random } = context;
    await untilBusy(context);
    let count = 0;
    for (let times = 2 + random.below(4); times > 0; times -= 1) {
      for (const { redis } of world.pods) {
        count += redis.connections;
        redis.cut();
      }
      await pause(random.between(100, 1_200));
    }
    return { bit: count > 0, text: `${count} connections reset` };
  },
};

const partition: Fault = {
  name: 'redis-partition',
  what: 'one pod hears nothing of Redis for longer than its heartbeat',
  expects: { ...KEPT, socketIsPresence: false },
  run: async (context) => {
    const { world, swarm, random } = context;
    await untilBusy(context);
    const index = random.below(world.pods.length);
    const held = swarm.connected(index);
    const proxy = world.pods[index]?.redis;
    proxy?.stall();
    await pause(random.between(6_500, 8_000));
    proxy?.heal();
    return { bit: held > 0, text: `${held} students on the pod` };
  },
};

export const redisFaults: Fault[] = [stall, killWithData, backEmpty, lostSecond, slow, cut, partition];
