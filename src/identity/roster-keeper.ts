import { Logger } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { Repeating } from '../common/repeating';
import { errorText } from '../common/text';
import type { Database } from '../database/database';
import { isDuplicateKey } from '../database/database-error';
import type { Roster } from './roster';

/** How often a pod looks for a list that another one has read, ms. */
const LOOK_MS = 1_000;

interface Version {
  version: number;
  hash: string;
}

/**
 * Keeps the roster of all pods the same: the database holds the list that was read last, and every pod takes it over
 * within a second. SIGHUP on any pod, or a start with a file that was never read before, makes a file the list of all. A
 * pod that starts with a file that was the list once is behind the others, and takes over theirs.
 */
export class RosterKeeper {
  private readonly logger = new Logger('Roster');
  private readonly looking = new Repeating(
    () => this.look(),
    () => LOOK_MS,
  );
  private version = 0;
  private trouble = '';

  constructor(
    private readonly roster: Roster,
    private readonly database: Database,
  ) {}

  /** @throws DomainError `database_unavailable` */
  async start(): Promise<void> {
    if (this.roster.text === undefined) return;
    const all = await this.versions();
    const hash = hashOf(this.roster.text);
    if (all.every((known) => known.hash !== hash)) await this.publish(this.roster.text);
    else if (all.at(-1)?.hash !== hash)
      this.logger.warn('ROSTER_FILE is older than the list in force; that one is used.');
    await this.look();
    this.looking.start();
  }

  stop(): Promise<void> {
    return this.looking.stop();
  }

  /** Makes the file the list of all pods. @throws RosterError, DomainError `database_unavailable`: all stays as it was */
  async reload(): Promise<void> {
    const before = this.roster.text;
    this.roster.reload();
    const { text } = this.roster;
    if (text === undefined) return;
    try {
      await this.publish(text);
    } catch (error) {
      if (before !== undefined) this.roster.adopt(before, 'the list as it was');
      // Another pod's may have come meanwhile: the next look takes what is in force.
      this.version = 0;
      throw error;
    }
    // The other way round as well: one that came meanwhile was older than ours.
    await this.look();
  }

  private async publish(text: string): Promise<void> {
    const hash = hashOf(text);
    const content = await promisify(gzip)(text);
    for (;;) {
      const last = (await this.versions()).at(-1);
      const version = (last?.version ?? 0) + 1;
      if (last?.hash === hash) return;
      try {
        await this.database.write(async (manager) => {
          const at = await this.database.now(manager);
          const row = [version, hash, content, at];
          await manager.query(
            'INSERT INTO roster_version (version, hash, content, loaded_at) VALUES (?, ?, ?, ?)',
            row,
          );
          // Whoever was on an older list need not be remembered.
          await manager.query('UPDATE roster_version SET content = NULL WHERE version < ?', [version]);
        });
        return;
      } catch (error) {
        // Another pod was first: the list that was read last counts.
        if (!isDuplicateKey(error)) throw error;
      }
    }
  }

  /** All that were ever in force, the last one is. */
  private async versions(): Promise<Version[]> {
    const rows = await this.database.read((manager) =>
      manager.query<Version[]>('SELECT version, hash FROM roster_version ORDER BY version'),
    );
    return rows;
  }

  private async look(): Promise<void> {
    try {
      const [found] = await this.database.read((manager) =>
        manager.query<{ version: number; hash: string; content: Buffer }[]>(
          'SELECT version, hash, content FROM roster_version WHERE content IS NOT NULL AND version > ? ORDER BY version DESC LIMIT 1',
          [this.version],
        ),
      );
      this.trouble = '';
      if (!found) return;
      this.version = found.version;
      if (this.roster.text !== undefined && hashOf(this.roster.text) === found.hash) return;
      this.roster.adopt((await promisify(gunzip)(found.content)).toString(), 'the list in the database');
      this.logger.log(`A roster of ${this.roster.size} students is in force, read by another server.`);
    } catch (error) {
      const trouble = errorText(error);
      if (trouble !== this.trouble) this.logger.warn(`The roster is looked for later: ${trouble}`);
      this.trouble = trouble;
    }
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
