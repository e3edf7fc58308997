import { setTimeout as pause } from 'node:timers/promises';
import { CommitWatch } from '../world/commit-watch';
import { type Fault, type FaultContext, USUAL } from './fault';

const KEPT = { ...USUAL, socketsKept: true };
/** How long to wait for somebody to commit seats, ms. */
const COMMIT_PATIENCE_MS = 5_000;

const untilSomebodyAsks = ({ swarm }: FaultContext): Promise<void> => swarm.until((all) => all.asking() > 0);

/** Where in the commit the database dies: its COMMIT never arrives, is under way, or is done but nobody is told. */
const MOMENTS = ['before', 'during', 'after'] as const;

const killInCommit: Fault = {
  name: 'database-kill',
  what: 'SIGKILL of the database in the middle of a commit of seats',
  expects: KEPT,
  run: async (context) => {
    const { world, swarm, random } = context;
    const moment = MOMENTS[random.below(MOMENTS.length)] ?? 'during';
    await swarm.until((all) => all.count('inside') >= 3);
    await pause(random.between(0, 800));
    const watch = new CommitWatch(moment);
    // Connections that are open already have no tap: the pods open new ones.
    for (const { database } of world.pods) {
      database.tap = () => watch.tap();
      database.cut();
    }
    const caught = await watch.caught(COMMIT_PATIENCE_MS);
    const open = swarm.asking();
    await world.database.kill();
    for (const { database } of world.pods) database.heal();
    await pause(random.between(200, 2_500));
    await world.database.restart();
    return { bit: caught && open > 0, text: `${moment} COMMIT, ${open} students waiting for an answer` };
  },
};

const stall: Fault = {
  name: 'database-stall',
  what: 'SIGSTOP of the database for 2 to 6 s',
  expects: KEPT,
  run: async (context) => {
    const { world, swarm, random } = context;
    await untilSomebodyAsks(context);
    world.database.pause();
    await pause(random.between(2_000, 6_000));
    const open = swarm.asking();
    world.database.resume();
    return { bit: open > 0, text: `${open} students waiting for an answer` };
  },
};

const slow: Fault = {
  name: 'database-slow',
  what: 'a slow network to the database: 50 to 400 ms more each way',
  expects: KEPT,
  run: async (context) => {
    const { world, random } = context;
    await untilSomebodyAsks(context);
    const count = (): number => world.pods.reduce((sum, { database }) => sum + database.done.delayed, 0);
    for (const { database } of world.pods) database.delayMs = random.between(50, 400);
    const before = count();
    await pause(random.between(3_000, 6_000));
    for (const { database } of world.pods) database.heal();
    return { bit: count() > before, text: `${count() - before} packets late` };
  },
};

const cut: Fault = {
  name: 'database-cut',
  what: 'all connections to the database reset while seats are committed, again and again',
  expects: KEPT,
  run: async (context) => {
    const { world, swarm, random } = context;
    let connections = 0;
    let open = 0;
    for (let times = 2 + random.below(5); times > 0; times -= 1) {
      await untilSomebodyAsks(context);
      open += swarm.asking();
      for (const { database } of world.pods) {
        connections += database.connections;
        database.cut();
      }
      await pause(random.between(50, 700));
    }
    return {
      bit: connections > 0 && open > 0,
      text: `${connections} connections reset, ${open} questions open at these moments`,
    };
  },
};

const deadReplica: Fault = {
  name: 'replica-dead',
  what: 'the read replica is gone, or takes connections and says nothing',
  expects: { ...KEPT, mayRefuse: 'joins' },
  run: async (context) => {
    const { world, random, termId } = context;
    const silent = random.next() < 0.5;
    await untilSomebodyAsks(context);
    const before = world.replica.done.cut + world.replica.done.stalled + world.replica.done.refused;
    if (silent) world.replica.stall();
    else world.replica.refuse();
    const until = Date.now() + random.between(2_500, 5_000);
    const problems: string[] = [];
    let reads = 0;
    while (Date.now() < until) {
      reads += 1;
      const response = await fetch(`${world.url}/api/terms/${termId}/sections?query=${reads}`);
      await response.arrayBuffer();
      if (!response.ok) problems.push(`reading the catalogue: status ${response.status}`);
      await pause(100);
    }
    const { done } = world.replica;
    const noticed = done.cut + done.stalled + done.refused - before;
    world.replica.heal();
    return {
      bit: noticed > 0 && reads > 0,
      text: `${noticed} connections ${silent ? 'silent' : 'refused'}, ${reads} reads`,
      problems,
    };
  },
};

export const databaseFaults: Fault[] = [killInCommit, stall, slow, cut, deadReplica];
