import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { CatalogueSearch } from '../../registration/catalogue/catalogue-search';
import { CatalogueService } from '../../registration/catalogue/catalogue.service';
import { EnrolmentEvents } from '../../registration/ports';
import type { SeatsLeftMessage } from '../../contract/seats';
import { FanOut } from '../fan-out/fan-out';
import { backlogOf, LiveSocket } from '../session';
import { EncodedMessage } from './encoded-message';
import { inTurns } from './in-turns';
import { addTo, removeFrom } from '../../common/collections';

type Seats = SeatsLeftMessage['seats'];

/** Least time between two `seats:left` to one socket, ms. */
const THROTTLE_MS = 500;
/** Packets a socket may have waiting before counts are held back; the newest are sent when it drains. */
const BACKLOG = 8;

interface Watch {
  readonly socket: LiveSocket;
  readonly termId: string;
  readonly sectionIds: ReadonlySet<string>;
  /** The newest counts that were not told yet. */
  held: Map<string, Seats[number]>;
}

/** Tells sockets how many seats are left in the sections they watch: at once, and then at most twice a second. */
@Injectable()
export class SeatsWatch implements OnModuleInit {
  private readonly logger = new Logger('Live');
  private readonly watches = new Map<LiveSocket, Watch>();
  private readonly watchers = new Map<string, Set<Watch>>();
  /** Who has counts to be told. */
  private pending = new Set<Watch>();
  private timer: NodeJS.Timeout | undefined;
  private isTelling = false;

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
    const watch = { socket, termId, sectionIds: new Set(sectionIds), held: new Map<string, Seats[number]>() };
    this.watches.set(socket, watch);
    for (const id of sectionIds) addTo(this.watchers, keyOf(termId, id), watch);
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
    for (const id of watch.sectionIds) removeFrom(this.watchers, keyOf(watch.termId, id), watch);
    this.watches.delete(socket);
    this.pending.delete(watch);
  }

  private take(termId: string, seats: Seats): void {
    for (const seat of seats) {
      for (const watch of this.watchers.get(keyOf(termId, seat[0])) ?? []) this.hold(watch, seat);
    }
    this.schedule();
  }

  private hold(watch: Watch, seat: Seats[number]): void {
    this.pending.add(watch);
    const known = watch.held.get(seat[0]);
    if (!known || known[2] < seat[2]) watch.held.set(seat[0], seat);
  }

  private schedule(): void {
    if (this.pending.size === 0 || this.isTelling) return;
    this.timer ??= setTimeout(() => void this.flush(), THROTTLE_MS);
  }

  /** Those who are told the same get it encoded once. */
  private async flush(): Promise<void> {
    const { pending } = this;
    this.pending = new Set();
    this.timer = undefined;
    this.isTelling = true;
    const messages = new Map<string, EncodedMessage>();
    await inTurns(pending, (watch) => this.tell(watch, messages), { logger: this.logger, what: 'Telling of seats' });
    this.isTelling = false;
    this.schedule();
  }

  private tell(watch: Watch, messages: Map<string, EncodedMessage>): void {
    const { socket, termId, held } = watch;
    if (this.watches.get(socket) !== watch) return;
    if (backlogOf(socket) > BACKLOG) return void this.pending.add(watch);
    watch.held = new Map();
    const seats = [...held.values()];
    const alike = keyOf(termId, seats.map(([id, , version]) => `${id}:${version}`).join());
    let message = messages.get(alike);
    if (!message) messages.set(alike, (message = EncodedMessage.of('seats:left', { termId, seats })));
    message.writeTo(socket);
  }
}

const keyOf = (termId: string, sectionId: string): string => `${termId}/${sectionId}`;
