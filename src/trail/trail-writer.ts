import { Inject, Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { jittered, sleep } from '../common/clock';
import { endsWithin } from '../common/deadline';
import { DomainError } from '../common/domain-error';
import { errorText } from '../common/text';
import { Database } from '../database/database';
import { StudentDirectory } from '../identity/student-directory';
import type { LineEvent, LineRef } from '../line/line-store';
import { LineService } from '../line/line.service';
import type { LineListener, RoomLine } from '../line/follower/room-line';
import { studentsOf, toTrailRow } from './trail-rows';
import { TRAIL_PROJECTIONS, TrailProjection } from './trail-ports';
import { holdEpoch, TrailForkError, writeRows } from './trail-table';

/** Events in one transaction. */
const BATCH = 1_000;
/** Another pod that wrote last is trusted to go on for this long without progress, ms. */
const TAKE_OVER_MS = 1_000;
const RETRY_MS = 500;
/** Pause when another pod has just written everything, until this one hears of it, ms. */
const NOTHING_YET_MS = 50;
/** How long a stopping pod tries to write what is left, ms. */
const LAST_WRITES_MS = 2_000;

/**
 * Takes the feed to the database. The pod that wrote last goes on writing; when it makes no progress any other takes
 * over, and nothing breaks if two write at once: rows are unique by (room, epoch, sequence). Should the trail know
 * another event under a sequence than the feed gives, the store has lost its tail, and the line is told so.
 */
@Injectable()
export class TrailWriter implements LineListener, OnModuleInit {
  private readonly logger = new Logger('Trail');
  /** What each trail waits for, as it was last said. */
  private readonly troubles = new WeakMap<RoomLine, string>();
  private readonly writing = new Map<RoomLine, Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly lines: LineService,
    private readonly database: Database,
    private readonly students: StudentDirectory,
    @Inject(TRAIL_PROJECTIONS) private readonly projections: TrailProjection[],
  ) {}

  onModuleInit(): void {
    this.lines.listen(this);
  }

  /** Writes what this pod has seen and is not written yet, as far as the database takes it, and ends. */
  async stop(): Promise<void> {
    await endsWithin(Promise.allSettled(this.writing.values()), LAST_WRITES_MS);
    this.stopping.abort();
    await Promise.allSettled(this.writing.values());
  }

  onEvents(line: RoomLine): void {
    this.wake(line);
  }

  onState(line: RoomLine): void {
    if (line.available) this.wake(line);
  }

  private wake(line: RoomLine): void {
    if (this.writing.has(line) || this.stopping.signal.aborted) return;
    const run = this.catchUp(line)
      .catch((error: unknown) => this.report(line, errorText(error)))
      .finally(() => this.writing.delete(line));
    this.writing.set(line, run);
  }

  private async catchUp(line: RoomLine): Promise<void> {
    while (!this.stopping.signal.aborted && this.isBehind(line)) {
      if (!(await this.isMyTurn(line))) continue;
      try {
        await this.writeNext(line);
        this.troubles.delete(line);
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        this.report(line, errorText(error));
        await sleep(jittered(RETRY_MS), this.stopping.signal);
      }
    }
  }

  /** Of a room that was put away the trail has it all, even where nobody said so any more. */
  private isBehind(line: RoomLine): boolean {
    return this.lines.isFollowed(line) && line.replica !== undefined && line.durableSequence < line.replica.sequence;
  }

  /** Once for each kind of trouble in a row. */
  private report(line: RoomLine, trouble: string): void {
    if (this.troubles.get(line) === trouble) return;
    this.troubles.set(line, trouble);
    this.logger.warn({ code: 'trail_waits', room: line.room.id, reason: trouble }, 'The trail of a room waits');
  }

  /** At once for the pod that wrote last; for the others when nothing has moved for a while. */
  private async isMyTurn(line: RoomLine): Promise<boolean> {
    if (line.isWriter() || line.durableBy === '') return true;
    const before = line.durableSequence;
    await sleep(TAKE_OVER_MS * (1 + Math.random()), this.stopping.signal);
    return !this.stopping.signal.aborted && line.durableSequence === before;
  }

  private async writeNext(line: RoomLine): Promise<void> {
    const { ref, events } = await line.readPending(BATCH);
    const last = events.at(-1);
    if (!last) return sleep(NOTHING_YET_MS, this.stopping.signal);
    try {
      await this.write(ref, events);
    } catch (error) {
      if (error instanceof TrailForkError) line.doubt(ref, { lost: true });
      else if (error instanceof DomainError && error.code === 'line_recovering') line.doubt(ref);
      throw error;
    }
    await line.markDurable(ref, last.sequence);
  }

  private async write(ref: LineRef, events: LineEvent[]): Promise<void> {
    await this.database.write(async (manager) => {
      await holdEpoch(this.database, manager, ref);
      const pseudonyms = await this.students.pseudonyms(manager, studentsOf(events));
      const rows = events.map((event) => toTrailRow(ref.roomId, ref.epoch, event, pseudonyms));
      await writeRows(manager, ref, rows);
      for (const projection of this.projections) await projection.apply(manager, ref, events);
    });
  }
}
