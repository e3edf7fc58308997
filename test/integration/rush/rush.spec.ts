import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { mintTokens } from '../../../load/tokens/mint';
import type { RushReport } from '../../../load/rush/report';
import { type Cluster, startCluster } from '../../../load/servers/cluster';
import { makeDemoRoom } from '../../support/demo-room';
import { ManagedProcess } from '../../../load/servers/managed-process';
import { OperatorClient } from '../../support/operator';
import { temporaryDirectory } from '../../../load/servers/temporary-directory';

const REPOSITORY = join(__dirname, '../../..');
/** Enough students for a line, and enough mishaps for each kind to happen. */
const SMALL = ['--students', '60', '--arrive', '2', '--rate', '15', '--json'];
const MISHAPS = ['--reconnect', '0.4', '--reload', '0.3', '--second-tab', '0.3'];

/** Enough changes for each kind to happen, and a plan that does not leave it to chance. */
const CHANGES = ['--changes', '--seed', 'mind', '--thinking', '1', '--students', '100', '--rate', '25'];

/** The command as `npm run rush` starts it. */
async function rush(args: string[]): Promise<{ code: number | null; report: RushReport }> {
  const process = await ManagedProcess.start({
    name: 'rush',
    command: globalThis.process.execPath,
    args: ['--require', '@swc-node/register', 'load/rush/main.ts', ...SMALL, ...MISHAPS, ...args],
    cwd: REPOSITORY,
    deathSignal: 'TERM',
  });
  const { code } = await process.exited();
  const last = process.output().trimEnd().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) throw new Error(process.output());
  return { code, report: JSON.parse(last) as RushReport };
}

type Result = Awaited<ReturnType<typeof rush>>;

function expectKept({ code, report }: Result): void {
  const { students } = report;
  const all = { students, joined: students, admitted: students, finished: students };
  expect(report).toMatchObject({ ...{ pass: true, completed: true, broken: [] }, ...all });
  expect(report.wished).toBe(Math.round((15_405 * students) / 3_000));
  expect(report.enrolled).toBe(report.expected);
  expect(report.latency.positionAge.count).toBeGreaterThan(0);
  expect(report.reconnects).toBeGreaterThan(0);
  expect(report.reloads).toBeGreaterThan(0);
  expect(report.secondTabs).toBeGreaterThan(0);
  expect(code).toBe(0);
}

function expectChanges({ report }: Result): void {
  const { drops, swaps, refusedSwaps, waitlisted, promoted, stillWaiting } = report.changes;
  for (const times of [drops, swaps, refusedSwaps, waitlisted, promoted, stillWaiting])
    expect(times).toBeGreaterThan(0);
}

describe('a small rush', () => {
  it('finds every promise kept by an embedded service of its own', async () => {
    const result = await rush([]);
    expectKept(result);
    expect(result.report.truth).toBe('sqlite');
  });

  it('finds every promise kept by it when students change their minds, too', async () => {
    const result = await rush(CHANGES);
    expectKept(result);
    expectChanges(result);
  });

  it('finds the same on a cluster of its own', async () => {
    const result = await rush([...CHANGES, '--cluster']);
    expectKept(result);
    expectChanges(result);
    expect(result.report.truth).toBe('mysql');
  });

  describe('on two pods behind nginx', () => {
    let cluster: Cluster;
    const directory = temporaryDirectory('tokens');
    const tokens = join(directory.path, 'tokens');

    beforeAll(async () => {
      cluster = await startCluster();
      await makeDemoRoom(cluster);
      const { url: issuer, key } = cluster.issuer;
      const terms = { students: 60, issuer, audience: cluster.audience, classYears: [] };
      const lines = async function* (): AsyncGenerator<string> {
        for await (const minted of mintTokens(key, terms)) yield `${JSON.stringify(minted)}\n`;
      };
      await pipeline(Readable.from(lines()), createWriteStream(tokens));
    });

    afterAll(async () => {
      await cluster?.stop();
      directory.remove();
    });

    it('does not begin in a room that lets nobody in', async () => {
      const { url, operatorToken, pods } = cluster;
      await new OperatorClient(pods[0]?.url ?? '', operatorToken).createRoom('paused', { control: 'paused' });
      const { code, report } = await rush(['--url', url, '--tokens', tokens, '--room', 'paused']);
      expect(code).toBe(2);
      expect(report).toMatchObject({ pass: false, error: expect.stringContaining('paused') as string });
    });

    it('finds every promise kept, by the tables of the database, and then refuses students who are enrolled', async () => {
      const { url, operatorToken, database } = cluster;
      const service = ['--url', url, '--operator-token', operatorToken, '--tokens', tokens];
      const result = await rush([...service, '--database', database.url]);
      expectKept(result);
      expect(result.report.truth).toBe('mysql');
      const again = await rush([...service, '--database', database.url]);
      expect(again).toMatchObject({ code: 2, report: { pass: false } });
    });
  });
});
