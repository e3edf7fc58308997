import { WriteQueue } from './write-queue';

describe('the queue of writers', () => {
  /** Settles each write as it comes out; `groups` counts how they were put together. */
  function queueOf(limit: number, groupSize = 10): { queue: WriteQueue<string>; groups: number[] } {
    const groups: number[] = [];
    const queue = new WriteQueue<string>(limit, groupSize, async (group) => {
      groups.push(group.length);
      for (const { work, resolve, reject } of group) await work('context').then(resolve, reject);
    });
    return { queue, groups };
  }

  it('runs one after another in order, whatever becomes of each', async () => {
    const { queue, groups } = queueOf(10);
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
    expect(groups).toEqual([3]);
  });

  it('puts no more together than a group may hold', async () => {
    const { queue, groups } = queueOf(10, 2);
    await Promise.all([1, 2, 3, 4, 5].map(() => queue.run(() => Promise.resolve())));
    expect(groups).toEqual([2, 2, 1]);
  });

  it('refuses the one too many, and has room again afterwards', async () => {
    const { queue } = queueOf(1);
    const done = () => Promise.resolve('done');
    const [first, second] = [queue.run(done), queue.run(done)];
    await expect(second).rejects.toMatchObject({ code: 'busy' });
    expect(await first).toBe('done');
    expect(await queue.run(done)).toBe('done');
  });
});
