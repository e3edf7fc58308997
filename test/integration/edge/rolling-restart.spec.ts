import { openDatabase } from '../../../src/database/open-database';
import { readEpochs } from '../../../src/trail/trail-reader';
import { errorText } from '../../../src/common/text';
import { LineEpochEntity, TrailCheckpointEntity, TrailEntity } from '../../../src/trail/trail.entity';
import { verifyTrail, VerifyReport } from '../../../src/trail/verify';
import type { Cluster } from '../../../load/servers/cluster';
import { signInSso } from '../../support/student';
import { waitFor } from '../../../load/support/wait-for';
import { openSections, startWithRoom } from './edge-cluster';
import { ClientStudent, PollingStudent, RollingStudent } from './rolling-student';

const TERM = '20251';
const PODS = 3;
const BY_CLIENT = 200;
const BY_POLLING = 30;
/** Students who are inside and take and give back a seat all the time. */
const COMMITTING = 6;

describe('a rolling restart of all pods behind nginx', () => {
  let cluster: Cluster;
  let roomId: string;
  const students: RollingStudent[] = [];

  beforeAll(async () => {
    const env = { DRAIN_SECONDS: '10', RECONNECT_DELAY_MAX_MS: '1000' };
    ({ cluster, roomId } = await startWithRoom({ pods: PODS, env }, { ratePerSecond: 2, capacity: 1_000 }));
  });
  afterAll(async () => {
    for (const student of students) student.close();
    await cluster.stop();
  });

  it('costs nobody the place, the order, an answer, or more than a short reconnect', async () => {
    const committing = await enter(COMMITTING, ClientStudent, 'inside');
    await Promise.all(committing.map((student) => student.inside()));
    await enter(BY_CLIENT, ClientStudent, 'client');
    await enter(BY_POLLING, PollingStudent, 'polling');
    const sections = await openSections(cluster.url, COMMITTING);
    const work = { going: true };
    const commits = Promise.all(
      committing.map((student, index) => keepCommitting(student, sections[index] as string, work)),
    );
    // Whatever else fails, the test tells that, and not what comes of students who are sent home in the middle.
    commits.catch(() => undefined);

    for (const [index, { port }] of cluster.pods.entries()) {
      cluster.pods[index]?.signal('SIGTERM');
      expect(await cluster.pods[index]?.exited()).toEqual({ code: 0, signal: null });
      cluster.pods[index] = await cluster.addPod({ port });
      await allSettled();
    }
    work.going = false;
    const answered = await commits;

    expect(Math.min(...answered.map((outcomes) => outcomes.length))).toBeGreaterThan(2);
    expect(new Set(answered.flat())).toEqual(new Set(['enrolled', 'dropped']));
    for (const student of students) student.close();
    const complaints = students.flatMap(({ id, complaints: own }) => own.map((text) => `${id}: ${text}`));
    expect(complaints).toEqual([]);
    expect(students.filter((student) => student.reconnects() === 0)).toEqual([]);
    expect(new Set(students.map(({ number }) => number)).size).toBe(students.length);
    const { epochs, violations } = await trail();
    expect(violations).toEqual([]);
    expect(epochs).toBe(1);
  });

  /** @throws Error that says who is not, and where they stand */
  async function allSettled(): Promise<void> {
    const unsettled = (): RollingStudent[] => students.filter((student) => !student.settled());
    try {
      await waitFor(() => unsettled().length === 0, { what: 'all students', timeoutMs: 180_000 });
    } catch (error) {
      const standings = unsettled().map((student) => student.standing());
      throw new Error([errorText(error), ...standings].join('\n'), { cause: error });
    }
  }

  async function enter<S extends RollingStudent & { join(roomId: string): Promise<void> }>(
    count: number,
    Student: new (id: string, url: string, signedIn: Awaited<ReturnType<typeof signInSso>>) => S,
    name: string,
  ): Promise<S[]> {
    const ids = Array.from({ length: count }, (_, index) => `${name}-${index}`);
    return Promise.all(
      ids.map(async (id) => {
        const student = new Student(id, cluster.url, await signInSso(cluster, id));
        students.push(student);
        await student.join(roomId);
        return student;
      }),
    );
  }

  async function trail(): Promise<VerifyReport> {
    const entities = [LineEpochEntity, TrailCheckpointEntity, TrailEntity];
    const database = await openDatabase({ url: cluster.database.url, entities });
    try {
      return verifyTrail(await database.read((manager) => readEpochs(manager, roomId)));
    } finally {
      await database.close();
    }
  }
});

/** Takes a seat and gives it back, again and again. @throws SunbeonError when the client gives up */
async function keepCommitting(student: ClientStudent, sectionId: string, work: { going: boolean }): Promise<string[]> {
  const outcomes: string[] = [];
  while (work.going) {
    const results = await student.client.commit(TERM, [sectionId]);
    outcomes.push(...results.map(({ outcome }) => outcome));
    await student.client.drop(TERM, sectionId);
    outcomes.push('dropped');
  }
  return outcomes;
}
