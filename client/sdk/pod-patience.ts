/** Longer than a short loss of the store, which all pods share, and well within the grace, ms. */
const FIRST_MS = 15_000;
const LONGEST_MS = 120_000;

/**
 * When to leave a pod that cannot reach the line, though it holds our connection well: another one may. Where none can,
 * moving is no use, and each next time comes later.
 */
export class PodPatience {
  private timer?: ReturnType<typeof setTimeout>;
  private moves = 0;

  constructor(private readonly moveOn: () => void) {}

  /** The pod cannot reach the line. */
  lose(): void {
    if (this.timer !== undefined) return;
    const least = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.moves);
    this.timer = setTimeout(
      () => {
        this.timer = undefined;
        this.moves += 1;
        this.moveOn();
      },
      least * (1 + Math.random() / 2),
    );
  }

  /** It can reach it again. */
  regain(): void {
    this.moves = 0;
    this.rest();
  }

  /** There is nothing to wait for. */
  rest(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
