import { Logger } from '@nestjs/common';
import { OperatorTries } from './operator-tries';

describe('whoever tries operator tokens', () => {
  let tries: OperatorTries;
  let warn: jest.SpyInstance;

  beforeEach(() => {
    tries = new OperatorTries();
    warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
  });
  afterEach(() => jest.restoreAllMocks());

  const guess = (address: string, now: number, times: number): number => {
    let lookedAt = 0;
    for (let time = 0; time < times; time += 1) {
      if (!tries.mayTry(address, now)) continue;
      lookedAt += 1;
      tries.wrong(address, now);
    }
    return lookedAt;
  };

  it('is not listened to after many wrong ones, until a pause is over', () => {
    expect(guess('10.0.0.1', 0, 1_000)).toBe(21);
    expect(guess('10.0.0.1', 2_999, 1_000)).toBe(0);
    expect(guess('10.0.0.1', 60_000, 1_000)).toBeLessThan(30);
    expect(tries.refused.read().slowed).toBeGreaterThan(1_900);
  });

  it('is told apart by address, of which IPv6 gives everybody a whole network', () => {
    guess('2001:db8:1:2::1', 0, 100);
    expect(tries.mayTry('2001:db8:1:2:9:9:9:9', 1)).toBe(false);
    expect(tries.mayTry('2001:db8:1:3::1', 1)).toBe(true);
    expect(tries.mayTry('10.0.0.1', 1)).toBe(true);
  });

  it('is in the log once a minute, without the token', () => {
    guess('10.0.0.1', 0, 100);
    guess('10.0.0.1', 59_999, 100);
    expect(warn).toHaveBeenCalledTimes(1);
    guess('10.0.0.1', 70_000, 1);
    expect(warn).toHaveBeenCalledTimes(2);
  });

  it('waits no longer than the pause when the clock is put back', () => {
    guess('10.0.0.1', 3_600_000, 100);
    expect(tries.mayTry('10.0.0.1', 0)).toBe(true);
  });
});
