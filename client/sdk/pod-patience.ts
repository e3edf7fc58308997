import { type BackOff, pauseAfter } from '../../src/common/retry';
import { PAGE_PACE } from './pace';

/**
 * When to leave a pod that cannot reach the line, though it holds our connection well: another one may. Where none can,
 * moving is no use, and each next time comes later.
 */
export class PodPatience {
  private timer?: ReturnType<typeof setTimeout>;
  private moves = 0;

  constructor(
    private readonly moveOn: () => void,
    private readonly backOff: BackOff = PAGE_PACE.moveOn,
  ) {}

  /** The pod cannot reach the line. */
  lose(): void {
    if (this.timer !== undefined) return;
    this.timer = setTimeout(
      () => {
        this.timer = undefined;
        this.moves += 1;
        this.moveOn();
      },
      pauseAfter(this.moves + 1, this.backOff),
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
