import type { DataSource } from 'typeorm';
import { withRunner } from './mysql-connection';

const TABLE = 'replica_beat';

/** Beats that are kept, newest last; as far apart as it takes for all of them to reach back twice the lag that matters. */
const MOST_KEPT = 1_000;

/**
 * How far replicas are behind, by a number in the primary that only rises: every pod raises it again and again, and each
 * replica shows how far it has come. It needs no right beyond the application's own, no clock of any server, and notices
 * whatever keeps changes from arriving.
 */
export class ReplicaBeat {
  private readonly written: { beat: number; at: number }[] = [];
  private readonly apartMs: number;

  /**
   * @param lagMs the lag that must be told from longer ones, ms
   * @param now ms that only go forward
   */
  constructor(
    lagMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.apartMs = (2 * lagMs) / MOST_KEPT;
  }

  /** Raises the number in the primary. */
  async raise(primary: DataSource): Promise<void> {
    await withRunner(primary, async ({ manager }) => {
      await manager.query(`INSERT INTO ${TABLE} (id, beat) VALUES (1, 1) ON DUPLICATE KEY UPDATE beat = beat + 1`);
      this.note(await readBeat((sql) => manager.query(sql)));
    });
  }

  /** A number that the primary has now. One that follows closely on the last says nothing more. */
  note(beat: number): void {
    const at = this.now();
    const last = this.written.at(-1);
    if (last && at - last.at < this.apartMs) return;
    this.written.push({ beat, at });
    if (this.written.length > MOST_KEPT) this.written.shift();
  }

  /** For how long the replica has lacked what the primary had, ms; 0 = it has the newest that is kept here. */
  async lagOf(replica: DataSource): Promise<number> {
    return this.lagAt(await withRunner(replica, ({ manager }) => readBeat((sql) => manager.query(sql))));
  }

  /** The same for a replica that shows this number. */
  lagAt(beat: number): number {
    const lacking = this.written.find((one) => one.beat > beat);
    return lacking === undefined ? 0 : this.now() - lacking.at;
  }
}

/** 0 before the first. */
async function readBeat(query: (sql: string) => Promise<{ beat: string | number }[]>): Promise<number> {
  const [row] = await query(`SELECT beat FROM ${TABLE} WHERE id = 1`);
  return Number(row?.beat ?? 0);
}
