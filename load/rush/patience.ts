export interface PatienceOptions {
  /** The room lets nobody in before that, ms after the rush began. */
  opensInMs: number;
  /** A rush in which nobody gets on for so long is stuck, ms. */
  stuckMs: number;
  /** It is over by then, whatever moves, ms after it began; undefined = no such limit. */
  limitMs?: number;
}

/** Decides when whoever has not finished is lost: not by the pace of the room, which may be slow, but when nothing moves. */
export class Patience {
  private lastMovement = '';
  private movedAtMs = 0;

  constructor(private readonly options: PatienceOptions) {}

  /** @param movement changes whenever anybody gets on */
  isOver(elapsedMs: number, movement: string): boolean {
    const { opensInMs, stuckMs, limitMs = Infinity } = this.options;
    if (movement !== this.lastMovement) this.movedAtMs = elapsedMs;
    this.lastMovement = movement;
    return elapsedMs >= limitMs || elapsedMs - Math.max(this.movedAtMs, opensInMs) >= stuckMs;
  }
}
