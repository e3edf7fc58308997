import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Server } from 'socket.io';
import type { SeatsLeftMessage } from '../../../src/contract/seats';
import { FanOut } from '../../../src/live/fan-out/fan-out';
import { RedisFanOut } from '../../../src/live/fan-out/redis-fan-out';
import { tellPodsOfSeats } from '../../../src/operate/tell-pods';
import { RedisClients } from '../../../src/redis/redis-clients';
import { demoCatalogue } from '../../../src/registration/catalogue/import/demo-term';
import type { Cluster } from '../../../load/servers/cluster';
import { freePort } from '../../../load/servers/ports';
import { startRedisCluster } from '../../support/redis-cluster';
import { signInSso, StudentTab } from '../../support/student';
import { temporaryDirectory } from '../../../load/servers/temporary-directory';
import { waitFor } from '../../../load/support/wait-for';
import { startWithRoom } from '../edge/edge-cluster';
import { loadSqlite, readDump, sqliteStatements } from '../upgrade/dump';

const REPOSITORY = join(__dirname, '..', '..', '..');
const TERM = '20251';
/** 16 seats as published. */
const SECTION = '0000162389';

describe('an import on the command line', () => {
  const directory = temporaryDirectory('term-cli');
  let cluster: Cluster;
  const tabs: StudentTab[] = [];

  beforeAll(async () => void ({ cluster } = await startWithRoom({ pods: 2 })));
  afterAll(async () => {
    for (const tab of tabs) tab.close();
    await cluster.stop();
    directory.remove();
  });

  /** A tab on a pod that watches the section, and what it heard last. */
  async function watching(pod: number): Promise<() => SeatsLeftMessage['seats'][number] | undefined> {
    const url = cluster.pods[pod]?.url ?? '';
    const tab = new StudentTab(url, (await signInSso(cluster, `watcher-${tabs.length}`, url)).token);
    tabs.push(tab);
    const heard: SeatsLeftMessage['seats'] = [];
    tab.socket.on('seats:left', ({ seats }) => heard.push(...seats));
    await tab.connected();
    await tab.request('seats:watch', { termId: TERM, sectionIds: [SECTION] });
    await waitFor(() => heard.length > 0, { what: 'the first count' });
    return () => heard.at(-1);
  }

  /** What it changed, and what it had to say besides. */
  async function importWith(capacity: number, ...more: string[]): Promise<{ changes: unknown[]; stderr: string }> {
    const file = join(directory.path, `capacity-${capacity}.csv`);
    const published = '"Rachael Norton","","S","200","16"';
    writeFileSync(file, (await demoCatalogue()).replace(published, published.replace('"16"', `"${capacity}"`)));
    const cli = ['--require', '@swc-node/register', 'src/operate/term-cli.ts', 'import', file, '--term', TERM];
    const env = { ...process.env, DATABASE_URL: cluster.database.url, REDIS_URL: '' };
    const options = { cwd: REPOSITORY, env, maxBuffer: 10_000_000 };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [...cli, ...more, '--json'], options);
    const { changed } = JSON.parse(stdout) as { changed: { changes: unknown[] }[] };
    return { changes: changed.flatMap(({ changes }) => changes), stderr };
  }

  it('is told at once to those who watch, on every pod, when it is given the pods’ Redis', async () => {
    const watchers = await Promise.all([watching(0), watching(1)]);
    const { changes, stderr } = await importWith(17, '--redis', cluster.redis.url);
    expect(changes).toEqual([{ field: 'capacity', before: 16, after: 17 }]);
    // A connection that is lost and found again on the way is said, and costs nothing; that pages hear of it late is not.
    expect(stderr).not.toContain('--redis');
    expect(stderr).not.toContain('could not be told');
    for (const last of watchers) {
      await waitFor(() => last()?.[1] === 17, { what: 'the new count' });
      expect(last()?.[0]).toBe(SECTION);
    }
  });

  it('says that pages are told late when it is given none', async () => {
    const { changes, stderr } = await importWith(18);
    expect(changes).toEqual([{ field: 'capacity', before: 17, after: 18 }]);
    expect(stderr).not.toBe('');
    expect(await importWith(18)).toEqual({ changes: [], stderr: '' });
  });

  it('is done, and says so, also when that Redis cannot be reached', async () => {
    const { changes, stderr } = await importWith(19, '--redis', `redis://:hidden@127.0.0.1:${await freePort()}`);
    expect(changes).toEqual([{ field: 'capacity', before: 18, after: 19 }]);
    expect(stderr).not.toBe('');
    expect(stderr).not.toContain('hidden');
  });
});

describe('an import of what is no catalogue', () => {
  const directory = temporaryDirectory('term-cli');
  const data = join(directory.path, 'data');
  const written = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(directory.path, name), content);
    return join(directory.path, name);
  };
  afterAll(() => directory.remove());

  it.each([
    ['another encoding than UTF-8', () => written('cp949.csv', new Uint8Array([0xb0, 0xa1, 0x0a])), 'not in UTF-8'],
    ['a directory', () => directory.path, 'EISDIR'],
    ['nothing', () => join(directory.path, 'none.csv'), 'ENOENT'],
  ])('says so, and touches no database: %s', async (_, file, problem) => {
    const cli = ['--require', '@swc-node/register', 'src/operate/term-cli.ts', 'import', file(), '--term', TERM];
    const env = { ...process.env, DATABASE_URL: '', REDIS_URL: '' };
    const done = promisify(execFile)(process.execPath, [...cli, '--data-dir', data], { cwd: REPOSITORY, env });
    await expect(done).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(problem) as string });
    expect(existsSync(data)).toBe(false);
  });
});

describe('an import that could take nothing', () => {
  const directory = temporaryDirectory('term-cli');
  afterAll(() => directory.remove());

  it('fails, and says why of each row', async () => {
    const [header = ''] = (await demoCatalogue()).split('\n');
    const file = join(directory.path, 'nothing.csv');
    writeFileSync(file, `${header}\n${header.replace(/[^,]+/g, '"x"')}\n`);
    const cli = ['--require', '@swc-node/register', 'src/operate/term-cli.ts', 'import', file, '--term', TERM];
    const env = { ...process.env, DATABASE_URL: '', REDIS_URL: '', DATA_DIR: directory.path };
    await expect(promisify(execFile)(process.execPath, cli, { cwd: REPOSITORY, env })).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('line 2: max is not a whole number') as string,
    });
  });
});

describe('a dry run', () => {
  const directory = temporaryDirectory('term-cli');
  const catalogue = join(directory.path, 'catalogue.csv');
  const data = join(directory.path, 'data');
  beforeAll(async () => writeFileSync(catalogue, await demoCatalogue()));
  afterAll(() => directory.remove());

  const term = (...given: string[]): Promise<{ stdout: string }> => {
    const cli = ['--require', '@swc-node/register', 'src/operate/term-cli.ts', ...given, '--term', TERM];
    const env = { ...process.env, DATABASE_URL: '', REDIS_URL: '', DATA_DIR: data };
    return promisify(execFile)(process.execPath, cli, { cwd: REPOSITORY, env, maxBuffer: 10_000_000 });
  };

  it('says what a first import would do, and makes no database for that', async () => {
    const { stdout } = await term('import', catalogue, '--dry-run', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'dry_run', counts: { changed: 0 } });
    expect(existsSync(data)).toBe(false);
  });

  it('leaves a database of an older version as it is, and says that it is one; so does an export', async () => {
    mkdirSync(data);
    const file = join(data, 'sunbeon.sqlite');
    loadSqlite(file, readDump('sqlite').statements);
    const before = sqliteStatements(file);
    for (const given of [['import', catalogue, '--dry-run'], ['export']]) {
      await expect(term(...given)).rejects.toMatchObject({
        ...{ code: 2, stdout: '' },
        stderr: expect.stringMatching(/older version.*CreateSignInEnds/) as string,
      });
    }
    expect(sqliteStatements(file)).toEqual(before);
  });
});

describe('an export on the command line', () => {
  const directory = temporaryDirectory('term-cli');
  const data = join(directory.path, 'data');
  afterAll(() => directory.remove());

  const term = (...given: string[]): Promise<{ stdout: string }> => {
    const cli = ['--require', '@swc-node/register', 'src/operate/term-cli.ts', ...given];
    const env = { ...process.env, DATABASE_URL: '', REDIS_URL: '' };
    return promisify(execFile)(process.execPath, cli, { cwd: REPOSITORY, env, maxBuffer: 10_000_000 });
  };
  const refused = (problem: string) => ({ code: 2, stdout: '', stderr: expect.stringContaining(problem) as string });

  it('makes no database where there is none, and says so', async () => {
    await expect(term('export', '--term', TERM, '--data-dir', data)).rejects.toMatchObject(
      refused('there is no database in'),
    );
    expect(existsSync(data)).toBe(false);
  });

  it('writes no empty file for a term that is not there', async () => {
    const file = join(directory.path, 'catalogue.csv');
    writeFileSync(file, await demoCatalogue());
    await term('import', file, '--term', TERM, '--data-dir', data);
    expect((await term('export', '--term', TERM, '--data-dir', data)).stdout).toMatch(/^student_id,/);
    await expect(term('export', '--term', 'nowhere', '--data-dir', data)).rejects.toMatchObject(
      refused('there is no term "nowhere"'),
    );
  });

  it.each(['postgres://localhost/sunbeon', 'mysql://localhost'])('says at once that %s is no database', async (url) => {
    await expect(term('export', '--term', TERM, '--database', url)).rejects.toMatchObject(
      refused('mysql://host/database'),
    );
  });
});

describe('what is told to the pods', () => {
  it('reaches them through a Redis Cluster too', async () => {
    const redis = await startRedisCluster();
    const url = `redis+cluster://${redis.addresses.map(({ host, port }) => `${host}:${port}`).join(',')}`;
    const clients = new RedisClients(url);
    try {
      const pod = new FanOut(new RedisFanOut(clients));
      const heard: SeatsLeftMessage['seats'] = [];
      pod.bind(new Server());
      pod.onSeatsChanged((_, seats) => heard.push(...seats));
      await clients.pubSubReady();
      await waitFor(async () => {
        await tellPodsOfSeats(url, TERM, [[SECTION, 3, 7]]);
        return heard.length > 0;
      });
      expect(heard[0]).toEqual([SECTION, 3, 7]);
    } finally {
      clients.close();
      await redis.stop();
    }
  });
});
