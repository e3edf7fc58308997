import { PodPatience } from './pod-patience';

describe('the patience with a pod that cannot reach the line', () => {
  let moves: number;
  let patience: PodPatience;

  beforeEach(() => {
    jest.useFakeTimers();
    moves = 0;
    patience = new PodPatience(() => (moves += 1));
  });
  afterEach(() => jest.useRealTimers());

  it('ends once, however often it is told', () => {
    patience.lose();
    jest.advanceTimersByTime(10_000);
    patience.lose();
    expect(moves).toBe(0);
    jest.advanceTimersByTime(12_500);
    expect(moves).toBe(1);
    jest.advanceTimersByTime(1_000_000);
    expect(moves).toBe(1);
  });

  it('does not end when the line is within reach again, or nothing is wanted any more', () => {
    for (const settle of [() => patience.regain(), () => patience.rest()]) {
      patience.lose();
      settle();
      jest.advanceTimersByTime(1_000_000);
    }
    expect(moves).toBe(0);
  });

  it('lasts twice as long each time that moving was no use, and as ever after it was', () => {
    for (const most of [22_500, 45_000, 90_000, 180_000, 180_000]) {
      const before = moves;
      patience.lose();
      jest.advanceTimersByTime(most / 1.5 - 1);
      expect(moves).toBe(before);
      jest.advanceTimersByTime(most / 3 + 1);
      expect(moves).toBe(before + 1);
    }
    patience.regain();
    patience.lose();
    jest.advanceTimersByTime(22_500);
    expect(moves).toBe(6);
  });
});
