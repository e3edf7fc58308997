import { eventOf, isKnownType } from '../line/event-fields';
import type { LineEvent, UnknownEvent } from '../line/line-store';
import type { TrailEntity } from './trail.entity';

/** A row of the trail as it is read and written: the entity's columns. */
export type TrailRow = Pick<TrailEntity, keyof TrailEntity>;

/** Stands for a person whose mapping was deleted. */
const FORGOTTEN = 'forgotten';

/** Names what a pod wrote that did not know the event: its fields as the feed had them. */
const PASSED_ON = 'passedOn';
const PASSED_ON_START = `{"${PASSED_ON}":`;

/** The students that events name. */
export function studentsOf(events: LineEvent[]): string[] {
  return [...new Set(events.flatMap((event) => studentOf(event) ?? []))];
}

function studentOf(event: LineEvent): string | undefined {
  if (event.type === 'unknown') return event.fields.student;
  return 'studentId' in event ? event.studentId : undefined;
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
  const { sequence, at } = event;
  const { type, number, data } = event.type === 'unknown' ? passedOn(event) : columnsOf(event);
  const studentId = studentOf(event);
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

type Columns = Pick<TrailRow, 'type' | 'number'> & { data: object };

function columnsOf(event: Exclude<LineEvent, UnknownEvent>): Columns {
  const { sequence: _sequence, at: _at, type, ...rest } = event;
  const { number = null, studentId: _studentId, ...data } = rest as { number?: number; studentId?: string } & object;
  return { type, number, data };
}

/** The trail has every event, also those that only a newer pod can read: it finds them as the feed had them. */
function passedOn({ name, fields }: UnknownEvent): Columns {
  const { number, student: _student, ...rest } = fields;
  return { type: name, number: number === undefined ? null : Number(number), data: { [PASSED_ON]: rest } };
}

/**
 * Whether two pods, which may be of two versions, have read the same event. The student is left out: whoever was forgotten
 * in between has lost the pseudonym. So is what it says where one of them did not know how to read it.
 */
export function isSameEvent(row: TrailRow, other: TrailRow): boolean {
  return (
    row.sequence === other.sequence &&
    row.at === other.at &&
    row.type === other.type &&
    row.number === other.number &&
    (row.data === other.data || [row, other].some(({ data }) => data?.startsWith(PASSED_ON_START)))
  );
}

/** The event that a row of the trail records; `studentId` holds the pseudonym. One of a newer version is `unknown`. */
export function fromTrailRow({ sequence, at, type, number, student, data }: TrailRow): LineEvent {
  const said = (data === null ? {} : JSON.parse(data)) as Record<string, unknown>;
  if (PASSED_ON in said || !isKnownType(type)) {
    const fields = (said[PASSED_ON] ?? {}) as Record<string, string>;
    const place = { ...(number !== null && { number: String(number) }), ...(student !== null && { student }) };
    return eventOf(sequence, { ...fields, ...place, type, at: String(at) });
  }
  const place = { ...(number !== null && { number }), ...(student !== null && { studentId: student }) };
  return { sequence, at, type, ...place, ...said } as LineEvent;
}
