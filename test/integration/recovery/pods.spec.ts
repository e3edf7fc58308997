import { Cluster, startCluster } from '../../../load/servers/cluster';
import { waitFor } from '../../../load/support/wait-for';
import { Scenario } from './scenario';

/** Longer than anything here takes on a busy machine, so that nothing ends by itself. */
const ROOM = { graceSeconds: 600 };

describe('two pods', () => {
  let cluster: Cluster;
  let scenario: Scenario;

  beforeAll(async () => (cluster = await startCluster({ own: true })));
  afterEach(() => scenario.close());
  afterAll(() => cluster.stop());

  const fairAndKept = async (): Promise<void> => {
    await scenario.admitAll();
    scenario.expectKept();
    await scenario.expectFair();
  };
  /** Waiting students that have a tab at the first pod. */
  const onFirst = () => scenario.waiting.filter((_, i) => i % 2 === 0 || i % 3 === 0);
  const onSecondOnly = () => scenario.waiting.filter((_, i) => i % 2 === 1 && i % 3 !== 0);

  it('of which one is only paused for too long keep every place, and it takes its sockets back', async () => {
    scenario = await Scenario.start(cluster, 'pod-paused', ROOM);
    const [, second] = cluster.pods;
    second?.signal('SIGSTOP');
    await scenario.untilReport('the students of the paused pod to be on grace', ({ present }) => {
      return present === onFirst().length;
    });
    second?.signal('SIGCONT');
    await scenario.untilReport('everyone to be back', ({ present }) => present === scenario.waiting.length);
    scenario.expectNoDisconnect();
    await scenario.comeBack();
    await fairAndKept();
  });

  it('let nobody in while the database is away, take joins, and make up for everything when it is back', async () => {
    scenario = await Scenario.make(cluster, 'database-away', { ...ROOM, capacity: 100, ratePerSecond: 1 });
    for (let i = 0; i < 8; i++) scenario.waiting.push(await scenario.join(`waiting-${i}`, i));
    const late = await Promise.all([0, 1, 2].map((i) => scenario.signIn(`late-${i}`)));
    await cluster.database.kill();
    const told = () => scenario.waiting.filter(({ admissions }) => admissions.length > 0).length;
    const toldBefore = told();
    for (const [i, visitor] of late.entries()) await visitor.open(scenario.pod(i));
    scenario.waiting.push(...late);
    let inside = -1;
    const standsStill = async (): Promise<boolean> => {
      const before = inside;
      ({ inside } = await scenario.report());
      return before === inside;
    };
    // at one a second somebody would have gone in between two looks
    await waitFor(standsStill, { what: 'admissions to stop', intervalMs: 1_500 });
    expect(told()).toBeLessThanOrEqual(toldBefore + 1);
    expect(scenario.waiting.length - inside).toBeGreaterThan(0);
    await cluster.database.restart();
    await fairAndKept();
    expect((await scenario.report()).epoch).toBe(1);
  });

  it('of which one is killed have its students on grace, who come back by the other in their places', async () => {
    scenario = await Scenario.start(cluster, 'pod-killed', ROOM);
    const [first, second] = cluster.pods;
    await second?.kill();
    await scenario.untilReport('the students of the dead pod to be on grace', ({ present }) => {
      return present === onFirst().length;
    });
    cluster.pods.splice(1, 1);
    await Promise.all(onSecondOnly().map((visitor) => visitor.open(first?.url ?? '')));
    await scenario.comeBack();
    await fairAndKept();
  });
});
