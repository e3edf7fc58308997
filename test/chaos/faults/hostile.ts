import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { ServiceApi } from '../../../load/support/service-api';
import { becomesSo } from '../../../load/support/wait-for';
import { RawSocket } from '../world/raw-socket';
import { type Fault, type FaultContext, USUAL } from './fault';

/** What a kind of hostile client did, and how the service took it. */
interface Attack {
  connections: RawSocket[];
  /** Everybody of this kind is to be cut by the service itself. */
  mustBeCut: boolean;
}

type Attacker = (context: FaultContext, ports: number[], tokens: string[]) => Promise<Attack>;

/** A hostile student may have eight sockets on one pod; these are the hostile students. */
const STUDENTS = 20;
/** A pod may be so much larger after an attack than before, MiB: buffers that are bounded, and what the collector leaves. */
const MOST_GROWTH_MIB = 200;
const MIB = 1_024;

const spread = <T>(count: number, ports: number[], open: (port: number, index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => open(ports[index % ports.length] ?? 0, index));

/** Bytes that are no HTTP, and frames that are no engine.io and no socket.io. */
const malformed: Attacker = async ({ random }, ports, tokens) => {
  const noise = spread(40, ports, (port) => {
    const raw = RawSocket.open(port);
    raw.say(randomBytes(1 + random.below(2_000)));
    return raw;
  });
  const texts = [
    '9',
    'x',
    '4',
    '42',
    '42[',
    '42["line:join"',
    '451-["a"',
    '40{',
    '42["line:join",{"roomId":{}}]',
    '4\0',
  ];
  const frames = await Promise.all(
    spread(40, ports, async (port, index) => {
      const raw = await RawSocket.signedIn(port, tokens[index % tokens.length] ?? '');
      raw.sayFrame(texts[index % texts.length] ?? '', index % 5 === 0 ? 3 : 1 + (index % 2));
      return raw;
    }),
  );
  return { connections: [...noise, ...frames], mustBeCut: false };
};

/** Messages far beyond what is allowed. */
const huge: Attacker = async (_, ports, tokens) => {
  const connections = await Promise.all(
    spread(24, ports, async (port, index) => {
      const raw = await RawSocket.signedIn(port, tokens[index % tokens.length] ?? '');
      raw.sayFrame(`42["line:join",{"roomId":"${'x'.repeat(index % 2 === 0 ? 8_000 : 1_000_000)}"}]`);
      return raw;
    }),
  );
  return { connections, mustBeCut: true };
};

/** Questions without end. */
const flood: Attacker = async ({ termId }, ports, tokens) => {
  const connections = await Promise.all(
    spread(9, ports, async (port, index) => {
      const raw = await RawSocket.signedIn(port, tokens[index % tokens.length] ?? '');
      for (let count = 0; count < 600; count += 1) {
        raw.sayFrame(`42${count}["seats:watch",{"termId":"${termId}","sectionIds":[]}]`);
      }
      return raw;
    }),
  );
  return { connections, mustBeCut: true };
};

/** Requests that come a byte at a time, or never. */
const slowHandshakes: Attacker = async ({ random }, ports) => {
  const connections = spread(300 + random.below(1_700), ports, (port) => RawSocket.open(port));
  for (let times = 0; times < 6; times += 1) {
    for (const [index, raw] of connections.entries()) if (index % 3 > 0) raw.say('GET /socket.io/'.charAt(times));
    await pause(100);
  }
  return { connections, mustBeCut: true };
};

/** Sockets that are never signed in. */
const strangers: Attacker = async (_, ports) => ({
  connections: await Promise.all(spread(60, ports, (port) => RawSocket.webSocket(port))),
  mustBeCut: true,
});

/** Sockets that ask, and never read an answer. */
const neverReading: Attacker = async ({ termId }, ports, tokens) => {
  const connections = await Promise.all(
    spread(100, ports, async (port, index) => {
      const raw = await RawSocket.signedIn(port, tokens[index % tokens.length] ?? '');
      raw.stopReading();
      for (let count = 0; count < 30; count += 1) {
        raw.sayFrame(`42${count}["seats:watch",{"termId":"${termId}","sectionIds":["${termId}-1"]}]`);
      }
      return raw;
    }),
  );
  return { connections, mustBeCut: false };
};

const ATTACKERS: Record<string, Attacker> = { malformed, huge, flood, slowHandshakes, strangers, neverReading };

const residentMib = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / MIB;

async function attack(
  context: FaultContext,
  name: string,
): Promise<{ text: string; bit: boolean; problems: string[] }> {
  const { world, random, roomId } = context;
  const ports = random.shuffled(world.pods.map(({ url }) => Number(new URL(url).port)));
  const ids = Array.from({ length: STUDENTS }, (_, index) => `${roomId}-hostile-${index}`);
  const ssoTokens = await Promise.all(ids.map((id) => world.ssoToken(id)));
  const signIns = await new ServiceApi(world.url).signInSso(ssoTokens);
  const tokens = signIns.map(({ token }) => token);
  const { connections, mustBeCut } = (await ATTACKERS[name]?.(context, ports, tokens)) ?? {
    connections: [],
    mustBeCut: false,
  };
  if (mustBeCut) await becomesSo(() => connections.every(({ isCut }) => isCut), { timeoutMs: 8_000, intervalMs: 50 });
  else await pause(1_000);
  const cut = connections.filter(({ isCut }) => isCut).length;
  for (const connection of connections) connection.close();
  const left = connections.length - cut;
  const problems = mustBeCut && left > 0 ? [`${name}: ${left} of ${connections.length} were never cut`] : [];
  return { text: `${name} ${connections.length}, ${cut} cut`, bit: connections.length > 0, problems };
}

const hostile: Fault = {
  name: 'hostile',
  what: 'malformed and huge frames, floods, slow and endless handshakes, sockets that never read',
  expects: { ...USUAL, socketsKept: true },
  run: async (context) => {
    const { world, swarm, random } = context;
    await swarm.until((all) => all.count('waiting') > 0);
    const before = world.pods.map(({ pid }) => residentMib(pid));
    const kinds = random.shuffled(Object.keys(ATTACKERS)).slice(0, 4);
    const results = [];
    for (const kind of kinds) results.push(await attack(context, kind));
    const growth = Math.max(...world.pods.map(({ pid }, index) => residentMib(pid) - (before[index] ?? 0)));
    const problems = results.flatMap((result) => result.problems);
    if (growth > MOST_GROWTH_MIB) problems.push(`a pod grew by ${Math.round(growth)} MiB`);
    const texts = [...results.map(({ text }) => text), `${Math.round(growth)} MiB more`];
    return { bit: results.every(({ bit }) => bit), text: texts.join('; '), problems };
  },
};

export const hostileFaults: Fault[] = [hostile];
