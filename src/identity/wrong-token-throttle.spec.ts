import { type ExecutionContext, Logger } from '@nestjs/common';
import type { DomainError } from '../common/domain-error';
import { OperatorDirectory } from './operator-directory';
import { type LateAnswer, WrongTokenThrottle } from './wrong-token-throttle';
import { OperatorGuard } from './operator.guard';
import type { OperatorSessions } from './operator-sessions';

let tries: WrongTokenThrottle;
let warn: jest.SpyInstance;

beforeEach(() => {
  tries = new WrongTokenThrottle();
  warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
});
afterEach(() => jest.restoreAllMocks());

const guess = (address: string, now: number, times: number): (LateAnswer | undefined)[] =>
  Array.from({ length: times }, () => tries.wrong(address, now));
const atOnce = (answers: (LateAnswer | undefined)[]): number =>
  answers.filter((answer) => answer?.afterMs === 0).length;

describe('whoever tries operator tokens', () => {
  it('is answered late after many wrong ones, and once more at once after each pause', () => {
    expect(atOnce(guess('10.0.0.1', 0, 1_000))).toBe(20);
    expect(atOnce(guess('10.0.0.1', 2_999, 1_000))).toBe(0);
    expect(atOnce(guess('10.0.0.1', 6_000, 1_000))).toBe(2);
    expect(tries.refused.read()).toEqual({ wrong: 22, slowed: 2_978 });
  });

  it('has only so many answers waiting, and others as well', () => {
    const late = guess('10.0.0.1', 0, 1_000).filter((answer) => answer && answer.afterMs > 0);
    expect(late).toHaveLength(20);
    for (let host = 2; host < 100; host += 1) late.push(...guess(`10.0.0.${host}`, 0, 100).slice(20));
    expect(late.filter(Boolean)).toHaveLength(200);
    for (const answer of late) answer?.answered();
    expect(guess('10.0.0.1', 1, 20).every(Boolean)).toBe(true);
  });

  it('is told apart by address, of which IPv6 gives everybody a whole network', () => {
    guess('2001:db8:1:2::1', 0, 100);
    expect(atOnce(guess('2001:db8:1:2:9:9:9:9', 1, 1))).toBe(0);
    expect(atOnce(guess('2001:db8:1:3::1', 1, 1))).toBe(1);
    expect(atOnce(guess('10.0.0.1', 1, 1))).toBe(1);
  });

  it('is in the log once a minute, also when the clock is put back', () => {
    guess('10.0.0.1', 100_000, 100);
    guess('10.0.0.1', 159_999, 100);
    expect(warn).toHaveBeenCalledTimes(1);
    guess('10.0.0.1', 170_000, 1);
    expect(warn).toHaveBeenCalledTimes(2);
    guess('10.0.0.1', 0, 1);
    expect(warn).toHaveBeenCalledTimes(3);
  });
});

describe('an operator with the right token', () => {
  it('is let through at once, however many wrong ones came and wait from the same address', async () => {
    jest.useFakeTimers({ doNotFake: ['performance'] });
    const operators = new OperatorDirectory([{ name: 'Minji', token: 'right-token-0123', role: 'owner' }]);
    const guard = new OperatorGuard(operators, { of: () => undefined } as unknown as OperatorSessions, tries);
    const ask = async (token: string): Promise<boolean | string> => {
      const request = { ip: '10.0.0.1', headers: { authorization: `Bearer ${token}` } };
      const context = {
        ...{ switchToHttp: () => ({ getRequest: () => request }), getHandler: () => () => undefined },
      } as unknown as ExecutionContext;
      try {
        return await guard.canActivate(context);
      } catch (error) {
        return (error as DomainError).code;
      }
    };
    const others: Promise<boolean | string>[] = [];
    for (let time = 0; time < 100; time += 1) {
      others.push(ask('wrong-token-0123'));
      expect(await ask('right-token-0123')).toBe(true);
    }
    await jest.advanceTimersByTimeAsync(10_000);
    const codes = await Promise.all(others);
    expect(codes.filter((code) => code === 'not_operator')).toHaveLength(40);
    expect(codes.filter((code) => code === 'too_many_requests')).toHaveLength(60);
    jest.useRealTimers();
  });
});
