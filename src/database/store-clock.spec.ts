import { StoreClock } from './store-clock';

describe('StoreClock', () => {
  const AHEAD_MS = 300_000;
  const ahead = (): number => Date.now() + AHEAD_MS;

  it('tells the time of the store on a pod whose clock is ahead, and by how much it is', async () => {
    const clock = new StoreClock(() => Promise.resolve(Date.now()), ahead);
    await clock.measure();
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(AHEAD_MS / 10);
    expect(clock.skewMs / AHEAD_MS).toBeCloseTo(1, 1);
  });

  it('believes the quickest answer', async () => {
    const answers = [
      () => new Promise<number>((resolve) => setTimeout(() => resolve(Date.now() - 60_000), 200)),
      () => Promise.resolve(Date.now()),
      () => new Promise<number>((resolve) => setTimeout(() => resolve(Date.now() - 60_000), 200)),
    ];
    const clock = new StoreClock(() => answers.shift()!(), ahead);
    await clock.measure();
    expect(clock.skewMs / AHEAD_MS).toBeCloseTo(1, 1);
  });

  it('goes on with what it measured last while the store is away', async () => {
    let away = false;
    const ask = () => (away ? Promise.reject(new Error('away')) : Promise.resolve(Date.now()));
    const clock = new StoreClock(ask, ahead);
    await clock.measure();
    const { skewMs } = clock;
    away = true;
    await expect(clock.measure()).rejects.toThrow('away');
    expect(clock.skewMs).toBe(skewMs);
  });
});
