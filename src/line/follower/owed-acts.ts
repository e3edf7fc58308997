import { ErrorCode } from '../../contract/errors';
import { DomainError } from '../../common/domain-error';
import type { LineRef } from '../line-store';

type Act = (line: LineRef) => Promise<unknown>;

const NOT_NOW: readonly ErrorCode[] = ['line_unavailable', 'line_recovering', 'pod_fenced'];

/** Whether the same call may go well once the line is back. */
export function isNotNow(error: unknown): boolean {
  return error instanceof DomainError && NOT_NOW.includes(error.code);
}

/** Calls that the store could not be told of, and that mean the same on every life of the line. */
export class OwedActs {
  private readonly acts: Act[] = [];

  add(act: Act): void {
    this.acts.push(act);
  }

  /** Makes up for them, in order. One that fails for good is dropped, and reported. @throws when the line is away again */
  async settle(line: LineRef, report: (error: unknown) => void): Promise<void> {
    for (let act = this.acts[0]; act; act = this.acts[0]) {
      try {
        await act(line);
      } catch (error) {
        if (isNotNow(error)) throw error;
        report(error);
      }
      this.acts.shift();
    }
  }
}
