import { sleep } from '../../common/clock';
import { lineError } from '../line-error';
import type { FeedPage, LineEvent, LineRef, LineStore } from '../line-store';

/** Least time between two reads of the feed, ms: what happens meanwhile comes in one page. */
const INTERVAL_MS = 80;
/** How long one read of the feed may wait for news, ms. */
const WAIT_MS = 1_000;
const PAGE = 2_000;

/** Up to where a pod has come. */
interface FeedPosition {
  sequence: number;
  durableSequence: number;
}

/** Reads the feed of a line, page by page. */
export class FeedFollower {
  constructor(private readonly store: LineStore) {}

  /**
   * Hands over page after page, until the signal.
   *
   * @param position asked before each page
   * @returns true when it ended because the feed does not reach the position any more
   * @throws DomainError as the store does
   */
  async follow(
    ref: LineRef,
    position: () => FeedPosition,
    take: (page: FeedPage) => void,
    signal: AbortSignal,
  ): Promise<boolean> {
    while (!signal.aborted) {
      const { sequence, durableSequence } = position();
      const page = await this.store.readFeed(ref, sequence, {
        limit: PAGE,
        waitMs: WAIT_MS,
        knownDurable: durableSequence,
      });
      if (page.trimmed) return true;
      take(page);
      if (page.events.length < PAGE) await sleep(INTERVAL_MS, signal);
    }
    return false;
  }

  /** Everything after one sequence, up to another. @throws DomainError as the store does, or when it is not all there */
  async between(ref: LineRef, afterSequence: number, through: number): Promise<LineEvent[]> {
    const events: LineEvent[] = [];
    for (let after = afterSequence; after < through; after = events.at(-1)?.sequence ?? through) {
      const limit = Math.min(PAGE, through - after);
      const page = await this.store.readFeed(ref, after, { limit, waitMs: 0, knownDurable: through });
      if (page.trimmed) throw lineError('line_unavailable');
      events.push(...page.events);
    }
    return events;
  }
}
