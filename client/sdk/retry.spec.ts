import { newIdempotencyKey, retrying } from './retry';
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
  const sleep = async (ms: number): Promise<void> => void waits.push(ms);
  return { attempt, waits, calls: () => calls, options: { sleep, random: () => 1, firstMs: 100, longestMs: 300 } };
}

describe('retrying', () => {
  it('tries retryable errors again, with longer and longer pauses', async () => {
    const { attempt, waits, options } = failing(busy, busy, busy);
    await expect(retrying(attempt, options)).resolves.toBe('answer');
    expect(waits).toEqual([100, 200, 300]);
  });

  it('gives up at once on an error that no retry can mend', async () => {
    const { attempt, calls, options } = failing(full);
    await expect(retrying(attempt, options)).rejects.toBe(full);
    expect(calls()).toBe(1);
  });

  it('gives up after the last attempt', async () => {
    const { attempt, calls, options } = failing(busy, busy, busy);
    await expect(retrying(attempt, { ...options, attempts: 2 })).rejects.toBe(busy);
    expect(calls()).toBe(2);
  });

  it('stops when nobody wants the answer any more', async () => {
    const { attempt, calls, options } = failing(busy, busy);
    await expect(retrying(attempt, { ...options, goOn: () => false })).rejects.toBe(busy);
    expect(calls()).toBe(1);
  });

  it('makes keys that are valid and do not repeat', () => {
    const keys = Array.from({ length: 100 }, newIdempotencyKey);
    expect(new Set(keys).size).toBe(100);
    expect(keys.every((key) => /^[0-9a-f]{32}$/.test(key))).toBe(true);
  });
});
