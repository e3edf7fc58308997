import type { SocketRef } from '../line-store';

/** The live sockets of every ticket, by student and by pod. */
export class Sockets {
  private readonly byStudent = new Map<string, SocketRef[]>();
  private readonly byPod = new Map<string, Set<string>>();

  count(studentId: string): number {
    return this.byStudent.get(studentId)?.length ?? 0;
  }

  has(studentId: string, { podId, socketId }: SocketRef): boolean {
    return this.byStudent.get(studentId)?.some((held) => held.podId === podId && held.socketId === socketId) ?? false;
  }

  attach(studentId: string, socket: SocketRef): void {
    this.byStudent.set(studentId, [...(this.byStudent.get(studentId) ?? []), { ...socket }]);
    const students = this.byPod.get(socket.podId) ?? new Set();
    this.byPod.set(socket.podId, students.add(studentId));
  }

  detach(studentId: string, { podId, socketId }: SocketRef): void {
    this.keep(studentId, podId, (held) => held.podId !== podId || held.socketId !== socketId);
  }

  detachPod(studentId: string, podId: string): void {
    this.keep(studentId, podId, (held) => held.podId !== podId);
  }

  forget(studentId: string): void {
    for (const { podId } of this.byStudent.get(studentId) ?? []) this.dropFromPod(podId, studentId);
    this.byStudent.delete(studentId);
  }

  /** At most `limit` students with sockets on a pod, in order of their ids. */
  studentsOf(podId: string, limit: number): string[] {
    return [...(this.byPod.get(podId) ?? [])].sort().slice(0, limit);
  }

  private keep(studentId: string, podId: string, wanted: (socket: SocketRef) => boolean): void {
    const left = (this.byStudent.get(studentId) ?? []).filter(wanted);
    if (left.length > 0) this.byStudent.set(studentId, left);
    else this.byStudent.delete(studentId);
    if (!left.some((socket) => socket.podId === podId)) this.dropFromPod(podId, studentId);
  }

  private dropFromPod(podId: string, studentId: string): void {
    const students = this.byPod.get(podId);
    students?.delete(studentId);
    if (students?.size === 0) this.byPod.delete(podId);
  }
}
