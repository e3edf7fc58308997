import type { JoinRequest, LineEvent, LineRef, LineWitness } from '../line-store';

const NOTHING = { sequence: 0, number: 0, server: '', latest: 0 };

/** What a pod has seen of the life of a line that it follows. */
export class PodWitness {
  private line: LineRef | undefined;
  private seen = { ...NOTHING };
  /** How often the pod has testified; what is read by a call that began before counts for nothing. */
  testimonies = 0;
  /** It has testified and not been told yet that the line goes on: on which server it sees things is not known. */
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

  /** A signed ticket is a witness of its own: the store must have issued it. */
  seeTicket(presented: JoinRequest['presented']): void {
    if (presented?.epoch === this.line?.epoch) this.seen.number = Math.max(this.seen.number, presented?.number ?? 0);
  }

  /** Something that no store can have. */
  seeLoss(): void {
    this.seen.sequence = Number.MAX_SAFE_INTEGER;
  }

  hasSeenMoreThan(sequence: number): boolean {
    return Math.max(this.seen.sequence, this.seen.latest) > sequence;
  }

  testify(line: LineRef, podId: string): LineWitness {
    this.testimonies += 1;
    this.inDoubt = true;
    return { podId, ...(line.incarnation === this.line?.incarnation ? this.seen : NOTHING) };
  }
}
