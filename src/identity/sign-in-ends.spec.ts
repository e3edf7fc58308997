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
});
