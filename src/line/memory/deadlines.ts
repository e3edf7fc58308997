interface Deadline {
  at: number;
  studentId: string;
}

const before = (a: Deadline, b: Deadline): boolean => a.at < b.at || (a.at === b.at && a.studentId < b.studentId);

/** When whose time is over: students in order of their deadline, then of their id, as in a Redis sorted set. */
export class Deadlines {
  private readonly ordered: Deadline[] = [];
  private readonly byStudent = new Map<string, Deadline>();

  get size(): number {
    return this.ordered.length;
  }

  set(studentId: string, at: number): void {
    this.delete(studentId);
    const deadline = { at, studentId };
    this.byStudent.set(studentId, deadline);
    this.ordered.splice(this.indexOf(deadline), 0, deadline);
  }

  delete(studentId: string): void {
    const deadline = this.byStudent.get(studentId);
    if (!deadline) return;
    this.byStudent.delete(studentId);
    this.ordered.splice(this.indexOf(deadline), 1);
  }

  /** At most `limit` students whose deadline is not after `at`, the earliest first. */
  due(at: number, limit: number): string[] {
    const students: string[] = [];
    for (const deadline of this.ordered) {
      if (deadline.at > at || students.length === limit) break;
      students.push(deadline.studentId);
    }
    return students;
  }

  /** At most `limit` students whose deadline is `at` or later, the earliest first. */
  from(at: number, limit: number): string[] {
    const start = this.indexOf({ at, studentId: '' });
    return this.ordered.slice(start, start + limit).map(({ studentId }) => studentId);
  }

  /** Index of the first deadline that is not before the given one. */
  private indexOf(deadline: Deadline): number {
    let low = 0;
    let high = this.ordered.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (before(this.ordered[middle]!, deadline)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
