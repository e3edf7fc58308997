import { Injectable } from '@nestjs/common';
import type { Namespace } from 'socket.io';
import type { Adapter } from 'socket.io-adapter';
import { chunksOf } from '../../common/collections';
import { type Listener, Topic, type Unsubscribe } from '../../common/topic';
import type { SeatsLeftMessage } from '../../contract/seats';
import type { LiveServer, PodHistory, PodSample, StudentNews } from '../session';

/** Students in one message to the other pods: it holds up nobody's event loop. */
const STUDENTS_PER_MESSAGE = 1_000;

/** Makes socket.io's adapter for a namespace. */
export type MakeAdapter = (namespace: Namespace) => Adapter;

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
 * What crosses pods: news for all sockets of a student, changed seat counts, that a room has a newer version, that
 * sign-ins were ended, and what each pod says of itself for the console. Positions and admissions do not: each pod takes
 * them from the feed.
 *
 * Every message goes to every pod, which looks for the sockets itself: so what one turn of the event loop brings for
 * however many students is one message, and nothing is subscribed to for a student.
 */
@Injectable()
export class FanOut {
  private server: LiveServer | undefined;
  private readonly roomChanges = new Topic<[roomId: string, version: number]>('FanOut');
  private readonly signInEnds = new Topic<[]>('FanOut');
  private readonly seatChanges = new Topic<SeatsChanged>('FanOut');
  private readonly studentNews = new Topic<[news: readonly StudentNews[]]>('FanOut');
  /** What the other pods are told at the end of this turn. */
  private outgoing: StudentNews[] = [];
  private readonly podSamples = new Topic<[PodSample]>('FanOut');
  private readonly historyWishes = new Topic<[podId: string]>('FanOut');
  private readonly histories = new Topic<[podId: string, history: PodHistory]>('FanOut');

  constructor(private readonly adapter: FanOutAdapter) {}

  bind(server: LiveServer): void {
    this.server = server;
    if (this.adapter.create) server.adapter(this.adapter.create as never);
    server.on('room:changed', (roomId, version) => this.roomChanges.publish(roomId, version));
    server.on('sign-ins:ended', () => this.signInEnds.publish());
    server.on('seats:changed', (termId, seats) => this.seatChanges.publish(termId, seats));
    server.on('students:told', (news) => this.studentNews.publish(news));
    server.on('pod:sampled', (sample) => this.podSamples.publish(sample));
    server.on('history:wanted', (podId) => this.historyWishes.publish(podId));
    server.on('history:told', (podId, history) => this.histories.publish(podId, history));
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

  /** Calls `listener` with what another pod says of its last seconds. */
  onPodSampled(listener: Listener<[PodSample]>): Unsubscribe {
    return this.podSamples.subscribe(listener);
  }

  tellPodsOfSample(sample: PodSample): void {
    if (this.adapter.create && this.adapter.ready()) this.server?.serverSideEmit('pod:sampled', sample);
  }

  /** Calls `listener` when another pod, which has just started, wants to know the last minutes. */
  onHistoryWanted(listener: Listener<[podId: string]>): Unsubscribe {
    return this.historyWishes.subscribe(listener);
  }

  /** Calls `listener` with what a pod tells one that wanted to know the last minutes. */
  onHistoryTold(listener: Listener<[podId: string, history: PodHistory]>): Unsubscribe {
    return this.histories.subscribe(listener);
  }

  /** @returns whether there is another pod that could hear it */
  askPodsForHistory(podId: string): boolean {
    if (!this.adapter.create || !this.adapter.ready()) return false;
    this.server?.serverSideEmit('history:wanted', podId);
    return true;
  }

  tellPodHistory(podId: string, history: PodHistory): void {
    if (this.adapter.create && this.adapter.ready()) this.server?.serverSideEmit('history:told', podId, history);
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

  /** Calls `listener` with what students are told, by this pod and by others. */
  onStudentsTold(listener: Listener<[news: readonly StudentNews[]]>): Unsubscribe {
    return this.studentNews.subscribe(listener);
  }

  /** To all sockets of the students: on this pod at once; on the others, while they can be reached, with this turn's end. */
  tellStudents(news: readonly StudentNews[]): void {
    this.studentNews.publish(news);
    if (!this.adapter.create || news.length === 0) return;
    if (this.outgoing.length === 0) setImmediate(() => this.send());
    this.outgoing.push(...news);
  }

  private send(): void {
    const news = this.outgoing;
    this.outgoing = [];
    if (!this.adapter.ready()) return;
    for (const part of chunksOf(news, STUDENTS_PER_MESSAGE)) this.server?.serverSideEmit('students:told', part);
  }
}
