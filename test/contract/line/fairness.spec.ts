import type { LineEvent } from '../../../src/line/line-store';
import { ACT } from './line-fixture';
import { unfairness } from './fairness';

type Told<E> = E extends LineEvent ? Omit<E, 'sequence' | 'at'> : never;

const feed = (...events: Told<LineEvent>[]): LineEvent[] =>
  events.map((event, i) => ({ ...event, sequence: i + 1, at: 0 }));
const joined = (number: number, studentId = `s${number}`): Told<LineEvent> => {
  return { type: 'joined', number, studentId, ticketEpoch: 1 };
};
const move = (type: 'away' | 'back' | 'acknowledged', number: number): Told<LineEvent> => {
  return { type, number, studentId: `s${number}` };
};
const admitted = (number: number, act?: typeof ACT): Told<LineEvent> => {
  return { type: 'admitted', number, studentId: `s${number}`, expiresAt: 1, ...(act && { act }) };
};
const ended = (number: number): Told<LineEvent> => {
  return { type: 'ended', number, studentId: `s${number}`, reason: 'left' };
};

describe('unfairness', () => {
  it('finds nothing in a fair feed', () => {
    const events = feed(joined(1), joined(2), move('away', 1), admitted(2), move('back', 1), admitted(1), ended(2));
    expect(unfairness(events, 1, 1)).toEqual([]);
  });

  it.each<[string, LineEvent[], string]>([
    ['a present student who was overtaken', feed(joined(1), joined(2), admitted(2)), '2 overtook 1'],
    ['a number that was left out', feed(joined(1), joined(3)), 'number 3 instead of 2'],
    ['a second ticket of one student', feed(joined(1, 's'), joined(2, 's')), 's has 1 and 2'],
    ['an admission without a ticket', feed(admitted(1)), '1 admitted, but does not wait'],
    ['a ticket that ends twice', feed(joined(1), ended(1), ended(1)), '1 ended twice'],
    ['a return of one who was there', feed(joined(1), move('back', 1)), '1 cannot be back'],
    ['an acknowledgement of nothing', feed(joined(1), move('acknowledged', 1)), '1 is not inside'],
    ['an event that is missing', feed(joined(1), joined(2)).slice(1), 'event 2 instead of 1'],
  ])('finds %s', (_name, events, problem) => {
    expect(unfairness(events, 1, 1)).toContain(problem);
  });

  it('lets an operator admit out of turn', () => {
    expect(unfairness(feed(joined(1), joined(2), admitted(2, ACT)), 1, 1)).toEqual([]);
  });
});
