import { Inject, Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { sleep } from '../common/clock';
import { errorText } from '../common/text';
import { Database } from '../database/database';
import { StudentDirectory } from '../identity/student-directory';
import { LineEvent, LineRef, LINE_STORE, LineStore } from '../line/line-store';
import { LineService } from '../line/line.service';
import type { LineListener, RoomLine } from '../line/room-line';
import { studentsOf, toTrailRow } from './trail-rows';
import { TrailEntity } from './trail.entity';
import { TRAIL_PROJECTIONS, TrailProjection } from './trail-projection';

/** Events in one transaction. */
const BATCH = 1_000;
/** Rows in one INSERT. */
const ROWS_PER_STATEMENT = 500;
/** Another pod that wrote last is trusted to go on for this long without progress, ms. */
const TAKE_OVER_MS = 1_000;
const RETRY_MS = 500;
/** How long a stopping pod tries to write what is left, ms. */
const LAST_WRITES_MS = 2_000;

/**
 * Takes the feed to the database. The pod that wrote last goes on writing; when it makes no progress any other takes
 * over, and nothing breaks if two write at once: rows are unique by (room, epoch, sequence).
 */
@Injectable()
export class TrailWriter implements LineListener, OnModuleInit {
  private readonly logger = new Logger('Trail');
  private readonly writing = new Map<RoomLine, Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly lines: LineService,
    @Inject(LINE_STORE) private readonly store: LineStore,
    private readonly database: Database,
    private readonly students: StudentDirectory,
    @Inject(TRAIL_PROJECTIONS) private readonly projections: TrailProjection[],
  ) {}

  onModuleInit(): void {
    this.lines.listen(this);
  }

  /** Writes what this pod has seen and is not written yet, as far as the database takes it, and ends. */
  async stop(): Promise<void> {
    const deadline = sleep(LAST_WRITES_MS).then(() => this.stopping.abort());
    await Promise.race([deadline, Promise.allSettled(this.writing.values())]);
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
    const run = this.catchUp(line).finally(() => this.writing.delete(line));
    this.writing.set(line, run);
  }

  private async catchUp(line: RoomLine): Promise<void> {
    while (line.ref && line.replica && line.durableSequence < line.replica.sequence) {
      if (!(await this.isMyTurn(line))) continue;
      try {
        await this.writeNext(line, line.ref);
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        this.logger.warn(`The trail of room ${line.room.id} waits: ${errorText(error)}`);
        await sleep(RETRY_MS * (0.5 + Math.random()), this.stopping.signal);
      }
    }
  }

  /** At once for the pod that wrote last; for the others when nothing has moved for a while. */
  private async isMyTurn(line: RoomLine): Promise<boolean> {
    if (line.isWriter() || line.durableBy === '') return true;
    const before = line.durableSequence;
    await sleep(TAKE_OVER_MS * (1 + Math.random()), this.stopping.signal);
    return !this.stopping.signal.aborted && line.durableSequence === before;
  }

  private async writeNext(line: RoomLine, ref: LineRef): Promise<void> {
    const { events } = await this.store.readFeed(ref, line.durableSequence, {
      limit: BATCH,
      waitMs: 0,
      knownDurable: line.durableSequence,
    });
    const last = events.at(-1);
    if (!last) return;
    await this.write(ref, events);
    await line.markDurable(last.sequence);
  }

  private async write(ref: LineRef, events: LineEvent[]): Promise<void> {
    await this.database.write(async (manager) => {
      const pseudonyms = await this.students.pseudonyms(manager, studentsOf(events));
      const rows = events.map((event) => toTrailRow(ref.roomId, ref.epoch, event, pseudonyms));
      for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
        const batch = rows.slice(start, start + ROWS_PER_STATEMENT);
        await manager.createQueryBuilder().insert().into(TrailEntity).values(batch).orIgnore().execute();
      }
      for (const projection of this.projections) await projection.apply(manager, ref, events);
    });
  }
}
