import { Logger } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { RosterLoss } from '../contract/identity';
import { jittered } from '../common/clock';
import { DomainError } from '../common/domain-error';
import { PollingLoop } from '../common/polling-loop';
import { errorText, failure } from '../common/text';
import type { Database } from '../database/database';
import { isDuplicateKey } from '../database/database-error';
import type { Roster } from './roster';
import type { StudentDirectory } from './student-directory';

/** How often a pod looks for a list that another one has read, ms. */
const LOOK_MS = 1_000;
/** The same after one that it could not read: reading it all costs the others on the pod a moment each time, ms. */
const UNREADABLE_MS = 10_000;
/** How often a pod sees to the rows of students, which costs nothing while they are in line, ms. */
const ALIGN_MS = 200;
/** How long pods leave the rows of students to the one that read the list, on average: then there is nothing to do, ms. */
const OTHERS_ALIGN_MS = 20_000;

/**
 * A file that takes the right to register from more than these at once is taken for one that was not written to its end,
 * or is another term's: a tenth of those who have it, and more than a handful.
 */
const LOST_SHARE = 0.1;
const LOST_FEW = 10;

interface StoredList {
  version: number;
  hash: string;
  content: Buffer;
}

/**
 * Keeps the roster of all pods the same: the database holds the list that was read last, and every pod takes it over
 * within a second. SIGHUP or an operator's call on any pod, or a start with a file that was never read before, makes a
 * file the list of all, unless that would cost many their places: then it must be forced. A pod that starts with a file
 * that was the list once is behind the others, and takes over theirs. What a file would cost is judged by the list in
 * force: a pod that cannot read that one judges, and publishes, nothing.
 *
 * What a list says of students counts at once; the rows of those who have signed in before are brought in line in the
 * background.
 */
export class RosterKeeper {
  private readonly logger = new Logger('Roster');
  private readonly looking = new PollingLoop(
    () => this.look(),
    () => this.lookAgainMs,
  );
  private readonly aligning = new PollingLoop(
    (signal) => this.align(signal),
    () => ALIGN_MS,
  );
  private lookAgainMs = LOOK_MS;
  /** The list that this pod goes by; 0 while it goes by its own file, since none is in force. */
  private version = 0;
  private alignedTo = 0;
  /** When it is this pod's turn to bring rows in line, by `performance.now()`, ms. */
  private alignAt = 0;
  private turns: Promise<unknown> = Promise.resolve();
  private readonly troubles = { look: '', align: '' };
  /** What the file that this pod read last would have done, when it was refused for that. */
  refused?: RosterLoss;

  constructor(
    private readonly roster: Roster,
    private readonly database: Database,
    private readonly students: StudentDirectory,
    private readonly othersAlignMs = () => jittered(OTHERS_ALIGN_MS),
  ) {}

  /**
   * @throws DomainError `database_unavailable`; `conflict` when the list in force cannot be read here: by its own file
   * alone the pod would turn away those who are in the list
   */
  async start(): Promise<void> {
    const { text } = this.roster;
    if (text === undefined) return;
    const known = await this.everInForce();
    await this.takeOverReadably().catch((error: unknown) => {
      this.logger.error({ code: 'roster_unknown', ...failure(error) }, 'The roster in force is not known: no start');
      throw error;
    });
    if (!known.includes(hashOf(text))) await this.startWith(text);
    else if (!this.goesBy(text))
      this.logger.warn({ code: 'roster_file_older' }, 'ROSTER_FILE is older than the list in force, which is used');
    this.looking.start();
    this.aligning.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.looking.stop(), this.aligning.stop()]);
  }

  /**
   * Makes the file the list of all pods.
   *
   * @param force also when that takes the right to register from many
   * @throws RosterError; DomainError `invalid_input` when it would and is not forced, with `students` and `lost`;
   * `not_found` where there is no file; `conflict` as `start`; `database_unavailable`. All stays as it was
   */
  async reload({ force = false }: { force?: boolean } = {}): Promise<void> {
    const text = this.roster.fileText();
    if (text === undefined) throw new DomainError('not_found', 'There is no ROSTER_FILE to read.');
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
    const content = await promisify(gzip)(text);
    for (;;) {
      await this.takeOverReadably();
      // Which list it is judged by, and follows: no other may come in between.
      const version = this.version + 1;
      const isInForce = this.version > 0 && this.goesBy(text);
      if (!isInForce) {
        this.judge(text, force);
        if (!(await this.publish({ version, hash: hashOf(text), content }))) continue;
        this.goBy(version, text);
        // The rows are this pod's work.
        this.alignAt = 0;
      }
      this.refused = undefined;
      return;
    }
  }

  private judge(text: string, force: boolean): void {
    const loss = this.roster.lossBy(text);
    if (force || loss.lost <= LOST_FEW || loss.lost <= loss.students * LOST_SHARE) return;
    this.refused = loss;
    throw new DomainError('invalid_input', refusalText(loss), { ...loss });
  }

  /** Resolves to false when another pod was first: the list that was read last counts. */
  private async publish({ version, hash, content }: StoredList): Promise<boolean> {
    try {
      await this.database.write(async (manager) => {
        const at = await this.database.now(manager);
        const row = [version, hash, content, at];
        await manager.query('INSERT INTO roster_version (version, hash, content, loaded_at) VALUES (?, ?, ?, ?)', row);
        // Whoever was on an older list need not be remembered.
        await manager.query('UPDATE roster_version SET content = NULL WHERE version < ?', [version]);
      });
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return false;
    }
  }

  /** The hashes of all lists that ever were. */
  private async everInForce(): Promise<string[]> {
    const rows = await this.database.read((manager) =>
      manager.query<{ hash: string }[]>('SELECT hash FROM roster_version ORDER BY version'),
    );
    return rows.map(({ hash }) => hash);
  }

  private goesBy(text: string): boolean {
    return this.roster.text !== undefined && hashOf(this.roster.text) === hashOf(text);
  }

  private async look(): Promise<void> {
    try {
      await this.takeOver();
      this.troubles.look = '';
      this.lookAgainMs = LOOK_MS;
    } catch (error) {
      const isAway = error instanceof DomainError;
      this.lookAgainMs = isAway ? LOOK_MS : UNREADABLE_MS;
      if (isAway) this.complain('look', 'roster_away', 'The roster is looked for later', error);
      else this.complain('look', 'roster_unreadable', 'This pod goes by an older roster than the one in force', error);
    }
  }

  /** As `takeOver`, for who needs the list in force. @throws DomainError `database_unavailable`, `conflict` */
  private async takeOverReadably(): Promise<void> {
    try {
      await this.takeOver();
    } catch (error) {
      if (error instanceof DomainError) throw error;
      const message =
        'This pod cannot read the roster that is in force, so that it can judge no other by it. What CLASS_YEARS said ' +
        `when it was read has to be there until another is in force. ${errorText(error)}`;
      throw new DomainError('conflict', message, { reason: 'roster_unreadable' }, { cause: error });
    }
  }

  /** One after another: the list that is in force must not be overtaken by the one before. */
  private takeOver(): Promise<void> {
    const turn = this.turns.then(() => this.takeOverLatest());
    this.turns = turn.catch(() => undefined);
    return turn;
  }

  /** @throws RosterError, or another of what is stored; DomainError `database_unavailable`; then it is tried again */
  private async takeOverLatest(): Promise<void> {
    const [found] = await this.database.read((manager) =>
      manager.query<StoredList[]>(
        'SELECT version, hash, content FROM roster_version WHERE content IS NOT NULL AND version > ? ORDER BY version DESC LIMIT 1',
        [this.version],
      ),
    );
    if (!found) return;
    const text = (await promisify(gunzip)(found.content)).toString();
    if (found.version <= this.version) return;
    this.goBy(found.version, text);
    this.alignAt = performance.now() + this.othersAlignMs();
    this.refused = undefined;
  }

  /** @throws RosterError, and then goes by what it did */
  private goBy(version: number, text: string): void {
    if (version <= this.version) return;
    if (!this.goesBy(text)) {
      this.roster.adopt(text, 'in the database');
      this.logger.log({ code: 'roster_adopted', students: this.roster.size }, 'A roster is in force');
    }
    this.version = version;
  }

  private async align(signal: AbortSignal): Promise<void> {
    const { version } = this;
    if (version === this.alignedTo || performance.now() < this.alignAt) return;
    try {
      // A list that came meanwhile says what counts.
      const goOn = (): boolean => !signal.aborted && this.version === version;
      if (await this.students.bringInLine(this.roster.all(), goOn)) this.alignedTo = version;
      this.troubles.align = '';
    } catch (error) {
      this.complain('align', 'roster_rows_behind', 'What the roster says of known students is written later', error);
    }
  }

  /** Says what is wrong once, until it is over or something else is. */
  private complain(what: 'look' | 'align', code: string, words: string, error: unknown): void {
    const trouble = errorText(error);
    if (trouble !== this.troubles[what]) this.logger.warn({ code, ...failure(error) }, words);
    this.troubles[what] = trouble;
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const refusalText = ({ students, lost }: RosterLoss): string =>
  `By the roster file, ${lost} of the ${students} students who may register could not any more, and would lose their ` +
  'places: was it written to its end? If it is meant so, have it read with force (POST ' +
  '/api/operator/roster/reload?force=true).';
