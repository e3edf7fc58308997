import type { LineEvent, TickOutcome } from '../line-store';
import type { LineReplica } from './line-replica';
import { TickPacer } from './tick-pacer';

const QUIET: TickOutcome = {
  ...{ now: 0, state: 'open', admitted: 0, waiting: 5, present: 0, inside: 0, sequence: 0, durableSequence: 0 },
  ...{ more: false, fenced: false, drawDue: false, graceStands: false, deadPods: [] },
};
const OUTFLOW = { ratePerSecond: 10, capacity: 2 };
const replica = (nextChange = Infinity): LineReplica =>
  ({ now: () => 50, nextChange: () => nextChange }) as LineReplica;

function after(outcome: Partial<TickOutcome>, outflow = OUTFLOW): TickPacer {
  const pace = new TickPacer();
  pace.made(1_000, { ...QUIET, ...outcome }, outflow);
  return pace;
}

describe('the pace of ticks', () => {
  it('is the caller’s until the first tick, and as long as somebody may be let in', () => {
    expect(new TickPacer().isDue(0, replica())).toBe(true);
    expect(after({ present: 1 }).isDue(1_001, replica())).toBe(true);
    expect(after({ more: true }).isDue(1_001, replica())).toBe(true);
  });

  it.each<[string, TickPacer]>([
    ['nobody is present', after({})],
    ['the room is full', after({ present: 1, inside: 2 })],
    ['the room is paused', after({ present: 1, state: 'paused' })],
    ['the rate is 0', after({ present: 1 }, { ...OUTFLOW, ratePerSecond: 0 })],
  ])('is slow while %s, and never slower than the heartbeats need', (_, pace) => {
    expect(pace.isDue(1_200, replica())).toBe(false);
    expect(pace.isDue(1_600, replica())).toBe(true);
  });

  it('is quick again at the first news, and at the opening', () => {
    const pace = after({});
    pace.heard([{ type: 'away' } as LineEvent]);
    expect(pace.isDue(1_200, replica())).toBe(false);
    expect(pace.isDue(1_200, replica(50))).toBe(true);
    pace.heard([{ type: 'back' } as LineEvent]);
    expect(pace.isDue(1_200, replica())).toBe(true);
  });
});
