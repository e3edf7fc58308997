import type { RosterLoss } from '../contract/identity';
import { Logger } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { DomainError } from '../common/domain-error';
import { PollingLoop } from '../common/polling-loop';
import { errorText, failure } from '../common/text';
import type { Database } from '../database/database';
import { isDuplicateKey } from '../database/database-error';
import type { Roster } from './roster';
import type { StudentDirectory } from './student-directory';

/** How often a pod looks for a list that another one has read, ms. */
const LOOK_MS = 1_000;

/**
 * A file that takes the right to register from more than these at once is taken for one that was not written to its end,
 * or is another term's: a tenth of those who have it, and more than a handful.
 */
const LOST_SHARE = 0.1;
const LOST_FEW = 10;

interface Version {
  version: number;
  hash: string;
}

/**
 * Keeps the roster of all pods the same: the database holds the list that was read last, and every pod takes it over
 * within a second. SIGHUP or an operator's call on any pod, or a start with a file that was never read before, makes a
 * file the list of all, unless that would cost many their places: then it must be forced. A pod that starts with a file
 * that was the list once is behind the others, and takes over theirs.
 *
 * What a list says of students counts at once, also of those who have signed in before: their rows are brought in line.
 */
export class RosterKeeper {
  private readonly logger = new Logger('Roster');
  private readonly looking = new PollingLoop(
    () => this.look(),
    () => LOOK_MS,
  );
  private version = 0;
  private isAligned = false;
  private turns: Promise<unknown> = Promise.resolve();
  private trouble = '';
  /** What the file that this pod read last would have done, when it was refused for that. */
  refused?: RosterLoss;

  constructor(
    private readonly roster: Roster,
    private readonly database: Database,
    private readonly students: StudentDirectory,
  ) {}

  /** @throws DomainError `database_unavailable` */
  async start(): Promise<void> {
    const { text } = this.roster;
    if (text === undefined) return;
    const all = await this.versions();
    const hash = hashOf(text);
    await this.look();
    if (all.every((known) => known.hash !== hash)) await this.startWith(text);
    else if (all.at(-1)?.hash !== hash)
      this.logger.warn({ code: 'roster_file_older' }, 'ROSTER_FILE is older than the list in force, which is used');
    this.looking.start();
  }

  stop(): Promise<void> {
    return this.looking.stop();
  }

  /**
   * Makes the file the list of all pods.
   *
   * @param force also when that takes the right to register from many
   * @throws RosterError; DomainError `invalid_input` when it would and is not forced, with `students` and `lost`;
   * `not_found` where there is no file; `database_unavailable`. All stays as it was
   */
  async reload({ force = false }: { force?: boolean } = {}): Promise<void> {
    const text = this.roster.fileText();
    if (text === undefined) throw new DomainError('not_found', 'There is no ROSTER_FILE to read.');
    await this.takeOver();
    await this.makeListOfAll(text, force);
  }

  /** The pods go on by the list in force, rather than without one. */
  private async startWith(text: string): Promise<void> {
    try {
      await this.makeListOfAll(text, false);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'invalid_input') throw error;
      const fields = { code: 'roster_file_refused', ...failure(error) };
      this.logger.error(fields, 'ROSTER_FILE is not used, but the list in force');
    }
  }

  private async makeListOfAll(text: string, force: boolean): Promise<void> {
    const loss = this.roster.lossBy(text);
    if (!force && loss.lost > LOST_FEW && loss.lost > loss.students * LOST_SHARE) {
      this.refused = loss;
      throw new DomainError('invalid_input', refusalText(loss), { ...loss });
    }
    await this.publish(text);
    this.refused = undefined;
    await this.takeOver();
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
      await this.takeOver();
      this.trouble = '';
    } catch (error) {
      const trouble = errorText(error);
      if (trouble !== this.trouble) {
        this.logger.warn({ code: 'roster_away', ...failure(error) }, 'The roster is looked for later');
      }
      this.trouble = trouble;
    }
  }

  /** One after another: the list that is in force must not be overtaken by the one before. */
  private takeOver(): Promise<void> {
    const turn = this.turns.then(() => this.takeOverLatest());
    this.turns = turn.catch(() => undefined);
    return turn;
  }

  private async takeOverLatest(): Promise<void> {
    const [found] = await this.database.read((manager) =>
      manager.query<{ version: number; hash: string; content: Buffer }[]>(
        'SELECT version, hash, content FROM roster_version WHERE content IS NOT NULL AND version > ? ORDER BY version DESC LIMIT 1',
        [this.version],
      ),
    );
    if (found) {
      this.version = found.version;
      if (this.roster.text === undefined || hashOf(this.roster.text) !== found.hash) {
        this.roster.adopt((await promisify(gunzip)(found.content)).toString(), 'the list in the database');
        this.logger.log({ code: 'roster_adopted', students: this.roster.size }, 'A roster is in force');
      }
      this.isAligned = false;
      this.refused = undefined;
    }
    if (this.isAligned || this.version === 0) return;
    await this.students.bringInLine(this.roster.all());
    this.isAligned = true;
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const refusalText = ({ students, lost }: RosterLoss): string =>
  `By the roster file, ${lost} of the ${students} students who may register could not any more, and would lose their ` +
  'places: was it written to its end? If it is meant so, have it read with force (POST ' +
  '/api/operator/roster/reload?force=true).';
