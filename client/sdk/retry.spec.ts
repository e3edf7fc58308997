import { newIdempotencyKey, retrying, Tries } from './retry';
import { SunbeonError } from './sunbeon-error';

const busy = new SunbeonError('busy', 'busy', true);
const full = new SunbeonError('section_full', 'full', false);

/** Fails with each of the errors in turn, then answers. */
function failing(...errors: SunbeonError[]) {
  const waits: number[] = [];
  let calls = 0;
  const attempt = async (): Promise<string> => {
    const error = errors[calls];
    calls += 1;
    if (error) throw error;
    return 'answer';
  };
  const pause = async (ms: number): Promise<void> => void waits.push(ms);
  return { attempt, waits, calls: () => calls, world: { pause, random: () => 1 } };
}

describe('retrying', () => {
  it('tries retryable errors again, with longer and longer pauses', async () => {
    const { attempt, waits, world } = failing(busy, busy, busy, busy, busy, busy);
    await expect(retrying(attempt, {}, world)).resolves.toBe('answer');
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000]);
  });

  it('gives up at once on an error that no retry can mend', async () => {
    const { attempt, calls, world } = failing(full);
    await expect(retrying(attempt, {}, world)).rejects.toBe(full);
    expect(calls()).toBe(1);
  });

  it('gives up after the last attempt', async () => {
    const { attempt, calls, world } = failing(busy, busy, busy);
    await expect(retrying(attempt, { attempts: 2 }, world)).rejects.toBe(busy);
    expect(calls()).toBe(2);
  });

  it('stops when nobody wants the answer any more', async () => {
    const { attempt, calls, world } = failing(busy, busy);
    await expect(retrying(attempt, { goOn: () => false }, world)).rejects.toBe(busy);
    expect(calls()).toBe(1);
  });

  it('does not ask once more when that turns out during the pause', async () => {
    const { attempt, calls, waits, world } = failing(busy, busy);
    await expect(retrying(attempt, { goOn: () => waits.length === 0 }, world)).rejects.toBe(busy);
    expect({ calls: calls(), waits }).toEqual({ calls: 1, waits: [500] });
  });

  it('tells of every failure that is tried again, and of no other', async () => {
    const { attempt, world } = failing(busy, full);
    const told: Error[] = [];
    await expect(retrying(attempt, { onRetry: (error) => told.push(error) }, world)).rejects.toBe(full);
    expect(told).toEqual([busy]);
  });

  it('makes keys that are valid and do not repeat', () => {
    const keys = Array.from({ length: 100 }, newIdempotencyKey);
    expect(new Set(keys).size).toBe(100);
    expect(keys.every((key) => /^[0-9a-f]{32}$/.test(key))).toBe(true);
  });
});

describe('what one client tries again', () => {
  it('ends with the client, in the middle of a pause, and is not tried any more', async () => {
    const tries = new Tries({ firstPauseMs: 3_600_000, longestPauseMs: 3_600_000 });
    const { attempt, calls } = failing(busy, busy);
    const tried = tries.again(attempt);
    await new Promise(setImmediate);
    tries.end();
    await expect(tried).rejects.toBe(busy);
    await expect(tries.again(attempt)).rejects.toBe(busy);
    expect(calls()).toBe(2);
  });
});
