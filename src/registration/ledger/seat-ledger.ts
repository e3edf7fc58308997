import { Logger } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DomainError } from '../../common/domain-error';
import { randomId } from '../../common/ids';
import { currentRequest, outsideRequests } from '../../common/request-context';
import { type Listener, Topic, type Unsubscribe } from '../../common/topic';
import { type RetryPolicy, withRetries } from '../../common/retry';
import { Tally } from '../../common/tally';
import type { Database } from '../../database/database';
import { CommitUnknownError } from '../../database/database-error';
import type { EnrolmentEvents } from '../ports';
import type { FollowUp } from '../seats/batch-state';
import type { SectionOutcome } from '../../contract/seats';
import { NOBODY, type PromoteRequest, type SeatRequest } from '../seats/seat-request';
import { withNewsOf } from './lost-commit';
import type { BatchResult, SeatBatch } from './seat-batch';
import { orderKeys, SeatQueue } from './seat-queue';

export interface LedgerOptions {
  /** Most requests in one transaction, at least 1. */
  batchSize: number;
  /** Most batches under way at once, at least 1; they have no student and no section in common. */
  batchesInFlight: number;
  /** Most requests that may wait; a further one is refused with `busy`. */
  queueLimit: number;
  /** Most requests of one student that may wait; a further one is refused with `too_many_requests`. */
  studentLimit: number;
  /** How long to go on asking what became of a COMMIT whose answer was lost, ms. */
  confirmMs: number;
}

/**
 * At 400 a request costs some 20 µs of our CPU, a fortieth of one alone; more saves little and holds the rows longer. With
 * two batches under way one is prepared and answered here while the database works on the other. A page has one or two
 * requests of a student under way, and eight tabs hardly more: who has 16 is no page.
 */
export const LEDGER_DEFAULTS: LedgerOptions = {
  batchSize: 400,
  batchesInFlight: 2,
  queueLimit: 10_000,
  studentLimit: 16,
  confirmMs: 30_000,
};

/** Until `confirmMs` are over. */
const CONFIRMING: RetryPolicy = { firstPauseMs: 500, longestPauseMs: 500, spread: 1 };

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
  /** Sections that were refused to students who asked for the first time, by code. */
  refused: Readonly<Record<string, number>>;
}

/** How one batch went: its time from the first statement to the answer of COMMIT, ms, and whether the database failed it. */
export interface BatchReport {
  durationMs: number;
  failed: boolean;
}

interface Entry {
  request: SeatRequest;
  keys: readonly string[];
  resolve: (outcomes: SectionOutcome[]) => void;
  reject: (error: Error) => void;
}

/**
 * Grants and takes back seats. Requests that arrive together are committed together: while batches are under way, the
 * next one gathers. An answer is given only after COMMIT.
 *
 * - Requests for the same section, and those of the same student, are decided in the order of their arrival here, on
 *   values read under row locks that all pods take. That holds also when a batch is run again or split: what shares a
 *   section or a student with it waits until all of it is decided.
 * - A batch that fails is split until the request at fault fails alone.
 * - The same request with the same idempotency key is answered once and the same, for a week at least. What changed
 *   nothing, since it was refused, is not kept: asked again, it is decided again.
 * - One student has a share of the queue, so that nobody is delayed by what another one asks.
 * - A seat that comes free for the waitlist is held in the same transaction, and promoted before anything else is done.
 */
export class SeatLedger {
  private readonly logger = new Logger('Ledger');
  private readonly options: LedgerOptions;
  private readonly refused = new Tally();
  private readonly counts = { batches: 0, requests: 0, bisections: 0, poisoned: 0, unknownCommits: 0 };
  private readonly reports = new Topic<[BatchReport]>('Ledger');
  private readonly queue = new SeatQueue<Entry>();
  private readonly flights = new Set<Promise<void>>();
  private launching = false;
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
   * @throws DomainError `busy` (queue full, deadline passed), `too_many_requests`, `draining`, `database_unavailable`,
   * `not_on_roster`, `request_mismatch`, `seats_stopped`, `not_found` and `conflict` (term archived), `admission_finished`,
   * `admission_expired`, `admission_invalid`, `internal`
   */
  submit(request: SeatRequest): Promise<SectionOutcome[]> {
    if (this.closed) return Promise.reject(new DomainError('draining', 'This server is going away; please try again.'));
    if (this.queue.length >= this.options.queueLimit) return Promise.reject(busy());
    if (!('act' in request) && this.exceedsShare(request)) {
      return Promise.reject(new DomainError('too_many_requests', 'You have asked for too much at once.'));
    }
    return new Promise((resolve, reject) => {
      const requestId = currentRequest()?.id;
      this.queue.push({ request: { ...request, requestId }, keys: orderKeys(request), resolve, reject });
      this.launchSoon();
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

  /** Calls `listener` after each batch. */
  onBatch(listener: Listener<[BatchReport]>): Unsubscribe {
    return this.reports.subscribe(listener);
  }

  figures(): LedgerFigures {
    return { waiting: this.queue.length, refused: this.refused.read(), ...this.counts };
  }

  /** Resolves when every request is answered, and everything that follows from them is done. */
  async idle(): Promise<void> {
    while (this.flights.size > 0 || this.queue.length > 0) {
      await (this.flights.size > 0 ? Promise.race(this.flights) : nextTurn());
    }
  }

  /** Takes no more requests and resolves when all those taken are answered. */
  async close(): Promise<void> {
    this.closed = true;
    await this.idle();
  }

  private exceedsShare({ studentId }: SeatRequest): boolean {
    return studentId !== NOBODY && this.queue.of(studentId) >= this.options.studentLimit;
  }

  /** Everything that arrives in the same turn of the event loop goes together, and so is the work of no single request. */
  private launchSoon(): void {
    if (this.launching) return;
    this.launching = true;
    outsideRequests(() =>
      setImmediate(() => {
        this.launching = false;
        while (this.flights.size < this.options.batchesInFlight && this.launch());
      }),
    );
  }

  /** Sends the next batch on its way. @returns false when nothing can go now */
  private launch(): boolean {
    const entries = this.queue.take(this.options.batchSize);
    if (entries.length === 0) return false;
    const flight = this.process(withoutLate(entries)).finally(() => {
      this.flights.delete(flight);
      this.queue.release(entries);
      this.launchSoon();
    });
    this.flights.add(flight);
    return true;
  }

  private async process(entries: Entry[]): Promise<void> {
    if (entries.length === 0) return;
    let result: BatchResult;
    const began = performance.now();
    const report = (failed: boolean): void => {
      const durationMs = performance.now() - began;
      this.reports.publish({ durationMs, failed });
      const fields = {
        requests: entries.length,
        ms: Math.round(durationMs),
        failed,
        requestIds: requestIdsOf(entries),
      };
      this.logger.debug({ code: 'ledger_batch', ...fields }, 'Requests were committed together');
    };
    try {
      result = await this.commit(entries.map(({ request }) => request));
    } catch (error) {
      report(isDatabaseTrouble(error));
      return this.processFailed(entries, error);
    }
    report(false);
    result.committed();
    this.counts.batches += 1;
    this.counts.requests += entries.length;
    this.answer(entries, result);
    this.promoteFirst(result.promotions);
    for (const event of result.events) this.events.publish(event);
  }

  /** At the front of the queue. One that fails is left to the sweep, which finds the seat by what it is held for. */
  private promoteFirst(promotions: FollowUp[]): void {
    const entries = promotions.map((followUp): Entry => {
      const request = promotion(followUp);
      const { termId: term, sectionId: section, requestId } = followUp;
      const reject = (error: Error): void => {
        const fields = { code: 'promotion_deferred', term, section, requestId, reason: error.message };
        this.logger.warn(fields, 'A promotion is left to the sweep');
      };
      return { request, keys: orderKeys(request), resolve: () => undefined, reject };
    });
    this.queue.pushFirst(entries);
  }

  private answer(entries: Entry[], { answers }: BatchResult): void {
    entries.forEach(({ request, resolve, reject }, index) => {
      const answer = answers[index];
      if (answer && 'outcomes' in answer) {
        if (!answer.isReplay && !('act' in request)) this.countRefused(answer.outcomes);
        resolve(answer.outcomes);
      } else reject(answer?.refusal ?? new Error('a request of the batch has no answer'));
    });
  }

  private countRefused(outcomes: readonly SectionOutcome[]): void {
    for (const { error } of outcomes) if (error) this.refused.count(error.code);
  }

  /** What concerns the database as a whole concerns all; anything else is one request's fault, which is looked for. */
  private async processFailed(entries: Entry[], error: unknown): Promise<void> {
    const [first] = entries;
    if (error instanceof DomainError) {
      for (const { reject } of entries) reject(error);
    } else if (entries.length === 1 && first) {
      this.counts.poisoned += 1;
      const { kind, studentId: student, termId: term, requestId } = first.request;
      const fields = { code: 'seat_request_failed', kind, student, term, requestId, err: error };
      this.logger.error(fields, 'A request could not be saved even alone');
      first.reject(new DomainError('internal', 'This request could not be saved.', undefined, { cause: error }));
    } else {
      this.counts.bisections += 1;
      const middle = Math.ceil(entries.length / 2);
      await this.process(entries.slice(0, middle));
      await this.process(entries.slice(middle));
    }
  }

  private async commit(requests: SeatRequest[]): Promise<BatchResult> {
    const attempts: BatchResult[] = [];
    try {
      return await this.run(requests, attempts);
    } catch (error) {
      if (!(error instanceof CommitUnknownError)) throw error;
      this.counts.unknownCommits += 1;
      return this.confirm(requests, attempts);
    }
  }

  /** @param attempts is added to, whatever becomes of the COMMIT */
  private run(requests: SeatRequest[], attempts: BatchResult[]): Promise<BatchResult> {
    return this.database.write(async (manager) => {
      const result = await this.batch.run(manager, requests, await this.database.now(manager));
      attempts.push(result);
      return result;
    });
  }

  /**
   * Runs the batch again: what was committed after all comes back as the stored answers, and the rest is decided now.
   * While the database stays away nobody can know; the students hear `database_unavailable` and ask again with their keys.
   */
  private async confirm(requests: SeatRequest[], attempts: BatchResult[]): Promise<BatchResult> {
    const deadline = performance.now() + this.options.confirmMs;
    const again = (error: unknown): boolean =>
      error instanceof DomainError && error.code === 'database_unavailable' && performance.now() < deadline;
    const last = await withRetries(CONFIRMING, again, () => this.run(requests, attempts));
    return withNewsOf(attempts.slice(0, -1), last);
  }
}

function promotion({ termId, sectionId, after, requestId }: FollowUp): PromoteRequest {
  const idempotencyKey = randomId();
  return { kind: 'promote', studentId: NOBODY, termId, sectionIds: [sectionId], after, idempotencyKey, requestId };
}

const requestIdsOf = (entries: readonly Entry[]): string[] =>
  entries.flatMap(({ request: { requestId } }) => requestId ?? []);

/** Refuses those whose deadline has passed. @returns the others */
function withoutLate(entries: Entry[]): Entry[] {
  const now = performance.now();
  return entries.filter(({ request: { deadline }, reject }) => {
    const late = deadline !== undefined && deadline < now;
    if (late) reject(busy());
    return !late;
  });
}

/** As opposed to a request that cannot be saved, which says nothing of the database. */
function isDatabaseTrouble(error: unknown): boolean {
  return error instanceof DomainError && error.retryable;
}

function busy(): DomainError {
  return new DomainError('busy', 'Many are enrolling right now. Please try again in a moment.');
}
