import { Injectable } from '@nestjs/common';
import { addTo, removeFrom } from '../common/collections';
import { LineOrder } from './line-order';
import { Session, SessionPlace } from './session';

/** The sockets of this pod: by student, and by the rooms that they look at. */
@Injectable()
export class LiveSessions {
  private readonly byStudent = new Map<string, Set<Session>>();
  private readonly byRoom = new Map<string, Set<Session>>();
  private readonly orders = new Map<string, LineOrder>();

  get size(): number {
    let count = 0;
    for (const sessions of this.byStudent.values()) count += sessions.size;
    return count;
  }

  add(session: Session): void {
    addTo(this.byStudent, session.studentId, session);
  }

  remove(session: Session): void {
    removeFrom(this.byStudent, session.studentId, session);
    session.places.clear();
    for (const roomId of session.rooms) {
      removeFrom(this.byRoom, roomId, session);
      if (!this.byRoom.has(roomId)) this.orders.delete(roomId);
    }
  }

  /** How many sockets a student has on this pod. */
  countOf(studentId: string): number {
    return this.byStudent.get(studentId)?.size ?? 0;
  }

  /** The sockets of a student on this pod. */
  ofStudent(studentId: string): Session[] {
    return [...(this.byStudent.get(studentId) ?? [])];
  }

  /** The socket has asked for a place in the room, and hears of the room from now on, with a place or without. */
  watchRoom(session: Session, roomId: string): void {
    session.rooms.add(roomId);
    addTo(this.byRoom, roomId, session);
  }

  /** The socket has a place in the room from now on; one that it had there before is replaced. */
  givePlace(session: Session, place: SessionPlace): void {
    session.places.set(place.roomId, place);
    this.watchRoom(session, place.roomId);
    let order = this.orders.get(place.roomId);
    if (!order) this.orders.set(place.roomId, (order = new LineOrder()));
    order.add(session, place);
  }

  /** The places that this pod's sockets have in the room's line, from its front to its end; undefined: none so far. */
  order(roomId: string): LineOrder | undefined {
    return this.orders.get(roomId);
  }

  /** The place is over; the socket still looks at the room. */
  endPlace(session: Session, roomId: string): void {
    session.places.delete(roomId);
  }

  /** The student's sockets of this pod that have a place in the room. */
  withPlace(studentId: string, roomId: string): Session[] {
    return [...(this.byStudent.get(studentId) ?? [])].filter((session) => session.places.has(roomId));
  }

  /** Every socket of this pod that looks at the room, in the order in which they came. */
  inRoom(roomId: string): ReadonlySet<Session> {
    return this.byRoom.get(roomId) ?? new Set();
  }

  *all(): IterableIterator<Session> {
    for (const sessions of this.byStudent.values()) yield* sessions;
  }
}
