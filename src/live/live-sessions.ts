import { Injectable } from '@nestjs/common';
import { Session, SessionPlace } from './session';

/** The sockets of this pod: by student, and by the rooms they wait or are inside in. */
@Injectable()
export class LiveSessions {
  private readonly byStudent = new Map<string, Set<Session>>();
  private readonly byRoom = new Map<string, Set<Session>>();

  get size(): number {
    let count = 0;
    for (const sessions of this.byStudent.values()) count += sessions.size;
    return count;
  }

  add(session: Session): void {
    const sessions = this.byStudent.get(session.studentId);
    if (sessions) sessions.add(session);
    else this.byStudent.set(session.studentId, new Set([session]));
  }

  remove(session: Session): void {
    const sessions = this.byStudent.get(session.studentId);
    sessions?.delete(session);
    if (sessions?.size === 0) this.byStudent.delete(session.studentId);
    for (const roomId of session.places.keys()) this.byRoom.get(roomId)?.delete(session);
  }

  /** How many sockets a student has on this pod. */
  countOf(studentId: string): number {
    return this.byStudent.get(studentId)?.size ?? 0;
  }

  /** The sockets of a student on this pod. */
  ofStudent(studentId: string): Session[] {
    return [...(this.byStudent.get(studentId) ?? [])];
  }

  enter(session: Session, place: SessionPlace): void {
    session.places.set(place.roomId, place);
    const sessions = this.byRoom.get(place.roomId);
    if (sessions) sessions.add(session);
    else this.byRoom.set(place.roomId, new Set([session]));
  }

  exit(session: Session, roomId: string): void {
    session.places.delete(roomId);
    this.byRoom.get(roomId)?.delete(session);
  }

  /** The student's sockets of this pod that have a place in the room. */
  of(studentId: string, roomId: string): Session[] {
    return [...(this.byStudent.get(studentId) ?? [])].filter((session) => session.places.has(roomId));
  }

  /** Every socket of this pod with a place in the room, in the order in which they came. */
  inRoom(roomId: string): ReadonlySet<Session> {
    return this.byRoom.get(roomId) ?? new Set();
  }

  *all(): IterableIterator<Session> {
    for (const sessions of this.byStudent.values()) yield* sessions;
  }
}
