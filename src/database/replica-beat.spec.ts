import { ReplicaBeat } from './replica-beat';

describe('the beat of the replicas', () => {
  let now = 0;
  const beat = new ReplicaBeat(10_000, () => now);
  for (const [at, number] of [
    [1_000, 7],
    [2_000, 9],
    [3_000, 12],
  ] as const) {
    now = at;
    beat.note(number);
  }
  now = 3_500;

  it.each([
    ['has the newest number', 12, 0],
    ['has a newer one, of another pod', 15, 0],
    ['lacks the last', 9, 500],
    ['has what another pod wrote between ours', 8, 1_500],
    ['lacks all of them', 0, 2_500],
  ])('says since when a replica lags that %s', (_, shown, lagMs) => {
    expect(beat.lagAt(shown)).toBe(lagMs);
  });

  it('tells a lag of days from one of an hour, however often it is raised', () => {
    const hour = 3_600_000;
    let at = 0;
    const longWatched = new ReplicaBeat(hour, () => at);
    let beat = 0;
    for (; at < 48 * hour; at += 2_000) longWatched.note((beat += 1));
    expect(longWatched.lagAt(1)).toBeGreaterThan(hour);
    expect(longWatched.lagAt(beat - 900)).toBeLessThan(hour);
  });
});
