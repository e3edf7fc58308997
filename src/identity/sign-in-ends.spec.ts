import type { EntityManager } from 'typeorm';
import type { Database } from '../database/database';
import { SignInEnds } from './sign-in-ends';

describe('sign-ins that end before their time', () => {
  it('are ended though somebody who is told of it fails', async () => {
    const database = {
      now: () => Promise.resolve(1_000),
      write: (work: (manager: EntityManager) => Promise<unknown>) =>
        work({ insert: () => Promise.resolve() } as unknown as EntityManager),
    };
    const ends = new SignInEnds(database as unknown as Database);
    const broken = (): void => {
      throw new Error('broken');
    };
    const [closed, told] = [jest.fn(), jest.fn()];
    for (const listener of [broken, closed]) ends.onEnded(listener);
    for (const listener of [broken, told]) ends.onEndedHere(listener);
    const signIn = { studentId: 's1', id: 'seal', issuedAt: 500 };
    await expect(ends.end(signIn)).resolves.toBeUndefined();
    expect(ends.isEnded(signIn)).toBe(true);
    expect(closed).toHaveBeenCalledWith('s1');
    expect(told).toHaveBeenCalledTimes(1);
  });

  it('are read again only as long as one that was written before may still come late', async () => {
    const row = { studentId: 's1', signIn: 'seal', endedAt: 1_000_000, forgottenAt: 9_000_000 };
    const asked: number[] = [];
    let now = 1_000_000;
    const find = (_: unknown, { where }: { where: { endedAt: { value: number } } }) => {
      asked.push(where.endedAt.value);
      return Promise.resolve([row]);
    };
    const database = {
      clock: { now: () => now },
      read: (work: (manager: EntityManager) => Promise<unknown>) => work({ find } as unknown as EntityManager),
    };
    const ends = new SignInEnds(database as unknown as Database);
    await ends.look();
    await ends.look();
    now += 30_000;
    await ends.look();
    now += 3_600_000;
    await ends.look();
    expect(asked.slice(1)).toEqual([940_000, 970_000, 1_000_000]);
  });
});
