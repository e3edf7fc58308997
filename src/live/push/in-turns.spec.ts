import { Logger } from '@nestjs/common';
import { inTurns } from './in-turns';

const logger = new Logger('Test');
const turns = { logger, what: 'Testing' };
const MANY = Array.from({ length: 1_000 }, (_, index) => index);

/** Takes so long that many of it take several turns. */
function work(): void {
  const until = performance.now() + 0.05;
  while (performance.now() < until);
}

describe('work in turns', () => {
  let complain: jest.SpyInstance;

  beforeEach(() => (complain = jest.spyOn(logger, 'error').mockImplementation()));

  it('is done for all in order, and lets others have the event loop in between', async () => {
    const done: number[] = [];
    let others = 0;
    const other = setInterval(() => (others += 1), 0);
    await inTurns(
      MANY,
      (item) => {
        work();
        done.push(item);
      },
      turns,
    );
    clearInterval(other);
    expect(done).toEqual(MANY);
    expect(others).toBeGreaterThan(0);
  });

  it('is done for the others when it fails for one, and says for how many it did', async () => {
    const done: number[] = [];
    await inTurns(
      MANY,
      (item) => {
        if (item % 500 === 0) throw new Error(`no ${item}`);
        done.push(item);
      },
      turns,
    );
    expect(done).toHaveLength(MANY.length - 2);
    const fields = expect.objectContaining({ code: 'listener_failed', what: 'Testing', failed: 2 }) as unknown;
    expect(complain).toHaveBeenCalledWith(fields, expect.any(String));
  });

  it('ends with the turn in which it is not wanted any more, or at once when it says so itself', async () => {
    let left = 2;
    const done: number[] = [];
    const goOn = (): boolean => (left -= 1) >= 0;
    await inTurns(
      MANY,
      (item) => {
        work();
        done.push(item);
      },
      { ...turns, goOn },
    );
    expect(done.length).toBeLessThan(MANY.length);
    const some: number[] = [];
    await inTurns(MANY, (item) => item < 5 && some.push(item), turns);
    expect(some).toEqual([0, 1, 2, 3, 4]);
  });
});
