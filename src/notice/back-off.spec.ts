import { pauseAfter } from './back-off';

const BACK_OFF = { firstPauseMs: 1_000, longestPauseMs: 10_000 };

describe('the pause after a failed attempt', () => {
  it.each([
    { attempt: 1, random: 0, pauseMs: 500 },
    { attempt: 1, random: 1, pauseMs: 1_000 },
    { attempt: 2, random: 0, pauseMs: 1_000 },
    { attempt: 4, random: 1, pauseMs: 8_000 },
    { attempt: 5, random: 1, pauseMs: 10_000 },
    { attempt: 2_000, random: 0.5, pauseMs: 7_500 },
  ])('is $pauseMs ms after attempt $attempt with luck $random', ({ attempt, random, pauseMs }) => {
    expect(pauseAfter(attempt, BACK_OFF, random)).toBe(pauseMs);
  });
});
