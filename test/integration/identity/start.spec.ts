import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManagedProcess } from '../../../load/servers/managed-process';
import { startPod } from '../../../load/servers/pod';
import { temporaryDirectory } from '../../../load/servers/temporary-directory';
import { waitFor } from '../../../load/support/wait-for';
import { call } from './support';

/** Starts the service, which is expected to fail, and gives what it says. */
async function failToStart(env: Record<string, string>): Promise<string> {
  const process = await ManagedProcess.start({
    name: 'failing-pod',
    command: globalThis.process.execPath,
    args: [join(__dirname, '..', '..', '..', 'dist', 'main.js')],
    env,
  });
  expect((await process.exited()).code).toBe(1);
  return process.output();
}

describe('a process of the service', () => {
  const directory = temporaryDirectory('start');

  afterAll(() => directory.remove());

  it('reads the roster again on SIGHUP, keeps the old one when the new is bad, and goes on', async () => {
    const rosterFile = join(directory.path, 'roster.csv');
    writeFileSync(rosterFile, 'student_id\ns1\n');
    const pod = await startPod({ env: { ROSTER_FILE: rosterFile } });
    const signIn = async (studentId: string): Promise<number> =>
      (await call(`${pod.url}/api/sign-in/demo`, { studentId })).status;
    const reload = (csv: string): void => {
      writeFileSync(rosterFile, csv);
      pod.signal('SIGHUP');
    };
    expect([await signIn('s1'), await signIn('s2')]).toEqual([200, 403]);
    reload('student_id\ns1\ns2\n');
    await waitFor(async () => (await signIn('s2')) === 200, { what: 's2 to be on the roster' });
    // The list after the bad one shows that the bad one was seen, and that it took nobody off.
    reload('student,id\n');
    expect([await signIn('s1'), await signIn('s2'), await signIn('s3')]).toEqual([200, 200, 403]);
    reload('student_id\ns1\ns2\ns3\n');
    await waitFor(async () => (await signIn('s3')) === 200, { what: 's3 to be on the roster' });
    expect([await signIn('s1'), await signIn('s2')]).toEqual([200, 200]);
    expect((await pod.stop()).code).toBe(0);
  });

  it('says that the page is there also to a monitor, which asks for its head only', async () => {
    const pod = await startPod();
    const { status, headers } = await fetch(`${pod.url}/`, { method: 'HEAD' });
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect((await fetch(`${pod.url}/api/nothing`, { method: 'HEAD' })).status).toBe(404);
    await pod.stop();
  });

  it('takes its directory for itself', async () => {
    const pod = await startPod();
    const said = await failToStart({ PORT: '0', DATA_DIR: pod.dataDir });
    expect(said).toBe(
      `Sunbeon could not start: DATA_DIR (${pod.dataDir}) is in use by another process of this service\n`,
    );
    expect((await pod.stop()).code).toBe(0);
  });

  it('says in one sentence what it cannot work with', async () => {
    const at = (name: string): string => join(directory.path, name);
    writeFileSync(at('file'), '');
    expect(await failToStart({ DATA_DIR: at('file') })).toMatch(/^Sunbeon could not start: DATA_DIR \(.*\n$/);
    mkdirSync(at('broken'));
    writeFileSync(join(at('broken'), 'sunbeon.sqlite'), 'x'.repeat(9_999));
    expect(await failToStart({ DATA_DIR: at('broken') })).toMatch(
      /^Sunbeon could not start: the database .*sunbeon\.sqlite cannot be opened: .*\n$/,
    );
    writeFileSync(at('bad.csv'), 'student_id\nhas space\n');
    expect(await failToStart({ DATA_DIR: at('data'), ROSTER_FILE: at('bad.csv') })).toMatch(
      /^Sunbeon could not start: The roster .* has problems:\n {2}line 2: .*\n$/,
    );
  });

  it('shows the token that it made once, and where it is also when its first start failed', async () => {
    const dataDir = join(directory.path, 'tokens');
    const other = await startPod();
    await failToStart({ PORT: String(other.port), DATA_DIR: dataDir });
    const pod = await startPod({ dataDir, env: { LOG_FORMAT: 'text' } });
    const [, token = ''] = readFileSync(join(dataDir, 'operator-tokens'), 'utf8').trim().split(':');
    const answer = await call(`${pod.url}/api/operator/rooms`, undefined, { Authorization: `Bearer ${token}` });
    expect(answer.status).toBe(200);
    await pod.stop();
    // All that it said, now that it has ended.
    expect(pod.output()).toContain(join(dataDir, 'operator-tokens'));
    expect(pod.output()).not.toContain(token);
    await other.stop();
  });
});
