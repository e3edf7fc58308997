import { DomainError } from '../common/domain-error';
import type { Roster } from '../identity/roster';
import type { Room } from '../room/room';

/** When somebody may take a place; ms since the Unix epoch. `until` is exclusive. */
export interface JoinWindow {
  from?: number;
  until?: number;
}

/** Port: the windows in which students may register in a term. Bound by the composition root. */
export abstract class JoinWindows {
  /** By the class year as the roster or the sign-in writes it; empty where the time is free. Answers from memory. */
  abstract windowOf(termId: string, classYear: string | undefined): JoinWindow;
}

/** Who may take a place in a room now: those on the roster, without a hold, within their window. */
export class JoinDoor {
  constructor(
    private readonly roster: Roster,
    private readonly windows: JoinWindows,
  ) {}

  /**
   * Why the student may take no place; undefined when nothing is in the way.
   *
   * @param signedIn the class year as the sign-in says it; the roster's comes first
   * @param now ms, by the clock of the line's store
   */
  refusal(room: Room, studentId: string, signedIn: string | undefined, now: number): DomainError | undefined {
    const refusal = this.roster.refusal(studentId);
    if (refusal) return new DomainError(refusal.code, refusal.message, refusal.details);
    const { from, until } = this.windowOf(room, studentId, signedIn);
    if (from !== undefined && now < from) {
      return new DomainError('window_not_open', 'Your registration window has not opened yet.', { opensAt: from });
    }
    if (until === undefined || now < until) return undefined;
    return new DomainError('window_closed', 'Your registration window is over.', { closedAt: until });
  }

  /** When the window opens, ms; undefined when it is open, or when more than time is in the way. */
  opensAt(room: Room, studentId: string, signedIn: string | undefined, now: number): number | undefined {
    if (this.roster.refusal(studentId)) return undefined;
    const { from } = this.windowOf(room, studentId, signedIn);
    return from !== undefined && now < from ? from : undefined;
  }

  /** The student's own moment in the roster, and the class year's window in the term: whichever is later opens. */
  private windowOf({ termId, site }: Room, studentId: string, signedIn: string | undefined): JoinWindow {
    const entry = this.roster.lookup(studentId);
    const { from, until } = site ? {} : this.windows.windowOf(termId, entry?.classYear ?? signedIn);
    const { joinsFrom } = entry ?? {};
    return { from: from === undefined ? joinsFrom : Math.max(from, joinsFrom ?? 0), until };
  }
}
