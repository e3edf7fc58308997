import { movesAt } from '../../src/common/reckoning';
import type { SunbeonState } from './state';

export interface MovingNumberParts {
  state: () => SunbeonState;
  /** The server's time, ms. */
  now: () => number;
  /** Moves the shown position to where it is by now, if that is elsewhere. */
  move: () => void;
  /** Least time between two steps, ms; Infinity: none between messages. */
  stepMs: number;
}

/** Moves the shown position on, step by step, between two messages of the service. */
export class MovingNumber {
  private timer?: ReturnType<typeof setTimeout>;

  constructor(private readonly parts: MovingNumberParts) {}

  /** Something has changed: it may move from elsewhere now, or not at all. */
  look(): void {
    clearTimeout(this.timer);
    const { stepMs, state, now } = this.parts;
    const { place } = state();
    if (stepMs === Infinity || place.phase !== 'waiting' || !place.moving || place.position === undefined) return;
    const at = movesAt(place.moving, place.position);
    if (at < Infinity) this.timer = setTimeout(() => this.step(), Math.max(stepMs, at - now()));
  }

  /** Not at all any more. */
  stop(): void {
    clearTimeout(this.timer);
  }

  private step(): void {
    const { place } = this.parts.state();
    this.parts.move();
    // The timer was too early by the server's clock, which has been read anew since.
    if (this.parts.state().place === place) this.look();
  }
}
