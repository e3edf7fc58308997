import type { FeedReport, JoinRequest, LineEvent, LineRef } from '../line-store';

const NOTHING = { sequence: 0, number: 0, server: '', latest: 0 };

/** Up to where a pod has seen the life of a line that it follows: a store that knows less has lost something. */
export class FeedWatermark {
  private line: LineRef | undefined;
  private seen = { ...NOTHING };
  /** How often the pod has reported; what is read by a call that began before counts for nothing. */
  reports = 0;
  /** It has reported and not been told yet that the line goes on: on which server it sees things is not known. */
  private inDoubt = false;

  /** Another life begins; nothing of it has been seen. */
  begin(line: LineRef): void {
    this.line = line;
    this.seen = { ...NOTHING };
    this.inDoubt = false;
  }

  /** Everything seen so far is still there on this server. */
  foundOn(server: string): void {
    this.seen.server = server;
    this.seen.sequence = Math.max(this.seen.sequence, this.seen.latest);
    this.seen.latest = 0;
    this.inDoubt = false;
  }

  see(sequence: number): void {
    const where = this.inDoubt ? 'latest' : 'sequence';
    this.seen[where] = Math.max(this.seen[where], sequence);
  }

  seeEvents(events: LineEvent[]): void {
    this.see(events.at(-1)?.sequence ?? 0);
  }

  /** A signed ticket speaks for itself: the store must have issued it. */
  seeTicket(presented: JoinRequest['presented']): void {
    if (presented?.epoch === this.line?.epoch) this.seen.number = Math.max(this.seen.number, presented?.number ?? 0);
  }

  /** Something that no store can have. */
  seeLoss(): void {
    this.seen.sequence = Number.MAX_SAFE_INTEGER;
  }

  isAbove(sequence: number): boolean {
    return Math.max(this.seen.sequence, this.seen.latest) > sequence;
  }

  report(line: LineRef, podId: string): FeedReport {
    this.reports += 1;
    this.inDoubt = true;
    return { podId, ...(line.incarnation === this.line?.incarnation ? this.seen : NOTHING) };
  }
}
