import { Logger } from '@nestjs/common';
import type { OutboxMail } from '../contract/mails';
import { jittered, sleep } from '../common/clock';
import { endsWithin } from '../common/deadline';
import { type BackOff, pauseAfter } from '../common/retry';
import { errorText, failure } from '../common/text';
import type { MailComposer } from './mail-composer';
import type { Delivery, MailTransport } from './mail-transport';
import type { OutboxClaims } from './outbox-claims';

export interface OutboxWorkerOptions extends BackOff {
  /** Mails in one claim. */
  batchSize: number;
  /** Pause when nothing is to be sent, ms. */
  pollMs: number;
  /** After so many failed attempts a mail is parked. */
  attempts: number;
  /** How much of a lease may be over when an attempt begins, ms: what is left must be longer than any attempt. */
  latestStartMs: number;
  /** A mail that is older than this before its first attempt is parked, ms: it would confuse more than help. */
  staleMs: number;
  /** The time by the database's clock, in which mails are dated, ms. */
  now: () => number;
  /** How long a stopping worker waits for the attempts under way, ms. */
  patienceMs: number;
}

/** How long a claim holds, ms. */
export const OUTBOX_LEASE_MS = 300_000;
/** How long one attempt may take, ms. */
export const SEND_TIMEOUT_MS = 60_000;

/** 20 attempts take between 6 and 12 hours. */
export const WORKER_DEFAULTS: OutboxWorkerOptions = {
  batchSize: 50,
  pollMs: 1_000,
  attempts: 20,
  firstPauseMs: 5_000,
  longestPauseMs: 3_600_000,
  latestStartMs: OUTBOX_LEASE_MS - 2 * SEND_TIMEOUT_MS,
  staleMs: 3 * 86_400_000,
  now: Date.now,
  patienceMs: 10_000,
};

const RECORD_PAUSE_MS = 500;

interface Claimed {
  mail: OutboxMail;
  /** Before the claim was asked for, by the monotonic clock, ms. */
  since: number;
}

type Outcome = Delivery | { state: 'unsendable'; reason: string };

/** What the worker has done since the start, for metrics. */
export interface OutboxFigures {
  sent: number;
  delayed: number;
  parked: number;
}

/**
 * Takes the outbox to the mail server. Any number of pods may run one. A mail is marked as sent right after the server's
 * 250, before anything else: only a crash, or a loss of the database that outlasts the pod, between the two can make
 * another worker send it again, with the same Message-ID.
 */
export class OutboxWorker {
  private readonly logger = new Logger('Outbox');
  private readonly options: OutboxWorkerOptions;
  private readonly stopping = new AbortController();
  private readonly givingUp = new AbortController();
  private readonly counts: OutboxFigures = { sent: 0, delayed: 0, parked: 0 };
  private claimed: Claimed[] = [];
  private claiming: Promise<void> | undefined;
  private lanes: Promise<void>[] = [];
  private trouble = '';

  /** @param transport absent: mails are kept, shown and never sent */
  constructor(
    private readonly claims: OutboxClaims,
    private readonly composer: MailComposer,
    private readonly transport: MailTransport | undefined,
    options: Partial<OutboxWorkerOptions> = {},
  ) {
    this.options = { ...WORKER_DEFAULTS, ...options };
  }

  get figures(): OutboxFigures {
    return { ...this.counts };
  }

  start(): void {
    const { transport } = this;
    if (!transport) return this.logger.log({ code: 'mails_kept' }, 'Without SMTP_URL, mails are kept and not sent');
    if (this.lanes.length > 0) return;
    this.lanes = Array.from({ length: transport.concurrency }, () => this.lane(transport));
  }

  /** Lets the attempts under way end, gives the rest back, and closes the connections. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const ended = Promise.all(this.lanes);
    await endsWithin(ended, this.options.patienceMs);
    this.transport?.close();
    this.givingUp.abort();
    await ended;
    const rest = this.claimed.splice(0).map(({ mail }) => mail.id);
    await this.claims.release(rest).catch((error: unknown) => {
      const fields = { code: 'mails_unreleased', mails: rest.length, ...failure(error) };
      this.logger.warn(fields, 'Claimed mails wait for the end of their lease');
    });
  }

  private async lane(transport: MailTransport): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const next = this.claimed.shift();
      if (next) await this.handle(next, transport);
      else await this.claimMore();
    }
  }

  /** One claim for all lanes that have nothing to do. */
  private claimMore(): Promise<void> {
    this.claiming ??= this.claim().finally(() => (this.claiming = undefined));
    return this.claiming;
  }

  private async claim(): Promise<void> {
    const since = performance.now();
    try {
      const mails = await this.claims.claim(this.options.batchSize);
      this.claimed.push(...mails.map((mail) => ({ mail, since })));
      if (mails.length > 0) return;
    } catch (error) {
      this.report(errorText(error));
    }
    await sleep(jittered(this.options.pollMs), this.stopping.signal);
  }

  private async handle({ mail, since }: Claimed, transport: MailTransport): Promise<void> {
    // Somebody else may take it over soon: better late than twice.
    if (performance.now() - since > this.options.latestStartMs) return;
    const outcome = await this.attempt(mail, transport);
    if (outcome.state === 'sent') {
      await this.record(mail, () => this.claims.sent(mail.id));
      this.counts.sent += 1;
      this.logger.log({ code: 'mail_sent', ...named(mail) }, 'A mail was sent');
      return this.report('');
    }
    if (outcome.state === 'delayed' && mail.attempts < this.options.attempts) return this.delay(mail, outcome.reason);
    await this.record(mail, () => this.claims.park(mail.id, outcome.reason));
    this.counts.parked += 1;
    const level = outcome.state === 'unsendable' ? 'debug' : 'warn';
    this.logger[level]({ code: 'mail_parked', ...named(mail), reason: outcome.reason }, 'A mail is parked');
  }

  private async attempt(mail: OutboxMail, transport: MailTransport): Promise<Outcome> {
    const { attempts, staleMs } = this.options;
    if (mail.attempts > attempts) return { state: 'refused', reason: mail.lastError ?? 'no attempt came to an end' };
    if (mail.lastError === null && mail.attempts === 1 && this.options.now() - mail.createdAt > staleMs) {
      return { state: 'unsendable', reason: 'too old to be news' };
    }
    try {
      const composed = await this.composer.compose(mail);
      return typeof composed === 'string' ? { state: 'unsendable', reason: composed } : await transport.send(composed);
    } catch (error) {
      return { state: 'delayed', reason: `it could not be written: ${errorText(error)}`.slice(0, 250) };
    }
  }

  private async delay(mail: OutboxMail, reason: string): Promise<void> {
    const pauseMs = pauseAfter(mail.attempts, this.options);
    await this.record(mail, () => this.claims.retry(mail.id, pauseMs, reason));
    this.counts.delayed += 1;
    this.report(reason);
  }

  /** Notes what became of a mail, for as long as it takes. */
  private async record(mail: OutboxMail, note: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await note();
      } catch (error) {
        if (this.givingUp.signal.aborted) {
          const fields = { code: 'mail_unrecorded', ...named(mail), ...failure(error) };
          return this.logger.error(fields, 'What became of a mail could not be noted');
        }
        this.report(errorText(error));
        await sleep(RECORD_PAUSE_MS, this.givingUp.signal);
      }
    }
  }

  /** One line when trouble begins or changes, one when it is over. */
  private report(trouble: string): void {
    if (trouble === this.trouble) return;
    this.trouble = trouble;
    if (trouble === '') this.logger.log({ code: 'mails_flow' }, 'Mails go out again');
    else this.logger.warn({ code: 'mails_delayed', reason: trouble }, 'Mails are delayed');
  }
}

/** By which a mail is found, and by whose requests it came to be. */
const named = ({ id, studentId, termId, attempts, requestIds }: OutboxMail) => ({
  ...{ mail: id, student: studentId, term: termId, attempts, requestIds },
});
