import { endsWithin } from '../../src/common/deadline';
import { Agenda } from '../support/agenda';
import { becomesSo } from '../support/wait-for';
import type { StudentPlan } from './plan';
import type { StudentRecord } from './record';
import { Student, type StudentState } from './student';
import type { SwarmContext } from './swarm-context';

const WATCH_MS = 20;

/** Many students at once, and what whoever let them loose wants to know of them. */
export class Swarm {
  readonly students: readonly Student[];
  /** How old positions were when they arrived, ms. */
  readonly positionAges: number[] = [];
  private readonly agenda = new Agenda();
  private readonly context: SwarmContext;
  private left: number;
  private allEnded!: () => void;
  /** Resolves when the last student is done. */
  readonly ended = new Promise<void>((resolve) => (this.allEnded = resolve));

  constructor(
    private readonly plans: readonly StudentPlan[],
    context: Omit<SwarmContext, 'agenda' | 'positionAges'>,
  ) {
    this.context = { ...context, agenda: this.agenda, positionAges: this.positionAges };
    this.left = plans.length;
    this.students = plans.map((plan) => new Student(plan, this.context, () => this.endOne()));
  }

  get records(): StudentRecord[] {
    return this.students.map(({ record }) => record);
  }

  /** Lets everybody come at their time. */
  start(): void {
    this.plans.forEach(({ arriveAt }, index) => this.agenda.in(arriveAt, () => this.students[index]?.arrive()));
  }

  /** Until the last one is done, or the time (ms) is over; then everybody goes home. */
  async finish(timeoutMs: number): Promise<boolean> {
    const completed = await endsWithin(this.ended, timeoutMs);
    this.stop();
    return completed;
  }

  /** Everybody goes home, and nothing more happens. */
  stop(): void {
    this.agenda.stop();
    for (const student of this.students) student.goHome();
  }

  count(state: StudentState): number {
    return this.students.filter((student) => student.state === state).length;
  }

  /** Students who were told of an admission. */
  admitted(): number {
    return this.records.filter(({ admissions }) => admissions.length > 0).length;
  }

  /** Tabs that are connected now; on one pod: those that chose it themselves. */
  connected(pod?: number): number {
    const tabs = this.students.flatMap((student) => student.tabs);
    return tabs.filter((tab) => tab.isConnected && (pod === undefined || tab.pod === pod)).length;
  }

  /** Waiting students with a live tab on every one of these pods. */
  spanning(pods: readonly number[]): number {
    const isOn = (student: Student, pod: number): boolean =>
      student.tabs.some((tab) => tab.isPlaced && tab.pod === pod);
    return this.students.filter((student) => pods.every((pod) => isOn(student, pod))).length;
  }

  /** Students whose commit or drop has no answer yet. */
  asking(): number {
    return this.students.filter(({ isAsking }) => isAsking).length;
  }

  /** Places that were told to students from `from` to `to`, ms since the Unix epoch. */
  ticketsTold(from: number, to: number): number {
    return this.records.filter(({ ticketAt }) => ticketAt !== undefined && ticketAt >= from && ticketAt <= to).length;
  }

  cutsSince(at: number): number {
    return this.records.reduce((sum, { cuts }) => sum + cuts.filter((cut) => cut.at >= at).length, 0);
  }

  /** Waits until so many are there; goes on after `timeoutMs` all the same: the fault then proves by itself that it bit. */
  async until(isSo: (swarm: Swarm) => boolean, timeoutMs = 4_000): Promise<void> {
    await becomesSo(() => isSo(this), { timeoutMs, intervalMs: WATCH_MS });
  }

  private endOne(): void {
    this.left -= 1;
    if (this.left === 0) this.allEnded();
  }
}
