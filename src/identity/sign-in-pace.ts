/** Sign-ins that one student may make at once: more than anybody has windows and devices. */
const BURST = 20;
/** And one more after each of these, ms. */
const EACH_MS = 3_000;
/** Students whose sign-ins are remembered; the one that was quiet for the longest is forgotten first. */
const REMEMBERED = 20_000;

interface Bucket {
  tokens: number;
  at: number;
}

/**
 * How often one student may sign in. By student and not by address, for a whole campus may share one; and only once the
 * identity is proved, so that nobody can use up somebody else's. Takes the time (ms) as a parameter.
 */
export class SignInPace {
  private readonly buckets = new Map<string, Bucket>();

  /** Whether this sign-in is taken. */
  take(studentId: string, now: number): boolean {
    const known = this.buckets.get(studentId);
    const gained = known ? (now - known.at) / EACH_MS : BURST;
    const tokens = Math.min(BURST, (known?.tokens ?? 0) + gained);
    const taken = tokens >= 1;
    this.buckets.delete(studentId);
    this.buckets.set(studentId, { tokens: taken ? tokens - 1 : tokens, at: now });
    if (this.buckets.size > REMEMBERED) this.buckets.delete(this.buckets.keys().next().value as string);
    return taken;
  }
}
