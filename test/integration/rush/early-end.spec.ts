import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManagedProcess } from '../../../load/servers/managed-process';
import { freePort } from '../../../load/servers/ports';
import { Sqlite } from '../../../src/database/sqlite-driver';
import { temporaryDirectory } from '../../../load/servers/temporary-directory';
import { waitFor } from '../../../load/support/wait-for';
import { type LyingService, startLyingService } from './lying-service';

const REPOSITORY = join(__dirname, '../../..');

/** The command as `npm run rush` starts it. */
function startRush(args: string[], env: Record<string, string> = {}): Promise<ManagedProcess> {
  return ManagedProcess.start({
    name: 'rush',
    command: process.execPath,
    args: ['--require', '@swc-node/register', 'load/rush/main.ts', '--students=30', '--arrive=1', '--json', ...args],
    cwd: REPOSITORY,
    env: { OPERATOR_TOKEN: 'operator', ...env },
    deathSignal: 'TERM',
  });
}

/** That it ends at all is a part of the promise. */
async function expectEnd(rush: ManagedProcess, code: number, problem: RegExp): Promise<void> {
  expect(await rush.exited()).toMatchObject({ code });
  const last = JSON.parse(rush.output().trimEnd().split('\n').at(-1) ?? '') as { pass: boolean; error?: string };
  expect(last.pass).toBe(false);
  expect(last.error).toMatch(problem);
}

/** Of the service that a rush has started for itself, by what lies in its own directory. */
function studentsIn(directory: string): number {
  const [own = ''] = directoriesIn(directory);
  const file = join(directory, own, 'sunbeon.sqlite');
  if (!existsSync(file)) return 0;
  const database = new Sqlite(file, { readonly: true });
  try {
    return Number(database.prepare<[], { count: number }>('SELECT COUNT(*) AS count FROM student').get()?.count);
  } catch {
    // It is not migrated yet.
    return 0;
  } finally {
    database.close();
  }
}

const directoriesIn = (directory: string): string[] =>
  readdirSync(directory).filter((name) => name.startsWith('sunbeon-'));

describe('a rush that cannot come to its end', () => {
  const directory = temporaryDirectory('rush');
  let service: LyingService;
  beforeAll(async () => void (service = await startLyingService()));
  afterAll(async () => {
    await service.close();
    directory.remove();
  });

  it('ends when the service is gone, and with it the outcome', async () => {
    const mortal = await startLyingService(undefined, { opensAfterMs: Infinity });
    const rush = await startRush(['--url', mortal.url, '--timeout', '5']);
    await waitFor(() => mortal.joined() > 0, { what: 'a student who waits' });
    await mortal.close();
    await expectEnd(rush, 2, /ECONNREFUSED/);
  });

  it('does not begin when the outcome could not be read', async () => {
    const database = `mysql://127.0.0.1:${await freePort()}/sunbeon`;
    const rush = await startRush(['--url', service.url, '--database', database]);
    await expectEnd(rush, 2, /ECONNREFUSED/);
    expect(service.joined()).toBe(0);
  });

  it.each([
    ['has none', '', /holds no tokens/],
    ['has something else', '{"studentId":"a","token":"b"}\n# Tokens\n', /line 2/],
  ])(
    'does not begin when the file of tokens %s',
    async (_, content, problem) => {
      const tokens = join(directory.path, 'tokens');
      writeFileSync(tokens, content);
      const rush = await startRush(['--url', service.url, '--tokens', tokens]);
      await expectEnd(rush, 2, problem);
    },
    120_000,
  );

  it('leaves nothing of its own service behind when it is interrupted', async () => {
    const temporary = temporaryDirectory('interrupted');
    const logs = { SUNBEON_TEST_LOGS: directory.path };
    const rush = await startRush(['--timeout', '120'], { TMPDIR: temporary.path, ...logs });
    await waitFor(() => studentsIn(temporary.path) > 0, { what: 'a student who has come' });
    expect(directoriesIn(temporary.path)).toHaveLength(1);
    rush.signal('SIGINT');
    await expectEnd(rush, 130, /SIGINT/);
    expect(directoriesIn(temporary.path)).toEqual([]);
    temporary.remove();
  });
});
