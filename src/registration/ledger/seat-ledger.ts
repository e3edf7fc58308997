import { Logger } from '@nestjs/common';
import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../common/domain-error';
import { randomId } from '../../common/ids';
import { errorText } from '../../common/text';
import type { Database } from '../../database/database';
import { CommitUnknownError } from '../../database/database-error';
import type { EnrolmentEvents } from '../enrolment-events';
import type { BatchResult, SeatBatch } from './seat-batch';
import type { FollowUp } from './seat-desk';
import { NOBODY, type PromoteRequest, type SeatRequest, type SectionOutcome } from './seat-request';

export interface LedgerOptions {
  /** Most requests in one transaction, at least 1. */
  batchSize: number;
  /**
   * Most batches under way at once, at least 1. The next one begins only when the one before it holds all its locks, so
   * that requests are decided in the order they came.
   */
  batchesInFlight: number;
  /** Most requests that may wait; a further one is refused with `busy`. */
  queueLimit: number;
  /** How long to go on asking what became of a COMMIT whose answer was lost, ms. */
  settleMs: number;
}

/**
 * At 400 a request costs some 20 µs of our CPU, a fortieth of one alone; more saves little and holds the rows longer. With
 * two batches under way one is prepared and answered here while the database works on the other.
 */
export const LEDGER_DEFAULTS: LedgerOptions = {
  batchSize: 400,
  batchesInFlight: 2,
  queueLimit: 10_000,
  settleMs: 30_000,
};

const SETTLE_PAUSE_MS = 500;

/** What the ledger has done since the start, for metrics. */
export interface LedgerFigures {
  waiting: number;
  batches: number;
  requests: number;
  /** Batches that failed and were split. */
  bisections: number;
  /** Requests that failed even alone. */
  poisoned: number;
  /** COMMITs whose answer was lost. */
  unknownCommits: number;
}

/** How one batch went: its time from the first statement to the answer of COMMIT, ms, and whether the database failed it. */
export interface BatchReport {
  durationMs: number;
  failed: boolean;
}

interface Entry {
  request: SeatRequest;
  resolve: (outcomes: SectionOutcome[]) => void;
  reject: (error: Error) => void;
}

/**
 * Grants and takes back seats. Requests that arrive together are committed together: while batches are under way, the
 * next one gathers. An answer is given only after COMMIT.
 *
 * - A request is decided in the order of its arrival here, on values read under row locks that all pods take.
 * - A batch that fails is split until the request at fault fails alone.
 * - The same request with the same idempotency key is answered once and the same, for a week at least; refusals of the
 *   request as a whole (an exception here) are not kept.
 * - A seat that comes free for the waitlist is held in the same transaction, and promoted before anything else is done.
 */
export class SeatLedger {
  private readonly logger = new Logger('Ledger');
  private readonly options: LedgerOptions;
  private readonly counts = { batches: 0, requests: 0, bisections: 0, poisoned: 0, unknownCommits: 0 };
  private readonly reports = new EventEmitter<{ batch: [BatchReport] }>();
  private queue: Entry[] = [];
  private pumping: Promise<void> | undefined;
  private closed = false;

  constructor(
    private readonly database: Database,
    private readonly batch: SeatBatch,
    private readonly events: EnrolmentEvents,
    options: Partial<LedgerOptions> = {},
  ) {
    this.options = { ...LEDGER_DEFAULTS, ...options };
  }

  /**
   * Resolves to one outcome per section, in the order of the request.
   *
   * @throws DomainError `busy` (queue full, deadline passed), `draining`, `database_unavailable`, `not_on_roster`,
   * `request_mismatch`, `admission_finished`, `admission_expired`, `admission_invalid`, `internal`
   */
  submit(request: SeatRequest): Promise<SectionOutcome[]> {
    if (this.closed) return Promise.reject(new DomainError('draining', 'This server is going away; please try again.'));
    if (this.queue.length >= this.options.queueLimit) return Promise.reject(busy());
    return new Promise((resolve, reject) => {
      this.queue.push({ request, resolve, reject });
      this.pumping ??= this.pump();
    });
  }

  /**
   * Sees to the held seats of a section whose time has come: gives them to those who wait, or lets them go.
   *
   * @throws DomainError as `submit`
   */
  async promote(termId: string, sectionId: string): Promise<void> {
    await this.submit(promotion({ termId, sectionId, after: 0 }));
  }

  /** Calls `listener` after each batch. It must not throw. */
  onBatch(listener: (report: BatchReport) => void): void {
    this.reports.on('batch', listener);
  }

  figures(): LedgerFigures {
    return { waiting: this.queue.length, ...this.counts };
  }

  /** Resolves when every request is answered, and everything that follows from them is done. */
  async idle(): Promise<void> {
    await this.pumping;
  }

  /** Takes no more requests and resolves when all those taken are answered. */
  async close(): Promise<void> {
    this.closed = true;
    await this.idle();
  }

  private async pump(): Promise<void> {
    // Everything that arrives in the same turn of the event loop goes together.
    await new Promise((resolve) => setImmediate(resolve));
    const flights = new Set<Promise<void>>();
    while (this.queue.length > 0 || flights.size > 0) {
      if (this.queue.length === 0 || flights.size >= this.options.batchesInFlight) await Promise.race(flights);
      else await this.launch(flights);
    }
    this.pumping = undefined;
  }

  /** Sends the next batch on its way. Resolves when it holds its locks, or is over. */
  private async launch(flights: Set<Promise<void>>): Promise<void> {
    await new Promise<void>((resolve) => {
      const flight = this.process(this.take(), resolve).finally(() => {
        flights.delete(flight);
        resolve();
      });
      flights.add(flight);
    });
  }

  private take(): Entry[] {
    const entries = this.queue.slice(0, this.options.batchSize);
    this.queue = this.queue.slice(this.options.batchSize);
    const now = Date.now();
    const late = entries.filter(({ request }) => request.deadline !== undefined && request.deadline < now);
    for (const { reject } of late) reject(busy());
    return entries.filter((entry) => !late.includes(entry));
  }

  private async process(entries: Entry[], onLocked: () => void): Promise<void> {
    if (entries.length === 0) return;
    let result: BatchResult;
    const began = performance.now();
    const report = (failed: boolean): void => {
      this.reports.emit('batch', { durationMs: performance.now() - began, failed });
    };
    try {
      result = await this.commit(
        entries.map(({ request }) => request),
        onLocked,
      );
    } catch (error) {
      report(isDatabaseTrouble(error));
      return this.processFailed(entries, error, onLocked);
    }
    report(false);
    this.counts.batches += 1;
    this.counts.requests += entries.length;
    this.answer(entries, result);
    this.promoteFirst(result.promotions);
    for (const event of result.events) this.events.changed(event);
  }

  /** At the front of the queue. One that fails is left to the sweep, which finds the seat by what it is held for. */
  private promoteFirst(promotions: FollowUp[]): void {
    const entries = promotions.map((followUp): Entry => {
      const reject = (error: Error): void => this.logger.warn(`A promotion is left to the sweep: ${error.message}`);
      return { request: promotion(followUp), resolve: () => undefined, reject };
    });
    this.queue = [...entries, ...this.queue];
  }

  private answer(entries: Entry[], { answers }: BatchResult): void {
    entries.forEach(({ resolve, reject }, index) => {
      const answer = answers[index];
      if (answer && 'outcomes' in answer) resolve(answer.outcomes);
      else reject(answer?.refusal ?? new Error('a request of the batch has no answer'));
    });
  }

  /** What concerns the database as a whole concerns all; anything else is one request's fault, which is looked for. */
  private async processFailed(entries: Entry[], error: unknown, onLocked: () => void): Promise<void> {
    const [first] = entries;
    if (error instanceof DomainError) {
      for (const { reject } of entries) reject(error);
    } else if (entries.length === 1 && first) {
      this.counts.poisoned += 1;
      this.logger.error(`A ${first.request.kind} request failed alone: ${errorText(error)}`);
      first.reject(new DomainError('internal', 'This request could not be saved.', undefined, { cause: error }));
    } else {
      this.counts.bisections += 1;
      const middle = Math.ceil(entries.length / 2);
      await this.process(entries.slice(0, middle), onLocked);
      await this.process(entries.slice(middle), onLocked);
    }
  }

  private async commit(requests: SeatRequest[], onLocked: () => void): Promise<BatchResult> {
    let attempt: BatchResult | undefined;
    try {
      return await this.database.write(async (manager) => (attempt = await this.run(manager, requests, onLocked)));
    } catch (error) {
      if (!(error instanceof CommitUnknownError)) throw error;
      this.counts.unknownCommits += 1;
      return this.settle(requests, attempt);
    }
  }

  private async run(manager: EntityManager, requests: SeatRequest[], onLocked?: () => void): Promise<BatchResult> {
    return this.batch.run(manager, requests, await this.database.now(manager), onLocked);
  }

  /**
   * Runs the batch again: what was committed after all comes back as the stored answers, and the rest is decided now.
   * While the database stays away nobody can know; the students hear `database_unavailable` and ask again with their keys.
   */
  private async settle(requests: SeatRequest[], attempt: BatchResult | undefined): Promise<BatchResult> {
    const deadline = Date.now() + this.options.settleMs;
    for (;;) {
      try {
        const result = await this.database.write((manager) => this.run(manager, requests));
        const replayed = result.events.length === 0 && sameAnswers(result, attempt);
        return replayed && attempt ? attempt : result;
      } catch (error) {
        const away = error instanceof DomainError && error.code === 'database_unavailable';
        if (!away || Date.now() >= deadline) throw error;
        await pause(Math.random() * SETTLE_PAUSE_MS);
      }
    }
  }
}

function promotion({ termId, sectionId, after }: FollowUp): PromoteRequest {
  const idempotencyKey = randomId();
  return { kind: 'promote', studentId: NOBODY, termId, sectionIds: [sectionId], after, idempotencyKey };
}

function sameAnswers(result: BatchResult, attempt: BatchResult | undefined): boolean {
  return JSON.stringify(result.answers) === JSON.stringify(attempt?.answers);
}

/** As opposed to a request that cannot be saved, which says nothing of the database. */
function isDatabaseTrouble(error: unknown): boolean {
  return error instanceof DomainError && error.retryable;
}

function busy(): DomainError {
  return new DomainError('busy', 'Many are enrolling right now. Please try again in a moment.');
}
