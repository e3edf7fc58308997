import type { RoomReport } from '../../../src/contract/operate/rooms';
import { openDatabase } from '../../../src/database/open-database';
import { readEpochs } from '../../../src/trail/trail-reader';
import { LineEpochEntity, TrailCheckpointEntity, TrailEntity } from '../../../src/trail/trail.entity';
import { EpochTrail, VerifyReport, verifyTrail } from '../../../src/trail/verify';
import type { Cluster } from '../../../load/servers/cluster';
import { Visitor } from '../../support/crowd';
import { OperatorClient } from '../../support/operator';
import { SHORT_GRACE_SECONDS } from '../../support/short-times';
import { waitFor } from '../../../load/support/wait-for';

const WAITING = 10;
const AWAY = 2;

/** A room on two pods: one student inside, some waiting on either pod or on both, some away. */
export class Scenario {
  readonly waiting: Visitor[] = [];
  readonly away: Visitor[] = [];
  readonly operator: OperatorClient;
  inside!: Visitor;

  private constructor(
    readonly cluster: Cluster,
    readonly roomId: string,
  ) {
    this.operator = new OperatorClient(cluster.pods[0]?.url ?? '', cluster.operatorToken);
  }

  static async make(cluster: Cluster, roomId: string, settings: Record<string, unknown> = {}): Promise<Scenario> {
    const scenario = new Scenario(cluster, roomId);
    await scenario.operator.createRoom(roomId, {
      ...{ capacity: 1, ratePerSecond: 50, graceSeconds: SHORT_GRACE_SECONDS, noShowSeconds: 30 },
      ...settings,
    });
    await scenario.untilLive('open');
    return scenario;
  }

  static async start(cluster: Cluster, roomId: string, settings: Record<string, unknown> = {}): Promise<Scenario> {
    const scenario = await Scenario.make(cluster, roomId, settings);
    scenario.inside = await scenario.join('inside', 0);
    await waitFor(() => scenario.inside.admissions.length === 1, { what: 'the first admission' });
    for (let i = 0; i < WAITING; i++) {
      const visitor = await scenario.join(`waiting-${i}`, i % 2);
      if (i % 3 === 0) await visitor.open(scenario.pod(i + 1));
      scenario.waiting.push(visitor);
    }
    for (let i = 0; i < AWAY; i++) scenario.away.push(await scenario.join(`away-${i}`, i));
    for (const visitor of scenario.away) visitor.leaveTabs();
    await scenario.untilReport('those who left to be away', ({ present }) => present === WAITING);
    return scenario;
  }

  /** A new student at a pod (0 or 1). */
  async join(name: string, pod: number): Promise<Visitor> {
    const visitor = await this.signIn(name);
    await visitor.open(this.pod(pod));
    return visitor;
  }

  /** Signed in, and no more: for the time when the database is away. */
  signIn(name: string): Promise<Visitor> {
    return Visitor.signIn(this.cluster, this.roomId, `${this.roomId}-${name}`);
  }

  pod(index: number): string {
    const { pods } = this.cluster;
    return pods[index % pods.length]?.url ?? '';
  }

  get everyone(): Visitor[] {
    return [this.inside, ...this.waiting, ...this.away].filter(Boolean);
  }

  report(): Promise<RoomReport> {
    return this.operator.call<RoomReport>('GET', `/rooms/${this.roomId}`);
  }

  untilReport(what: string, ask: (report: RoomReport) => boolean): Promise<true> {
    return waitFor(async () => ask(await this.report()), { what });
  }

  /** Until every pod says so. */
  async untilLive(...states: string[]): Promise<void> {
    for (const { url } of this.cluster.pods) {
      const stateThere = async (): Promise<string> =>
        ((await (await fetch(`${url}/api/rooms/${this.roomId}`)).json()) as RoomReport).state;
      await waitFor(async () => states.includes(await stateThere()), {
        what: `${url} to say ${states.join(' or ')}`,
      });
    }
  }

  /** Those who are away come back, each on the other pod. */
  async comeBack(): Promise<void> {
    await Promise.all(this.away.map((visitor, i) => visitor.open(this.pod(i + 1))));
  }

  /** Lets everyone in, and waits until each has an admission. */
  async admitAll(): Promise<void> {
    await this.operator.changeRoom(this.roomId, { capacity: 100 });
    for (const visitor of this.everyone) {
      await waitFor(() => visitor.admissions.length > 0, {
        what: `the admission of ${visitor.studentId}`,
      });
    }
  }

  /** What every student was told must hold together: one number, one admission, no end, no rise. */
  expectKept(): void {
    const told = this.everyone.map(({ studentId, numbers, admissions, left, rose, troubles }) => {
      return { studentId, numbers: numbers.length, admissions: admissions.length, left, rose, troubles };
    });
    const kept = { numbers: 1, admissions: 1, left: [], rose: false, troubles: [] };
    expect(told).toEqual(told.map(({ studentId }) => ({ studentId, ...kept })));
  }

  expectNoDisconnect(): void {
    const lost = this.everyone.flatMap(({ studentId, disconnects }) =>
      disconnects.map((why) => `${studentId}: ${why}`),
    );
    expect(lost).toEqual([]);
  }

  /** The trail of every epoch, once it holds every admission. */
  async trail(): Promise<EpochTrail[]> {
    await this.untilReport('the trail to have everything', ({ trailLag }) => trailLag === 0);
    const entities = [LineEpochEntity, TrailCheckpointEntity, TrailEntity];
    const database = await openDatabase({ url: this.cluster.database.url, entities });
    try {
      return await database.read((manager) => readEpochs(manager, this.roomId));
    } finally {
      await database.close();
    }
  }

  /** The checker finds nothing in the trail, and everyone was let in once by it. */
  async expectFair(): Promise<VerifyReport> {
    const epochs = await this.trail();
    const report = verifyTrail(epochs);
    expect(report.violations).toEqual([]);
    const admitted = epochs.flatMap(({ events }) => [...events].filter(({ type }) => type === 'admitted'));
    const numbers = new Set(admitted.map((event) => ('number' in event ? event.number : 0)));
    expect(numbers.size).toBe(this.everyone.length);
    return report;
  }

  close(): void {
    for (const visitor of this.everyone) visitor.leaveTabs();
  }
}
