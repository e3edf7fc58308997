import type { LineEvent } from '../line/line-store';
import type { TrailEntity } from './trail.entity';

/** A row of the trail as it is read and written: the entity's columns. */
export type TrailRow = Pick<TrailEntity, keyof TrailEntity>;

/** Stands for a person whose mapping was deleted. */
const FORGOTTEN = 'forgotten';

/** The students that events name. */
export function studentsOf(events: LineEvent[]): string[] {
  return [...new Set(events.flatMap((event) => ('studentId' in event ? [event.studentId] : [])))];
}

/**
 * One event as a row of the trail.
 *
 * @param pseudonyms by student id; whoever is not in it was forgotten, and stays so
 */
export function toTrailRow(
  roomId: string,
  epoch: number,
  event: LineEvent,
  pseudonyms: ReadonlyMap<string, string>,
): TrailRow {
  const { sequence, at, type, ...rest } = event;
  const { number = null, studentId, ...data } = rest as { number?: number; studentId?: string } & object;
  return {
    roomId,
    epoch,
    sequence,
    at,
    type,
    number,
    student: studentId === undefined ? null : (pseudonyms.get(studentId) ?? FORGOTTEN),
    data: Object.keys(data).length === 0 ? null : JSON.stringify(data),
  };
}

/** The event that a row of the trail records; `studentId` holds the pseudonym. */
export function fromTrailRow(row: TrailRow): LineEvent {
  return {
    sequence: row.sequence,
    at: row.at,
    type: row.type,
    ...(row.number === null ? {} : { number: row.number }),
    ...(row.student === null ? {} : { studentId: row.student }),
    ...((row.data === null ? {} : JSON.parse(row.data)) as object),
  } as LineEvent;
}
