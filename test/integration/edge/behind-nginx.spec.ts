import type { Cluster } from '../../../load/servers/cluster';
import { OperatorClient } from '../../support/operator';
import type { Pod } from '../../../load/servers/pod';
import { signInSso, StudentTab } from '../../support/student';
import { waitFor } from '../../../load/support/wait-for';
import { untilLive } from '../../support/demo-room';
import { holdSections, openSections, startWithRoom, untilDraining } from './edge-cluster';
import { RawSocket } from './raw-client';

const TERM = '20251';
/** So many that some of them are bound to the pod that drains. */
const CLIENTS = 24;

describe('two pods behind nginx', () => {
  let cluster: Cluster;
  let roomId: string;
  let operator: OperatorClient;
  let students = 0;
  const tabs: StudentTab[] = [];

  beforeAll(async () => {
    ({ cluster, roomId } = await startWithRoom({ pods: 2, env: { DRAIN_SECONDS: '30' } }, { ratePerSecond: 100 }));
    operator = new OperatorClient(cluster.url, cluster.operatorToken);
  });
  afterEach(() => {
    for (const tab of tabs.splice(0)) tab.close();
  });
  afterAll(() => cluster.stop());

  async function prepared(transports: string[]): Promise<StudentTab> {
    const { token } = await signInSso(cluster, `nginx-${(students += 1)}`);
    const tab = new StudentTab(cluster.url, token, { transports, withCredentials: true } as object);
    tabs.push(tab);
    return tab;
  }

  async function connected(transports: string[]): Promise<StudentTab> {
    const tab = await prepared(transports);
    await tab.connected();
    return tab;
  }

  it('serve a student who can only poll like everybody else: join, positions, admission, seats, resume', async () => {
    await operator.createRoom('polling', { control: 'paused', termId: TERM });
    await untilLive(cluster.pods, 'polling');
    const ahead = await connected(['websocket']);
    const student = await connected(['polling']);
    await ahead.join('polling');
    const { number, ticket, sequence, position } = await student.join('polling');
    expect(position).toBe(2);

    await ahead.request('line:leave', { roomId: 'polling' });
    await waitFor(() => student.positions.at(-1) === 1, { what: 'the position to fall' });

    student.socket.disconnect().connect();
    await student.connected();
    expect((await student.join('polling', { resume: true, ticket, seenSequence: sequence })).number).toBe(number);

    await operator.changeRoom('polling', { control: 'auto' });
    const { token: admission } = await student.admitted();
    const [sectionId = ''] = await openSections(cluster.url, 1);
    const commit = { termId: TERM, sectionIds: [sectionId], admission, idempotencyKey: 'polling' };
    const outcome = { sectionId, outcome: 'enrolled' };
    expect(await student.request('enrolment:commit', commit)).toMatchObject({ ok: true, results: [outcome] });
    expect(await student.request('enrolment:commit', commit)).toMatchObject({ ok: true, results: [outcome] });
    expect(student.socket.io.engine.transport.name).toBe('polling');
  });

  it.each([
    ['WebSocket', ['websocket']],
    ['long-polling', ['polling']],
    ['long-polling, then WebSocket', ['polling', 'websocket']],
  ])('pass a pod that drains over, for new clients by %s', async (_, transports) => {
    const [draining] = cluster.pods as [Pod];
    const letGo = await keepBusy(draining);
    draining.signal('SIGTERM');
    await untilDraining(draining);

    const failures: string[] = [];
    const clients = await Promise.all(Array.from({ length: CLIENTS }, () => prepared(transports)));
    for (const { socket } of clients) {
      socket.on('connect_error', ({ message }) => failures.push(message));
      socket.on('disconnect', (reason) => failures.push(reason));
    }
    await Promise.all(clients.map((tab) => tab.connected()));
    for (let round = 0; round < 3; round += 1) {
      const replies = await Promise.all(
        clients.map((tab) => tab.request('seats:watch', { termId: TERM, sectionIds: [] })),
      );
      expect(replies.every(({ ok }) => ok)).toBe(true);
    }
    expect((await (await fetch(`${draining.url}/readyz`)).json()) as object).toMatchObject({ draining: true });
    expect(failures).toEqual([]);

    await letGo();
    expect((await draining.exited()).code).toBe(0);
    cluster.pods[0] = await cluster.addPod({ port: draining.port });
  });

  it('are told at once that the pod drains, also where they agree to no close', async () => {
    const [draining] = cluster.pods as [Pod];
    const letGo = await keepBusy(draining);
    const raw = await RawSocket.connected(draining.url, (await signInSso(cluster, 'mute', draining.url)).token);
    raw.ignoreCloses();
    draining.signal('SIGTERM');
    await raw.untilClosed();
    expect((await (await fetch(`${draining.url}/readyz`)).json()) as object).toMatchObject({ draining: true });

    await letGo();
    expect((await draining.exited()).code).toBe(0);
    cluster.pods[0] = await cluster.addPod({ port: draining.port });
  });

  /** Somebody on that pod waits for a commit, so that it drains until the rows are let go. */
  async function keepBusy(pod: Pod): Promise<() => Promise<void>> {
    const { token } = await signInSso(cluster, `nginx-${(students += 1)}`);
    const tab = new StudentTab(pod.url, token);
    tabs.push(tab);
    await tab.connected();
    await tab.join(roomId);
    const { token: admission } = await tab.admitted();
    const sectionIds = await openSections(pod.url, 1);
    const letGo = await holdSections(cluster);
    const commit = tab.request('enrolment:commit', {
      ...{ termId: TERM, sectionIds, admission },
      idempotencyKey: `busy-${students}`,
    });
    return async () => {
      await letGo();
      await commit;
    };
  }
});
