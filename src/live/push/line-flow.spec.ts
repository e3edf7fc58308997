import type { LineReplica } from '../../line/follower/line-replica';
import type { LineFlow } from '../../contract/line';
import { FlowNews } from './line-flow';

const FLOW: LineFlow = {
  inside: 10,
  capacity: 10,
  ratePerSecond: 5,
  stayMs: { least: 20_000, most: 600_000 },
  ageMs: 20_000,
};

/** A room whose flow and clock the test sets. */
function room() {
  const state = { flow: FLOW, now: 0 };
  const replica = { now: () => state.now, flow: () => state.flow } as unknown as LineReplica;
  return { state, replica };
}

describe('the news of a line’s flow', () => {
  it.each<[string, Partial<LineFlow>]>([
    [
      'the least stay grew by a quarter, though that is little beside the longest',
      { stayMs: { least: 25_000, most: 600_000 } },
    ],
    ['the longest stay is shorter', { stayMs: { least: 20_000, most: 500_000 } }],
    ['there is room again', { inside: 9 }],
    ['the room is wider', { capacity: 20 }],
    ['fewer are let in a second', { ratePerSecond: 4 }],
  ])('is told anew when %s', (_what, change) => {
    const { state, replica } = room();
    const news = new FlowNews();
    const first = news.of(replica, 10, 1);
    state.now = 2_000;
    state.flow = { ...FLOW, ...change };
    const second = news.of(replica, 10, 1);
    expect(second.flow).toEqual(state.flow);
    expect(second.version).toBeGreaterThan(first.version);
  });

  it('is not told anew for changes of less than a tenth', () => {
    const { state, replica } = room();
    const news = new FlowNews();
    const first = news.of(replica, 10, 1);
    state.now = 2_000;
    state.flow = { ...FLOW, stayMs: { least: 21_500, most: 580_000 }, ageMs: 50_000 };
    expect(news.of(replica, 10, 1)).toBe(first);
  });

  it('is told at most every two seconds', () => {
    const { state, replica } = room();
    const news = new FlowNews();
    const first = news.of(replica, 10, 1);
    state.now = 1_999;
    state.flow = { ...FLOW, capacity: 20 };
    expect(news.of(replica, 10, 1)).toBe(first);
  });
});
