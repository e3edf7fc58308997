import type { LineNotes } from '../student/place';

/** What a student was told of the line; nothing else is needed, so that k6 scripts can be judged, too. */
interface Noted extends LineNotes {
  readonly studentId: string;
  /** Gave the place back while waiting. */
  readonly leftOnPurpose?: boolean;
}

/** One place per student: one number each, another for everybody, the same in all tabs and after every return. */
export function numberProblems(students: readonly Noted[]): string[] {
  const owners = new Map<number, string>();
  const problems: string[] = [];
  for (const { studentId, numbers, admissions } of students) {
    const distinct = new Set([...numbers, ...admissions.map(({ number }) => number)]);
    if (distinct.size > 1) problems.push(`${studentId} was told several numbers: ${[...distinct].join(', ')}`);
    for (const number of distinct) {
      const owner = owners.get(number);
      if (owner !== undefined) problems.push(`number ${number} was given to ${owner} and to ${studentId}`);
      owners.set(number, studentId);
    }
  }
  return problems;
}

/** One text for each position that was higher than what the student could have seen before. */
export function positionRises(students: readonly Noted[]): string[] {
  return students.flatMap(risesOf);
}

/**
 * Within a tab, also over its reconnects and reloads, no position is higher than an earlier one. A tab that asks for the
 * place starts from the lowest that any tab of the student had been shown by then. Otherwise tabs are not compared: a
 * message to one may arrive after a later one to another. The number that a page moves on by itself may be ahead of what is
 * told next, and never rises either.
 */
function risesOf({ studentId, sights }: Noted): string[] {
  const lowest = new Map<number, number>();
  const moved = new Map<number, number>();
  const problems: string[] = [];
  let seen = Infinity;
  for (const sight of sights) {
    if (sight.kind === 'moved') {
      const last = moved.get(sight.tab) ?? Infinity;
      if (sight.position > last) problems.push(`${studentId} saw ${last} move up to ${sight.position}`);
      moved.set(sight.tab, sight.position);
      continue;
    }
    const before = lowest.get(sight.tab) ?? Infinity;
    if (sight.kind === 'asked') {
      lowest.set(sight.tab, Math.min(before, seen));
      continue;
    }
    if (sight.position > before) problems.push(`${studentId} was shown ${sight.position} after ${before}`);
    lowest.set(sight.tab, Math.min(before, sight.position));
    seen = Math.min(seen, sight.position);
  }
  return problems;
}

/** Everybody who came, and did not give the place back, got one, was let in and finished. */
export function lostStudents(students: readonly Noted[]): string[] {
  const stayed = students.filter(({ leftOnPurpose }) => !leftOnPurpose);
  return stayed.flatMap(({ studentId, numbers, admissions, ending }) => {
    if (ending?.kind === 'lost') return [`${studentId} was lost: ${ending.reason}`];
    if (numbers.length === 0) return [`${studentId} never got a place`];
    if (admissions.length === 0) return [`${studentId} was never let in`];
    return ending ? [] : [`${studentId} never finished`];
  });
}
