import { endsWithin, withDeadline } from './deadline';

describe('a deadline', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const after = <T>(ms: number, value: T): Promise<T> =>
    new Promise((resolve, reject) => setTimeout(() => (value instanceof Error ? reject(value) : resolve(value)), ms));

  it('tells what is done in time from what is late', async () => {
    const [early, late] = [endsWithin(after(9, 'done'), 10), endsWithin(after(11, 'done'), 10)];
    await jest.advanceTimersByTimeAsync(11);
    expect(await early).toBe(true);
    expect(await late).toBe(false);
  });

  it('gives what the work gives, and rejects for it when it is late', async () => {
    const early = withDeadline(after(9, 'done'), 10);
    const late = expect(withDeadline(after(11, 'done'), 10)).rejects.toThrow('no answer within 10 ms');
    await jest.advanceTimersByTimeAsync(11);
    expect(await early).toBe('done');
    await late;
  });

  it('fails as the work fails, and not at all when that comes late', async () => {
    const early = expect(withDeadline(after(9, new Error('broken')), 10)).rejects.toThrow('broken');
    const late = endsWithin(after(11, new Error('broken')), 10);
    await jest.advanceTimersByTimeAsync(11);
    await early;
    expect(await late).toBe(false);
  });

  it('leaves no timer behind', async () => {
    expect(await endsWithin(Promise.resolve(), 60_000)).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });
});
