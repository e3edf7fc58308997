import { Injectable } from '@nestjs/common';
import type { Namespace } from 'socket.io';
import type { Adapter } from 'socket.io-adapter';
import { type Listener, Topic, type Unsubscribe } from '../../common/topic';
import type { CartChangedMessage, EnrolmentChangedMessage, SeatsLeftMessage } from '../../contract/seats';
import type { LiveServer } from '../session';

/** Makes socket.io's adapter for a namespace. */
export type MakeAdapter = (namespace: Namespace) => Adapter;

/** What all sockets of one student are told alike. */
export interface StudentNews {
  'enrolment:changed': EnrolmentChangedMessage;
  'cart:changed': CartChangedMessage;
}

type SeatsChanged = [termId: string, seats: SeatsLeftMessage['seats']];

/** The way between pods. */
export abstract class FanOutAdapter {
  /** Undefined: there is only this pod. */
  abstract readonly create: MakeAdapter | undefined;
  /** Whether other pods can be reached right now. */
  abstract ready(): boolean;
}

/** There is only this pod. */
export class SinglePod extends FanOutAdapter {
  readonly create = undefined;

  ready(): boolean {
    return true;
  }
}

/**
 * What crosses pods: news for all sockets of one student, changed seat counts, that a room has a newer version, and that
 * sign-ins were ended. Positions and admissions do not: each pod takes them from the feed.
 */
@Injectable()
export class FanOut {
  private server: LiveServer | undefined;
  private readonly roomChanges = new Topic<[roomId: string, version: number]>('FanOut');
  private readonly signInEnds = new Topic<[]>('FanOut');
  private readonly seatChanges = new Topic<SeatsChanged>('FanOut');

  constructor(private readonly adapter: FanOutAdapter) {}

  bind(server: LiveServer): void {
    this.server = server;
    if (this.adapter.create) server.adapter(this.adapter.create as never);
    server.on('room:changed', (roomId, version) => this.roomChanges.publish(roomId, version));
    server.on('sign-ins:ended', () => this.signInEnds.publish());
    server.on('seats:changed', (termId, seats) => this.seatChanges.publish(termId, seats));
  }

  /** Calls `listener` with changed seat counts of other pods. */
  onSeatsChanged(listener: Listener<SeatsChanged>): Unsubscribe {
    return this.seatChanges.subscribe(listener);
  }

  /** Calls `listener` when another pod knows a version of a room. */
  onRoomChanged(listener: Listener<[roomId: string, version: number]>): Unsubscribe {
    return this.roomChanges.subscribe(listener);
  }

  /** Calls `listener` when another pod has ended sign-ins. */
  onSignInsEnded(listener: Listener<[]>): Unsubscribe {
    return this.signInEnds.subscribe(listener);
  }

  tellPodsOfSignIns(): void {
    if (this.adapter.create && this.adapter.ready()) this.server?.serverSideEmit('sign-ins:ended');
  }

  tellPodsOfRoom(roomId: string, version: number): void {
    if (this.adapter.create && this.adapter.ready()) this.server?.serverSideEmit('room:changed', roomId, version);
  }

  tellPodsOfSeats(termId: string, seats: SeatsLeftMessage['seats']): void {
    if (this.adapter.create && this.adapter.ready()) this.server?.serverSideEmit('seats:changed', termId, seats);
  }

  /** To all sockets of a student, on all pods; while other pods cannot be reached, on this one. */
  tellStudent<News extends keyof StudentNews>(studentId: string, news: News, message: StudentNews[News]): void {
    const target = this.adapter.ready() ? this.server : this.server?.local;
    const sockets = target?.to(studentRoom(studentId));
    (sockets as { emit(news: News, message: StudentNews[News]): boolean } | undefined)?.emit(news, message);
  }
}

/** The socket.io room of all sockets of one student. */
export function studentRoom(studentId: string): string {
  return `student:${studentId}`;
}
