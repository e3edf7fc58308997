import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { forEach } from '../../common/topic';
import { CatalogueSearch } from '../../registration/catalogue/catalogue-search';
import { CatalogueService } from '../../registration/catalogue/catalogue.service';
import { EnrolmentEvents } from '../../registration/ports';
import type { SeatsLeftMessage } from '../../contract/seats';
import { FanOut } from '../fan-out/fan-out';
import { backlogOf, LiveSocket } from '../session';
import { addTo, removeFrom } from '../../common/collections';

type Seats = SeatsLeftMessage['seats'];

/** Least time between two `seats:left` to one socket, ms. */
const THROTTLE_MS = 500;
/** Packets a socket may have waiting before counts are held back; the newest are sent when it drains. */
const BACKLOG = 8;

interface Watch {
  termId: string;
  sectionIds: ReadonlySet<string>;
}

/** Tells sockets how many seats are left in the sections they watch: at once, and then at most twice a second. */
@Injectable()
export class SeatsWatch implements OnModuleInit {
  private readonly logger = new Logger('Live');
  private readonly watches = new Map<LiveSocket, Watch>();
  private readonly watchers = new Map<string, Set<LiveSocket>>();
  /** The newest counts that were not told yet, per socket. */
  private readonly pending = new Map<LiveSocket, Map<string, Seats[number]>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly catalogue: CatalogueService,
    private readonly search: CatalogueSearch,
    private readonly changes: EnrolmentEvents,
    private readonly fanOut: FanOut,
  ) {}

  onModuleInit(): void {
    this.changes.subscribe(({ termId, sections }) => {
      const seats = sections.map(({ id, left, version, capacity }): Seats[number] => [id, left, version, capacity]);
      if (seats.length === 0) return;
      this.take(termId, seats);
      this.fanOut.tellPodsOfSeats(termId, seats);
    });
    this.fanOut.onSeatsChanged((termId, seats) => {
      this.catalogue.changed(termId);
      this.search.take(
        termId,
        seats.map(([id, left, version, capacity]) => ({ id, left, version, capacity })),
      );
      this.take(termId, seats);
    });
  }

  /**
   * Replaces what a socket watches. Resolves to what tells it the counts of now.
   *
   * @throws DomainError `database_unavailable`
   */
  async watch(socket: LiveSocket, termId: string, sectionIds: string[]): Promise<() => void> {
    this.forget(socket);
    if (sectionIds.length === 0) return () => undefined;
    this.watches.set(socket, { termId, sectionIds: new Set(sectionIds) });
    for (const id of sectionIds) addTo(this.watchers, keyOf(termId, id), socket);
    const counts = await this.catalogue.seatsLeft(termId, sectionIds);
    return () => {
      if (this.watches.get(socket)?.termId !== termId) return;
      socket.emit('seats:left', {
        termId,
        seats: counts.map(({ id, left, version, capacity }) => [id, left, version, capacity]),
      });
    };
  }

  forget(socket: LiveSocket): void {
    const watch = this.watches.get(socket);
    if (!watch) return;
    for (const id of watch.sectionIds) removeFrom(this.watchers, keyOf(watch.termId, id), socket);
    this.watches.delete(socket);
    this.pending.delete(socket);
  }

  private take(termId: string, seats: Seats): void {
    for (const seat of seats) {
      for (const socket of this.watchers.get(keyOf(termId, seat[0])) ?? []) this.hold(socket, seat);
    }
    if (this.pending.size === 0) return;
    this.timer ??= setTimeout(() => this.flush(), THROTTLE_MS);
  }

  private hold(socket: LiveSocket, seat: Seats[number]): void {
    let held = this.pending.get(socket);
    if (!held) {
      held = new Map<string, Seats[number]>();
      this.pending.set(socket, held);
    }
    const known = held.get(seat[0]);
    if (!known || known[2] < seat[2]) held.set(seat[0], seat);
  }

  private flush(): void {
    this.timer = undefined;
    forEach(this.logger, 'Telling of seats', this.pending, ([socket, held]) => {
      const watch = this.watches.get(socket);
      if (watch && backlogOf(socket) > BACKLOG) return;
      this.pending.delete(socket);
      if (watch) socket.emit('seats:left', { termId: watch.termId, seats: [...held.values()] });
    });
    if (this.pending.size > 0) this.timer = setTimeout(() => this.flush(), THROTTLE_MS);
  }
}

const keyOf = (termId: string, sectionId: string): string => `${termId}/${sectionId}`;
