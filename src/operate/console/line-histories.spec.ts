import type { LineEvent } from '../../line/line-store';
import type { LineService } from '../../line/line.service';
import type { RoomLine } from '../../line/follower/room-line';
import { LineHistories } from './line-histories';

const BEGIN = 1_000_000;

/** One line, as a pod follows it, and what that pod knows of its last minutes. */
function follow() {
  let now = BEGIN;
  const line = {
    room: { id: 'fall', control: 'auto', opensAt: 0, capacity: 50, ratePerSecond: 4 },
    ref: { epoch: 1 },
    counts: { waiting: 0, present: 0, inside: 0 },
    replica: { now: () => now },
    hasEnded: false,
  };
  const histories = new LineHistories({ all: () => [line].values() } as unknown as LineService);
  const hear = (...events: object[]) => histories.onEvents(line as unknown as RoomLine, events as LineEvent[]);
  const passTo = (at: number) => (now = at);
  return { line, histories, hear, passTo };
}

const joined = (sequence: number, at: number) => ({ type: 'joined', sequence, at, number: sequence, studentId: 's' });

describe('the last minutes of a line', () => {
  it('count everything once, also what is told again after a gap', () => {
    const { histories, hear } = follow();
    hear(joined(1, BEGIN), joined(2, BEGIN));
    hear(
      joined(2, BEGIN),
      { type: 'admitted', sequence: 3, at: BEGIN },
      { type: 'ended', sequence: 4, at: BEGIN, reason: 'no_show' },
    );
    const { fall } = histories.read();
    expect([fall?.joined, fall?.admitted, fall?.noShows]).toEqual([[2], [1], [1]]);
  });

  it('do not fall to nothing in a sample that was begun by an event', () => {
    const { line, histories, hear, passTo } = follow();
    line.counts.waiting = 7;
    histories.sample();
    passTo(BEGIN + 4_000);
    hear(joined(1, BEGIN + 4_000));
    expect(histories.read()['fall']?.waiting.slice(-1)).toEqual([7]);
  });

  it('are taken over from another pod, as far as they were before the own beginning', () => {
    const older = follow();
    older.hear(joined(1, BEGIN));
    older.passTo(BEGIN + 10_000);
    older.hear(joined(2, BEGIN + 10_000));
    const younger = follow();
    younger.passTo(BEGIN + 10_000);
    younger.hear(joined(2, BEGIN + 10_000));
    younger.histories.learn(older.histories.read());
    expect(younger.histories.read()['fall']).toMatchObject({ at: [BEGIN, BEGIN + 10_000], joined: [1, 1] });
  });
});
