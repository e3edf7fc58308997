import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { AdmissionEntity } from '../../../src/admission/admission.entity';
import { AdmissionProjection } from '../../../src/admission/admission-projection';
import type { Database } from '../../../src/database/database';
import { openDatabase } from '../../../src/database/open-database';
import { StudentDirectory } from '../../../src/identity/student-directory';
import { StudentEntity } from '../../../src/identity/student.entity';
import { MemoryLineStore } from '../../../src/line/memory/memory-line-store';
import { ROOM_ENTITIES } from '../../../src/room/room.module';
import { Recovery } from '../../../src/trail/recovery';
import { verifyStored } from '../../../src/trail/trail-reader';
import { TRAIL_ENTITIES } from '../../../src/trail/trail.module';
import { buildService } from '../../servers/embedded-server';
import { ManagedProcess } from '../../servers/managed-process';
import { startPod } from '../../servers/pod';
import { startRedis, withRedis } from '../../servers/redis';
import { startDatabase } from '../../servers/start-database';
import { temporaryDirectory } from '../../servers/temporary-directory';
import { waitFor } from '../../support/wait-for';
import { startIssuer } from '../../issuer/issuer';
import type { Bench, BenchOptions, BenchReport, Target } from '../bench';
import { cpuMsOf } from '../cpu';
import { peakRssMibOf } from '../memory';
import { rounded, type Spread, spreadOf, spreadText } from '../spread';
import { type Keep, withParts } from '../turns';
import { loseAgain, roomOf, type TrailSize, writeLongTrail } from './long-trail';
import { recordStatements, wholeTableReads } from './plans';

const FULL = { size: { living: 100_000, events: 1_000_000 }, repeats: 5 };
const QUICK = { size: { living: 10_000, events: 100_000 }, repeats: 1 };

const ENTITIES = [...TRAIL_ENTITIES, ...ROOM_ENTITIES, StudentEntity, AdmissionEntity];
const ROOM = roomOf('lost');
const REPOSITORY = join(__dirname, '../../..');
const LOOK_MS = 20;
const PATIENCE_MS = 300_000;

/** Where the trail is, and what a pod that shall bring the line back is started with. */
interface Setting {
  name: 'embedded' | 'clustered';
  database: Database;
  dataDir: string;
  env: Record<string, string>;
  /** How the trail's own command is told where it is. */
  where: string[];
  /** The line's store comes back empty. */
  empty(): Promise<void>;
  stop(): Promise<void>;
}

interface Measured {
  seconds: number;
  /** Of the process until then, with its start. */
  cpuSeconds: number;
  /** Most that the process ever held, MiB. */
  peakMib: number;
}

export const recoverBench: Bench = {
  name: 'recover',
  summary: 'a lost line of 100,000 tickets and 1,000,000 events: time and memory to rebuild it, and to prove it fair',
  run: (options) => withParts((keep) => measure(keep, options)),
};

async function measure(keep: Keep, options: BenchOptions): Promise<BenchReport> {
  buildService();
  const { size, repeats } = planOf(options);
  const figures: Record<string, number> = {};
  const rows: BenchReport['rows'] = [];
  const wholeTables: string[] = [];
  for (const make of [embedded, clustered]) {
    const setting = await keep(make(options));
    options.say(`${setting.name}: writing ${size.events} events`);
    await writeLongTrail(setting.database, ROOM, size);
    const work = {
      recover: await repeat(repeats, () => recover(setting)),
      verify: await repeat(1, () => verify(setting)),
    };
    for (const [what, done] of Object.entries(work)) {
      const spread = (value: (one: Measured) => number): Spread => spreadOf(done.map(value));
      const [seconds, peak] = [spread((one) => one.seconds), spread((one) => one.peakMib)];
      const cpu = spreadText(
        spread((one) => one.cpuSeconds),
        1,
      );
      figures[`${setting.name}${what}Seconds`] = rounded(seconds.median);
      figures[`${setting.name}${what}Mib`] = rounded(peak.median);
      rows.push({
        ...{ setting: setting.name, what, seconds: spreadText(seconds, 1) },
        ...{ 'CPU s, with its start': cpu, 'peak MiB': spreadText(peak) },
      });
      options.say(`${setting.name} ${what}: ${spreadText(seconds, 1)} s, ${spreadText(peak)} MiB`);
    }
    wholeTables.push(...(await plannedReads(setting)));
  }
  return {
    figures: { ...figures, wholeTables: wholeTables.length },
    rows,
    targets: TARGETS,
    notes: notesOf(size, wholeTables),
  };
}

function planOf({ quick, students }: BenchOptions): { size: TrailSize; repeats: number } {
  const plan = quick ? QUICK : FULL;
  return students === undefined ? plan : { ...plan, size: { living: students, events: students * 10 } };
}

const TARGETS: Target[] = ['embedded', 'clustered'].flatMap((setting): Target[] => [
  { figure: `${setting}recoverSeconds`, what: `seconds to rebuild it, ${setting}`, limit: 10, sense: 'at most' },
  { figure: `${setting}recoverMib`, what: `MiB of the pod that does, ${setting}`, limit: 300, sense: 'at most' },
  {
    figure: `${setting}verifyMib`,
    what: `MiB of the command that checks the trail, ${setting}`,
    limit: 300,
    sense: 'at most',
  },
]);
TARGETS.push({ figure: 'wholeTables', what: 'statements that go through a whole table', limit: 0, sense: 'at most' });

const notesOf = ({ living, events }: TrailSize, wholeTables: readonly string[]): string[] => [
  `${living} tickets live, ${events} events; a pod starts and finds the line's store empty`,
  'seconds: from the first look at the database to the line’s readiness, as the pod logs it; the check with the start of node',
  ...wholeTables,
];

async function repeat(times: number, work: () => Promise<Measured>): Promise<Measured[]> {
  const done: Measured[] = [];
  while (done.length < times) done.push(await work());
  return done;
}

/** A pod starts, finds no line in the store, and brings it back. */
async function recover(setting: Setting): Promise<Measured> {
  await loseAgain(setting.database, ROOM);
  await setting.empty();
  const pod = await startPod({ dataDir: setting.dataDir, env: { ...setting.env, LOG_LEVEL: 'info' } });
  try {
    const isReady = (): boolean => readyLine(pod.output()) !== undefined;
    await waitFor(isReady, { what: 'the line to be back', timeoutMs: PATIENCE_MS, intervalMs: LOOK_MS });
    const { ms = Number.NaN } = readyLine(pod.output()) ?? {};
    return { seconds: ms / 1_000, cpuSeconds: cpuSecondsOf(pod.pid), peakMib: peakRssMibOf(pod.pid) };
  } finally {
    await pod.kill();
  }
}

const cpuSecondsOf = (pid: number): number => {
  try {
    return cpuMsOf(pid) / 1_000;
  } catch {
    return 0;
  }
};

function readyLine(output: string): { ms: number } | undefined {
  const line = output.split('\n').find((one) => one.includes('"epoch_ready"') && one.includes(`"${ROOM.id}"`));
  return line === undefined ? undefined : (JSON.parse(line) as { ms: number });
}

/** The trail's own command, as somebody runs it who wants the proof. */
async function verify(setting: Setting): Promise<Measured> {
  const startedAt = performance.now();
  const check = await ManagedProcess.start({
    name: 'verify',
    command: process.execPath,
    args: [join(REPOSITORY, 'dist/trail/cli.js'), 'verify', '--room', ROOM.id, ...setting.where, '--json'],
  });
  let [peakMib, cpuSeconds] = [0, 0];
  const look = setInterval(() => {
    // One that has just ended says nothing any more.
    peakMib = Math.max(peakMib, peakRssMibOf(check.pid) || 0);
    cpuSeconds = Math.max(cpuSeconds, cpuSecondsOf(check.pid));
  }, LOOK_MS);
  const { code } = await check.exited();
  clearInterval(look);
  if (code !== 0) throw new Error(`the check of the trail ended with ${code}:\n${check.output().slice(-2_000)}`);
  return { seconds: (performance.now() - startedAt) / 1_000, cpuSeconds, peakMib };
}

/** What recovery and check ask, and the trail's writer where another pod was before it, by the plans of the database. */
async function plannedReads({ database }: Setting): Promise<string[]> {
  await loseAgain(database, ROOM);
  const statements = recordStatements(database);
  const store = new MemoryLineStore(() => Date.now());
  const recovery = new Recovery(store, database, new StudentDirectory(database), new AdmissionProjection());
  const report = () => ({ podId: 'pod', sequence: 0, server: '', number: 0, latest: 0 });
  await recovery.ensure(ROOM, { trusted: undefined, report });
  await verifyStored((work) => database.read(work), ROOM.id);
  await store.close();
  return wholeTableReads(database, statements);
}

async function embedded(): Promise<Setting> {
  const directory = temporaryDirectory('recover');
  const database = await openDatabase({ file: join(directory.path, 'sunbeon.sqlite'), entities: ENTITIES });
  await database.migrate();
  return {
    ...{ name: 'embedded', database, dataDir: directory.path, env: {}, where: ['--data-dir', directory.path] },
    empty: () => Promise.resolve(),
    stop: async () => {
      await database.close();
      directory.remove();
    },
  };
}

async function clustered({ database: maker }: BenchOptions): Promise<Setting> {
  const directory = temporaryDirectory('recover');
  const server = await startDatabase(maker, { own: true, redoLogMib: 512, args: ['--innodb-buffer-pool-size=512M'] });
  const redis = await startRedis({ own: true });
  const issuer = await startIssuer();
  const database = await openDatabase({ url: server.url, entities: ENTITIES });
  await database.migrate();
  const env = {
    ...{ REDIS_URL: redis.url, DATABASE_URL: server.url, SIGNING_KEYS: `bench:${randomBytes(32).toString('base64')}` },
    ...{ AUTH_JWKS_URL: issuer.jwksUrl, AUTH_ISSUER: issuer.url, AUTH_AUDIENCE: 'sunbeon' },
    ...{ OPERATOR_TOKENS: `bench:${randomBytes(24).toString('hex')}` },
  };
  return {
    ...{ name: 'clustered', database, dataDir: directory.path, env, where: ['--database', server.url] },
    empty: () => withRedis(redis.url, async (client) => void (await client.flushall())),
    stop: async () => {
      await database.close();
      for (const part of [issuer.close(), redis.stop(), server.stop()]) await part;
      directory.remove();
    },
  };
}
