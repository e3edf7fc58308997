import { Injectable, Logger, OnApplicationBootstrap, OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import type { Response } from 'express';
import { PollingLoop } from '../../common/polling-loop';
import { type ConsoleSnapshot, type ConsoleTick, type PodReport, SAMPLE_MS } from '../../contract/operate/console';
import type { RoomReport } from '../../contract/operate/rooms';
import { CatalogueService } from '../../registration/catalogue/catalogue.service';
import { type SeatStop, SeatStops } from '../../registration/operators/seat-stops';
import { Database } from '../../database/database';
import { RoomService } from '../../room/room.service';
import { RoomReports } from '../room-reports';
import { LineHistories } from './line-histories';
import { PodSamples } from './pod-samples';

const TICK_MS = 1_000;
/** Of the histories, each tick tells the latest samples again: what happened in them may be heard of a little late. */
const TOLD_AGAIN_MS = 3 * SAMPLE_MS;
/** When a browser comes back after the stream was cut, ms. */
const COME_BACK_MS = 1_000;
/** What may wait for a reader that is slow, bytes; beyond that it is cut, and comes back to a whole snapshot. */
const MOST_WAITING_BYTES = 4 * 1_024 * 1_024;
/** More consoles at once than any university has operators and screens. */
const MOST_STREAMS = 200;

interface Reader {
  response: Response;
  /** Whether the operator may still look. */
  isAllowed: () => boolean;
  /** What it was told last, by room, as JSON. */
  rooms: Map<string, string>;
  stops: string;
}

/** What one tick has to say, made once for all readers. */
interface Moment {
  serverTime: number;
  rooms: Map<string, { report: RoomReport; json: string }>;
  stops: { list: readonly SeatStop[]; json: string };
  pods: PodReport[];
}

/** Tells every open console what happens, once a second; a pod without any does nothing for it. */
@Injectable()
export class ConsoleStream implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly logger = new Logger('Console');
  private readonly readers = new Set<Reader>();
  private readonly ticking = new PollingLoop(
    () => Promise.resolve(this.tick()),
    (spentMs) => TICK_MS - spentMs,
  );

  constructor(
    private readonly rooms: RoomService,
    private readonly reports: RoomReports,
    private readonly lines: LineHistories,
    private readonly pods: PodSamples,
    private readonly stops: SeatStops,
    private readonly catalogue: CatalogueService,
    private readonly database: Database,
  ) {}

  onApplicationBootstrap(): void {
    this.ticking.start();
  }

  /** Before the drain waits for what is under way: a stream is never answered to its end. */
  onModuleDestroy(): void {
    for (const reader of this.readers) this.end(reader);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.ticking.stop();
  }

  /** Begins a stream, with everything. It ends when `isAllowed` says no. @returns whether there was room for it */
  async open(response: Response, isAllowed: () => boolean): Promise<boolean> {
    if (this.readers.size >= MOST_STREAMS) return false;
    const terms = await this.catalogue.terms(true).catch(() => []);
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // nginx would gather it otherwise.
      'X-Accel-Buffering': 'no',
    });
    response.write(`retry: ${COME_BACK_MS}\n\n`);
    const moment = this.moment();
    const reader: Reader = { response, isAllowed, rooms: new Map(), stops: moment.stops.json };
    for (const [id, { json }] of moment.rooms) reader.rooms.set(id, json);
    const snapshot: ConsoleSnapshot = {
      serverTime: moment.serverTime,
      rooms: [...moment.rooms.values()].map(({ report }) => report),
      terms: terms.map(({ id, name }) => ({ id, name })),
      stops: [...moment.stops.list],
      pods: moment.pods,
      lines: this.lines.read(),
      service: this.pods.read(),
    };
    send(response, 'snapshot', snapshot);
    this.readers.add(reader);
    response.on('close', () => this.readers.delete(reader));
    return true;
  }

  private tick(): void {
    if (this.readers.size === 0) return;
    const moment = this.moment();
    const since = moment.serverTime - TOLD_AGAIN_MS;
    const same = { pods: moment.pods, lines: this.lines.read(since), service: this.pods.read(since) };
    for (const reader of this.readers) {
      if (!reader.isAllowed()) this.end(reader);
      else if (reader.response.writableLength > MOST_WAITING_BYTES) this.cut(reader);
      else send(reader.response, 'tick', { serverTime: moment.serverTime, ...changesFor(reader, moment), ...same });
    }
  }

  private moment(): Moment {
    const rooms = this.rooms.list().map((room) => this.reports.of(room));
    const list = this.stops.all();
    return {
      serverTime: this.database.clock.now(),
      rooms: new Map(rooms.map((report) => [report.id, { report, json: JSON.stringify(report) }])),
      stops: { list, json: JSON.stringify(list) },
      pods: this.pods.pods(),
    };
  }

  private cut({ response }: Reader): void {
    this.logger.warn({ code: 'console_cut' }, 'A console that does not read was cut; it comes back by itself');
    response.destroy();
  }

  private end({ response }: Reader): void {
    response.end();
  }
}

function changesFor(reader: Reader, { rooms, stops }: Moment): Pick<ConsoleTick, 'rooms' | 'gone' | 'stops'> {
  const changed = [...rooms].filter(([id, { json }]) => reader.rooms.get(id) !== json);
  const gone = [...reader.rooms.keys()].filter((id) => !rooms.has(id));
  for (const [id, { json }] of changed) reader.rooms.set(id, json);
  for (const id of gone) reader.rooms.delete(id);
  const stopsChanged = reader.stops !== stops.json;
  reader.stops = stops.json;
  return {
    ...(changed.length > 0 && { rooms: changed.map(([, { report }]) => report) }),
    ...(gone.length > 0 && { gone }),
    ...(stopsChanged && { stops: [...stops.list] }),
  };
}

function send(response: Response, event: 'snapshot' | 'tick', data: ConsoleSnapshot | ConsoleTick): void {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
