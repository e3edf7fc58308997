import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../../../src/database/database';
import { EnrolmentEvents } from '../../../../src/registration/ports';
import { SeatLedger } from '../../../../src/registration/ledger/seat-ledger';
import type { SeatRequest } from '../../../../src/registration/seats/seat-request';
import type { SeatStore } from '../../../../src/registration/ledger/seat-store';
import { SeatSweep } from '../../../../src/registration/ledger/seat-sweep';
import { FakeAdmissions, FakeOutbox, inShort, TEST_SETTINGS } from '../support';
import { type Journal, JournalledBatch } from './journal';
import { MortalDatabase } from './mortal-database';

class Pod {
  readonly ledger: SeatLedger;
  readonly sweep: SeatSweep;
  private readonly database: MortalDatabase;
  private bury: () => void = () => undefined;
  readonly death = new Promise<'died'>((resolve) => (this.bury = () => resolve('died')));

  constructor(database: Database, clock: { offsetMs: number }, journal: Journal, store: SeatStore) {
    this.database = new MortalDatabase(database, clock);
    const parts = { store, admissions: new FakeAdmissions(), outbox: new FakeOutbox(), settings: TEST_SETTINGS };
    const batch = new JournalledBatch(parts, journal);
    this.ledger = new SeatLedger(this.database, batch, new EnrolmentEvents(), { batchSize: 4 });
    this.sweep = new SeatSweep(this.database, this.ledger);
  }

  loseAnswer(lost: boolean): void {
    this.database.loseAnswer(lost);
  }

  die(): void {
    this.database.die();
    this.bury();
  }
}

/** What a client knows of a request of its own. */
export interface ClientRecord {
  request: SeatRequest;
  /** By one clock for all: when it was first sent, and when it was answered. */
  sentAt: number;
  answeredAt: number;
  outcomes: string[];
}

/** Two pods, of which each may die at any moment and is replaced at once, and the clients that insist on an answer. */
export class Pods {
  readonly records: ClientRecord[] = [];
  private readonly pods: Pod[];
  private readonly pending = new Set<Promise<void>>();
  private readonly sweeps = new Set<Promise<unknown>>();
  private ticks = 0;

  constructor(
    private readonly databases: readonly Database[],
    private readonly clock: { offsetMs: number },
    private readonly journal: Journal,
    private readonly store: (kind: Database['kind']) => SeatStore,
  ) {
    this.pods = databases.map((database) => this.pod(database));
  }

  /** Sends a request; asked again at the other pod, with its key, until there is an answer. */
  send(index: number, request: SeatRequest): void {
    this.ticks += 1;
    const sending = this.insist(index, request, this.ticks);
    this.pending.add(sending);
    void sending.then(() => this.pending.delete(sending));
  }

  kill(index: number): void {
    this.pods[index]?.die();
    this.pods[index] = this.pod(this.databases[index] as Database);
  }

  /** The pod does not hear what became of its next COMMIT. */
  loseAnswer(index: number): void {
    this.pods[index]?.loseAnswer(true);
  }

  sweep(index: number): void {
    const { sweep, death } = this.pods[index] as Pod;
    const sweeping = Promise.race([sweep.once().catch(() => 0), death]);
    this.sweeps.add(sweeping);
    void sweeping.then(() => this.sweeps.delete(sweeping));
  }

  async settled(): Promise<void> {
    while (this.pending.size + this.sweeps.size > 0) await Promise.all([...this.pending, ...this.sweeps]);
  }

  /** Puts the clock forward and sweeps, until nothing is left to do. */
  async comeToRest(): Promise<void> {
    await this.settled();
    for (const pod of this.pods) pod.loseAnswer(false);
    const [pod] = this.pods as [Pod];
    for (let idle = 0; idle < 2;) {
      this.clock.offsetMs += 20_000;
      idle = (await pod.sweep.once()) === 0 ? idle + 1 : 0;
      await Promise.all(this.pods.map(({ ledger }) => ledger.promote('term', 'nowhere')));
    }
    await Promise.all(this.pods.map(({ ledger }) => ledger.close()));
  }

  private pod(database: Database): Pod {
    return new Pod(database, this.clock, this.journal, this.store(database.kind));
  }

  private async insist(index: number, request: SeatRequest, sentAt: number): Promise<void> {
    for (let pod = index; ; pod = (pod + 1) % this.pods.length) {
      const { ledger, death } = this.pods[pod] as Pod;
      const answer = await Promise.race([
        ledger.submit(request).then(inShort, (error: unknown) => codeOf(error)),
        death,
      ]);
      if (answer === 'died' || NOT_LOOKED_AT.includes(String(answer))) {
        await nextTurn();
        continue;
      }
      this.ticks += 1;
      const outcomes = typeof answer === 'string' ? [answer] : answer;
      this.records.push({ request, sentAt, answeredAt: this.ticks, outcomes });
      return;
    }
  }
}

/** Answers that say to ask again: nothing was decided. */
const NOT_LOOKED_AT = ['database_unavailable', 'busy', 'too_many_requests'];

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? String(error);
