import type { EntityManager } from 'typeorm';
import type { SeatDecision } from '../../../../src/registration/seats/seat-decision';
import type { BatchState } from '../../../../src/registration/seats/batch-state';
import { type BatchResult, type SeatAnswer, SeatBatch } from '../../../../src/registration/ledger/seat-batch';
import type { SectionOutcome } from '../../../../src/contract/seats';
import type { SeatRequest } from '../../../../src/registration/seats/seat-request';
import type { PromotionSeen } from './oracle';

export interface JournalBatch {
  /** In the order of the decisions: taken under all locks of the batch. */
  ticket: number;
  now: number;
  requests: readonly SeatRequest[];
  answers: SeatAnswer[];
  /** Of the promotions, by their key. */
  promotions: Map<string, PromotionSeen>;
}

/** In which order batches were decided. What was rolled back has left no row in the table and does not count. */
export class Journal {
  readonly batches: JournalBatch[] = [];
  private tickets = 0;

  static table = 'CREATE TABLE IF NOT EXISTS batch_ticket (ticket INT PRIMARY KEY)';

  nextTicket(): number {
    this.tickets += 1;
    return this.tickets;
  }

  /** What was committed, in order. */
  async committed(manager: EntityManager): Promise<JournalBatch[]> {
    const rows = await manager.query<{ ticket: number }[]>('SELECT ticket FROM batch_ticket');
    const tickets = new Set(rows.map(({ ticket }) => Number(ticket)));
    return this.batches.filter(({ ticket }) => tickets.has(ticket)).sort((a, b) => a.ticket - b.ticket);
  }
}

/** The ledger's batch, which also writes down what it decided and when. */
export class JournalledBatch extends SeatBatch {
  /** By the request's own key, of all batches: several are under way at once. */
  private readonly promotions = new Map<string, PromotionSeen>();

  constructor(
    parts: ConstructorParameters<typeof SeatBatch>[0],
    private readonly journal: Journal,
  ) {
    super(parts);
  }

  override async run(manager: EntityManager, requests: readonly SeatRequest[], now: number): Promise<BatchResult> {
    const result = await super.run(manager, requests, now);
    const ticket = this.journal.nextTicket();
    await manager.query('INSERT INTO batch_ticket (ticket) VALUES (?)', [ticket]);
    this.journal.batches.push({ ticket, now, requests, answers: result.answers, promotions: this.promotions });
    return result;
  }

  protected override decide(decision: SeatDecision, request: SeatRequest, batch: BatchState): SectionOutcome[] {
    const before = batch.changes.length;
    const outcomes = super.decide(decision, request, batch);
    if (request.kind !== 'promote') return outcomes;
    const seats = batch.seatsOf(request.termId, request.sectionIds[0]);
    const due = seats?.holdsFor('release').filter(({ dueAt }) => dueAt <= batch.now) ?? [];
    this.promotions.set(request.idempotencyKey, {
      given: batch.changes.slice(before).flatMap(({ state, studentId }) => (state === 'none' ? [] : [studentId])),
      seatsLeft: (seats?.holdsFor('promotion').length ?? 0) + due.length,
    });
    return outcomes;
  }
}
