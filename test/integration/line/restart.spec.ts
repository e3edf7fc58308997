import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { OperatorClient } from '../../support/operator';
import { Pod, startPod } from '../../../load/servers/pod';
import { SHORT_GRACE_SECONDS, SHORT_TIMES } from '../../support/short-times';
import { StudentTab } from '../../support/student';
import { temporaryDirectory } from '../../../load/servers/temporary-directory';
import { waitFor } from '../../../load/support/wait-for';

const OPERATOR_TOKEN = 'a-token-for-these-tests-only-0123456789';
const REPOSITORY = join(__dirname, '..', '..', '..');
const ENVIRONMENT = { OPERATOR_TOKENS: `tester:${OPERATOR_TOKEN}`, ...SHORT_TIMES };

describe('an embedded server that starts again', () => {
  const directory = temporaryDirectory('restart');
  const tabs: StudentTab[] = [];
  let pod: Pod;
  let operator: OperatorClient;

  async function start(): Promise<void> {
    pod = await startPod({ dataDir: directory.path, env: ENVIRONMENT });
    operator = new OperatorClient(pod.url, OPERATOR_TOKEN);
  }

  async function tab(studentId: string): Promise<StudentTab> {
    const opened = await StudentTab.open(pod.url, studentId);
    tabs.push(opened);
    return opened;
  }

  beforeEach(start);
  afterEach(async () => {
    for (const opened of tabs.splice(0)) opened.close();
    await pod.stop();
  });
  afterAll(() => directory.remove());

  it.each([
    ['told to stop', () => pod.stop()],
    ['killed', () => pod.kill()],
  ])(
    'keeps the line, who is inside, and enrolments, when it was %s',
    async (how, end) => {
      const roomId = `restart-${how.split(' ')[0]}`;
      await operator.createRoom(roomId, { capacity: 1, graceSeconds: SHORT_GRACE_SECONDS });
      const inside = await tab(`${roomId}-inside`);
      const insideTicket = await inside.join(roomId);
      const admission = await inside.admitted();
      const waiting = await Promise.all([0, 1, 2].map((index) => tab(`${roomId}-${index}`)));
      for (const student of waiting) await student.join(roomId);
      const before = waiting.map((student) => student.ticket);
      await enrol(inside, admission.token);
      await end();
      await start();

      const [insideAgain, ...again] = await Promise.all(
        [`${roomId}-inside`, ...[2, 0, 1].map((index) => `${roomId}-${index}`)].map((id) => tab(id)),
      );
      const resumed = await resume(insideAgain as StudentTab, roomId, insideTicket.ticket);
      expect(resumed.state).toBe('admitted');
      expect((await (insideAgain as StudentTab).admitted()).token.split('.')[1]).toBe(admission.token.split('.')[1]);
      const numbers = new Map<string, number>();
      for (const [index, student] of again.entries()) {
        const place = [2, 0, 1][index] as number;
        const ticket = await resume(student, roomId, before[place]?.ticket ?? '');
        numbers.set(String(place), ticket.number);
        expect(ticket.position).toBeLessThanOrEqual(before[place]?.position ?? 0);
      }
      expect([0, 1, 2].map((place) => numbers.get(String(place)))).toEqual(before.map((ticket) => ticket?.number));
      expect(await enrolmentsOf(`${roomId}-inside`)).toHaveLength(1);

      await (insideAgain as StudentTab).request('admission:finish', { roomId });
      await again[1]?.admitted();
      expect(again[0]?.admissions).toEqual([]);
      await proveFair(roomId);
    },
    90_000,
  );

  async function resume(student: StudentTab, roomId: string, ticket: string): Promise<StudentTab['tickets'][number]> {
    return waitFor(() => student.join(roomId, { resume: true, ticket }), { what: 'the line to be back' });
  }

  async function enrol(student: StudentTab, admission: string): Promise<void> {
    const response = await fetch(`${pod.url}/api/terms/20251/sections?openOnly=true&pageSize=1`);
    const { sections } = (await response.json()) as { sections: { id: string }[] };
    const sectionIds = sections.map(({ id }) => id);
    const request = { termId: '20251', sectionIds, admission, idempotencyKey: 'once' };
    expect(await student.request('enrolment:commit', request)).toMatchObject({
      ok: true,
      results: [{ sectionId: sectionIds[0], outcome: 'enrolled' }],
    });
  }

  async function enrolmentsOf(studentId: string): Promise<unknown[]> {
    const signedIn = await fetch(`${pod.url}/api/sign-in/demo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ studentId, name: studentId }),
    });
    const { token } = (await signedIn.json()) as { token: string };
    const response = await fetch(`${pod.url}/api/terms/20251/enrolments`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return ((await response.json()) as { enrolments: unknown[] }).enrolments;
  }

  /** The checker reads the trail of both lives. */
  async function proveFair(roomId: string): Promise<void> {
    const args = ['--require', '@swc-node/register', join(REPOSITORY, 'src/trail/cli.ts')];
    const run = promisify(execFile)(
      process.execPath,
      [...args, 'verify', '--room', roomId, '--data-dir', directory.path, '--json'],
      { cwd: REPOSITORY },
    );
    const { stdout } = await run.catch((error: { stdout: string }) => error);
    expect(JSON.parse(stdout)).toMatchObject({ pass: true, epochs: 2, violations: [] });
  }
});
