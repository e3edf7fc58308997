import type { EntityManager } from 'typeorm';
import { Database, type ReadOptions } from '../../../../src/database/database';
import { CommitUnknownError } from '../../../../src/database/database-error';

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/**
 * A pod's way to the database, until the pod dies: what is under way is then either rolled back or committed, and
 * nobody hears of it. The answer to a COMMIT can be lost, and its clock be put forward.
 */
export class MortalDatabase extends Database {
  readonly kind;
  private dead = false;
  private losesNext = false;

  constructor(
    private readonly inner: Database,
    private readonly shift: { offsetMs: number },
  ) {
    super();
    this.kind = inner.kind;
  }

  die(): void {
    this.dead = true;
  }

  /** Of what is committed next, the answer is lost. */
  loseAnswer(lost: boolean): void {
    this.losesNext = lost;
  }

  async write<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    if (this.dead) return never();
    try {
      const value = await this.inner.write(async (manager) => {
        const result = await work(manager);
        if (this.dead) throw new Error('the pod has died');
        return result;
      });
      if (this.dead) return await never<T>();
      if (this.losesNext) {
        this.losesNext = false;
        throw new CommitUnknownError(new Error('the answer was lost'));
      }
      return value;
    } catch (error) {
      if (this.dead) return never();
      throw error;
    }
  }

  read<T>(work: (manager: EntityManager) => Promise<T>, options?: ReadOptions): Promise<T> {
    return this.inner.read(work, options);
  }

  async now(manager: EntityManager): Promise<number> {
    return (await this.inner.now(manager)) + this.shift.offsetMs;
  }

  migrate(): Promise<void> {
    return this.inner.migrate();
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}
