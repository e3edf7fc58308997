import { withRetries } from './retry';
import { WriteQueue } from './write-queue';

describe('the queue of writers', () => {
  it('runs one after another in order, whatever becomes of each', async () => {
    const queue = new WriteQueue(10);
    const log: string[] = [];
    const task = (name: string, fails = false) =>
      queue.run(async () => {
        log.push(`${name} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        log.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      });
    const results = await Promise.allSettled([task('a'), task('b', true), task('c')]);
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('refuses the one too many, and has room again afterwards', async () => {
    const queue = new WriteQueue(1);
    const done = () => Promise.resolve('done');
    const [first, second] = [queue.run(done), queue.run(done)];
    await expect(second).rejects.toMatchObject({ code: 'busy' });
    expect(await first).toBe('done');
    expect(await queue.run(done)).toBe('done');
  });
});

describe('retries', () => {
  const policy = { attempts: 3, firstPauseMs: 0, longestPauseMs: 0 };

  it('go on while it is worth it, and give the last error', async () => {
    let attempts = 0;
    const failing = withRetries(
      policy,
      () => true,
      () => Promise.reject(new Error(`attempt ${(attempts += 1)}`)),
    );
    await expect(failing).rejects.toThrow('attempt 3');
  });

  it('stop at once when it is not', async () => {
    let attempts = 0;
    const failing = withRetries(
      policy,
      () => false,
      () => Promise.reject(new Error(`attempt ${(attempts += 1)}`)),
    );
    await expect(failing).rejects.toThrow('attempt 1');
  });
});
