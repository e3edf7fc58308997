import { Injectable, OnModuleInit } from '@nestjs/common';
import { type LineHistory, SAMPLE_MS } from '../../contract/operate/console';
import type { LineEvent } from '../../line/line-store';
import { LineService } from '../../line/line.service';
import type { LineListener, RoomLine } from '../../line/follower/room-line';
import { letsIn } from '../../room/room-state';
import { History } from './history';

/** A quarter of an hour. */
export const KEPT_SAMPLES = 450;

const NO_LEVELS = { waiting: 0, inside: 0, capacity: 0, rate: 0 };

type LineRow = typeof NO_LEVELS & { joined: number; admitted: number; noShows: number };

interface Followed {
  history: History<LineRow>;
  /** As they were last; a sample in which something happens before it is measured begins with them. */
  levels: typeof NO_LEVELS;
  /** What was counted already: after a gap events come again. */
  epoch: number;
  sequence: number;
}

/**
 * The last quarter of an hour of every line, as this pod heard it: every pod hears of everything, so each knows all of
 * them without asking another.
 */
@Injectable()
export class LineHistories implements OnModuleInit, LineListener {
  private readonly lines = new WeakMap<RoomLine, Followed>();

  constructor(private readonly service: LineService) {}

  onModuleInit(): void {
    this.service.listen(this);
  }

  onEvents(line: RoomLine, events: LineEvent[]): void {
    const followed = this.of(line);
    const epoch = line.ref?.epoch ?? 0;
    if (epoch !== followed.epoch) Object.assign(followed, { epoch, sequence: 0 });
    const now = this.nowOf(line);
    for (const event of events) {
      if (event.sequence <= followed.sequence) continue;
      followed.sequence = event.sequence;
      count(event, followed.history, now);
    }
  }

  /** Notes how long the lines are at this moment. */
  sample(): void {
    for (const line of this.service.all()) {
      if (line.hasEnded) continue;
      const { room, counts } = line;
      const now = this.nowOf(line);
      const moves = line.replica && letsIn({ ...room, recoveringUntil: 0 }, now);
      const rate = moves ? room.ratePerSecond : 0;
      const followed = this.of(line);
      followed.levels = { waiting: counts.waiting, inside: counts.inside, capacity: room.capacity, rate };
      // At the end of one sample, which is the beginning of the next.
      for (const at of [now - SAMPLE_MS / 2, now]) Object.assign(followed.history.row(at, now) ?? {}, followed.levels);
    }
  }

  /** By room; of each only what began at `since` (ms) or later. Lines without anything to say are left out. */
  read(since = 0): Record<string, LineHistory> {
    const histories: Record<string, LineHistory> = {};
    for (const line of this.service.all()) {
      const rows = this.lines.get(line)?.history.since(since) ?? [];
      if (rows.length > 0) histories[line.room.id] = columnsOf(rows);
    }
    return histories;
  }

  /** Takes over from another pod what was before this one began to listen. */
  learn(histories: Readonly<Record<string, LineHistory>>): void {
    for (const line of this.service.all()) {
      const told = histories[line.room.id];
      if (!told) continue;
      const { history } = this.of(line);
      const begun = history.all()[0]?.[0] ?? Infinity;
      const { at, ...figures } = told;
      const now = this.nowOf(line);
      at.forEach((began, index) => {
        const row = began < begun ? history.row(began, now) : undefined;
        const names = Object.keys(figures) as (keyof LineRow)[];
        if (row) for (const name of names) row[name] = figures[name][index] ?? 0;
      });
    }
  }

  private of(line: RoomLine): Followed {
    let followed = this.lines.get(line);
    if (!followed) {
      const begun: Followed = {
        history: new History(SAMPLE_MS, KEPT_SAMPLES, rowOf),
        levels: NO_LEVELS,
        epoch: 0,
        sequence: 0,
      };
      function rowOf(): LineRow {
        return { joined: 0, admitted: 0, noShows: 0, ...begun.levels };
      }
      followed = begun;
      this.lines.set(line, followed);
    }
    return followed;
  }

  /** By the clock of the line's store, as its events are timed. */
  private nowOf(line: RoomLine): number {
    return line.replica?.now() ?? Date.now();
  }
}

function count(event: LineEvent, history: History<LineRow>, now: number): void {
  const { type, at } = event;
  if (type === 'joined') add(history.row(at, now), 'joined');
  if (type === 'admitted') add(history.row(at, now), 'admitted');
  if (type === 'ended' && event.reason === 'no_show') add(history.row(at, now), 'noShows');
}

function add(row: LineRow | undefined, what: 'joined' | 'admitted' | 'noShows'): void {
  if (row) row[what] += 1;
}

function columnsOf(rows: [at: number, row: LineRow][]): LineHistory {
  const column = <Name extends keyof LineRow>(name: Name): number[] => rows.map(([, row]) => row[name]);
  return {
    at: rows.map(([at]) => at),
    ...{ joined: column('joined'), admitted: column('admitted'), noShows: column('noShows') },
    ...{ waiting: column('waiting'), inside: column('inside'), capacity: column('capacity'), rate: column('rate') },
  };
}
