import { DomainError } from '../../common/domain-error';

/** Reads that run at once. They share the thread, or two connections, with whatever seats are committed by. */
const AT_ONCE = 2;
/** Reads that may wait, of those who are signed in and of the others each: a second or two of work. */
const MOST_WAITING = 300;
/** How long an answer is good where nobody says that it changed, ms: another pod, or a command, may have changed it. */
const FRESH_MS = 1_000;
/** Answers that are kept; a page of sections is some 50 KB at most. */
const MOST_KEPT = 200;

interface Kept {
  answer: Promise<unknown>;
  /** ms; not before it is there. */
  goodUntil: number;
  /** Still on the way of those who are not signed in: behind them, nobody waits who is. */
  isBehind: boolean;
}

export interface Question {
  termId: string;
  /** All that the answer depends on, apart from the term as it is. */
  text: string;
  /** Whether somebody asks who is signed in: they come first. */
  signedIn: boolean;
}

/**
 * The way of those reads that anybody may ask for, as often as they like: few at once, a turn of the event loop between
 * two, and one for all who ask the same of the same state of a term, but that nobody who is signed in waits for what waits
 * behind others. Takes the time (ms) as a parameter.
 */
export class ReadLane {
  private running = 0;
  private readonly signedIn: (() => void)[] = [];
  private readonly others: (() => void)[] = [];
  private readonly kept = new Map<string, Kept>();

  /** @param now ms that only go forward */
  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly atOnce = AT_ONCE,
  ) {}

  /** @throws DomainError `busy` when too many wait; whatever `read` throws */
  ask<T>(question: Question, read: () => Promise<T>): Promise<T> {
    const key = keyOf(question.termId, question.text);
    const known = this.kept.get(key);
    const isLate = known?.isBehind === true && question.signedIn;
    if (known && !isLate && this.now() < known.goodUntil) return known.answer as Promise<T>;
    const answer = this.run(question.signedIn, read);
    this.keep(key, answer, !question.signedIn);
    return answer;
  }

  /** The term has changed: what is asked from now on is read again. */
  forget(termId: string): void {
    const prefix = keyOf(termId, '');
    for (const key of this.kept.keys()) if (key.startsWith(prefix)) this.kept.delete(key);
  }

  private keep(key: string, answer: Promise<unknown>, isBehind: boolean): void {
    const kept: Kept = { answer, goodUntil: Number.POSITIVE_INFINITY, isBehind };
    this.kept.delete(key);
    this.kept.set(key, kept);
    if (this.kept.size > MOST_KEPT) this.kept.delete(this.kept.keys().next().value as string);
    const answered = (): void => {
      kept.goodUntil = this.now() + FRESH_MS;
      kept.isBehind = false;
    };
    const failed = (): void => {
      if (this.kept.get(key) === kept) this.kept.delete(key);
    };
    answer.then(answered, failed);
  }

  /** One for itself, of which nothing is kept. @throws DomainError `busy` when too many wait; whatever `read` throws */
  async run<T>(signedIn: boolean, read: () => Promise<T> | T): Promise<T> {
    if (this.running >= this.atOnce) await this.turn(signedIn ? this.signedIn : this.others);
    else this.running += 1;
    try {
      return await read();
    } finally {
      setImmediate(() => this.startNext());
    }
  }

  private turn(queue: (() => void)[]): Promise<void> {
    if (queue.length >= MOST_WAITING) {
      throw new DomainError('busy', 'Very many are searching right now. Please try again in a moment.');
    }
    return new Promise((resolve) => queue.push(resolve));
  }

  private startNext(): void {
    const next = this.signedIn.shift() ?? this.others.shift();
    if (next) next();
    else this.running -= 1;
  }
}

const keyOf = (termId: string, text: string): string => `${termId}\n${text}`;
