import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPod } from '../../support/pod';
import { temporaryDirectory } from '../../support/temporary-directory';
import { waitFor } from '../../support/wait-for';
import { call } from './support';

describe('a process of the service', () => {
  const directory = temporaryDirectory('start');

  afterAll(() => directory.remove());

  it('reads the roster again on SIGHUP, keeps the old one when the new is bad, and goes on', async () => {
    const rosterFile = join(directory.path, 'roster.csv');
    writeFileSync(rosterFile, 'student_id\ns1\n');
    const pod = await startPod({ env: { ROSTER_FILE: rosterFile } });
    const signIn = async (studentId: string): Promise<number> =>
      (await call(`${pod.url}/api/sign-in/demo`, { studentId })).status;
    const reload = async (csv: string, says: string): Promise<void> => {
      writeFileSync(rosterFile, csv);
      pod.signal('SIGHUP');
      await waitFor(() => pod.output().includes(says), { what: says });
    };
    expect([await signIn('s1'), await signIn('s2')]).toEqual([200, 403]);
    await reload('student_id\ns1\ns2\n', 'The roster was read again: 2 students.');
    expect(await signIn('s2')).toBe(200);
    await reload('student,id\n', 'The roster stays as it was.');
    expect([await signIn('s1'), await signIn('s2'), await signIn('s3')]).toEqual([200, 200, 403]);
    expect((await pod.stop()).code).toBe(0);
  });
});
