import type { VirtualUser } from './virtual-user';

/** `k6/timers` for one virtual user, which are its global timers, too. */
export function timersModule(user: VirtualUser): Record<string, unknown> {
  const ends = new Map<number, () => void>();
  let lastId = 0;

  const start = (isRepeated: boolean) => {
    return (callback: (...values: unknown[]) => unknown, delayMs = 0, ...values: unknown[]): number => {
      const id = (lastId += 1);
      const fire = (): void => {
        user.run(() => callback(...values));
        if (!isRepeated) ends.get(id)?.();
      };
      const timer = isRepeated ? setInterval(fire, delayMs) : setTimeout(fire, delayMs);
      const end = (): void => {
        clearTimeout(timer);
        ends.delete(id);
        release();
      };
      ends.set(id, end);
      const release = user.hold(end);
      return id;
    };
  };
  const end = (id: number): void => ends.get(id)?.();
  return { setTimeout: start(false), setInterval: start(true), clearTimeout: end, clearInterval: end };
}
