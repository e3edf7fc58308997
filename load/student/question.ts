import type { SwarmContext } from './swarm-context';
import type { Tab } from './tab';

/** A student asks one thing at a time, and asks it again under its old key until there is an answer. */
export class Question {
  /** What is out, on which tab, and since when. */
  private pending?: { key: string; tab: Tab; since: number };
  private firstAsked = { key: '', at: 0 };

  constructor(private readonly context: Pick<SwarmContext, 'now' | 'pace'>) {}

  /** Of the question that is out; undefined = none is. */
  get key(): string | undefined {
    return this.pending?.key;
  }

  /** It was not asked last, nor tried to. */
  isNew(key: string): boolean {
    return this.firstAsked.key !== key;
  }

  /**
   * @param send asks on the tab, and says whether it could
   * @param take is given the answer, and when the question was asked for the first time; not called when nobody waits
   * for it any more
   * @returns whether it is out now
   */
  ask<Reply>(
    key: string,
    tab: Tab,
    send: (onAnswer: (reply: Reply) => void) => boolean,
    take: (reply: Reply, firstAskedAt: number) => void,
  ): boolean {
    const since = this.context.now();
    if (this.isNew(key)) this.firstAsked = { key, at: since };
    const isOut = send((reply) => {
      if (this.key !== key) return;
      this.pending = undefined;
      take(reply, this.firstAsked.at);
    });
    if (isOut) this.pending = { key, tab, since };
    return isOut;
  }

  forget(): void {
    this.pending = undefined;
  }

  /** Forgets what was asked on this tab. @returns whether there was something */
  forgetOn(tab: Tab): boolean {
    if (this.pending?.tab !== tab) return false;
    this.forget();
    return true;
  }

  /** Forgets what has no answer for too long. */
  forgetLate(now: number): void {
    if (this.pending && now - this.pending.since >= this.context.pace.patienceMs) this.forget();
  }
}
