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
