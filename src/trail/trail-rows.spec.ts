import type { LineEvent } from '../line/line-store';
import { fromTrailRow, isSameEvent, studentsOf, toTrailRow, type TrailRow } from './trail-rows';

const PSEUDONYMS = new Map([['kim', 'p1']]);
const rowOf = (event: LineEvent): TrailRow => toTrailRow('fall', 1, event, PSEUDONYMS);

const ADMITTED: LineEvent = { type: 'admitted', sequence: 4, at: 6, number: 2, studentId: 'kim', expiresAt: 90 };
/** The same as a pod sees it that does not know of admissions. */
const AS_UNKNOWN: LineEvent = {
  ...{ type: 'unknown', name: 'admitted', sequence: 4, at: 6 },
  fields: { number: '2', student: 'kim', expiresAt: '90' },
};
const NEWER: LineEvent = { ...AS_UNKNOWN, name: 'noted', fields: { number: '2', student: 'kim', note: 'by the door' } };

describe('an event that only newer pods know', () => {
  it('is in the trail, its student by pseudonym alone', () => {
    const row = rowOf(NEWER);
    expect(studentsOf([NEWER])).toEqual(['kim']);
    expect(row).toMatchObject({ sequence: 4, at: 6, type: 'noted', number: 2, student: 'p1' });
    expect(JSON.stringify(row)).toContain('by the door');
    expect(JSON.stringify(row)).not.toContain('kim');
  });

  it('is unknown when it is read again, with all that it says', () => {
    const fields = { number: '2', student: 'p1', note: 'by the door' };
    expect(fromTrailRow(rowOf(NEWER))).toEqual({ ...NEWER, fields });
  });

  it('is unknown, too, when a newer pod has written it', () => {
    const row = { ...rowOf(ADMITTED), type: 'noted', data: '{"note":"by the door"}' };
    expect(fromTrailRow(row)).toMatchObject({ type: 'unknown', name: 'noted', sequence: 4 });
  });

  it('is read as what it is once a pod knows it, though one wrote it that did not', () => {
    expect(fromTrailRow(rowOf(AS_UNKNOWN))).toEqual({ ...ADMITTED, studentId: 'p1' });
  });

  it('is the same event to pods of both versions, whichever wrote it', () => {
    const [known, unknown] = [rowOf(ADMITTED), rowOf(AS_UNKNOWN)];
    expect(isSameEvent(known, unknown)).toBe(true);
    expect(isSameEvent(unknown, known)).toBe(true);
    expect(isSameEvent({ ...unknown, number: 3 }, known)).toBe(false);
    expect(isSameEvent(rowOf({ ...ADMITTED, expiresAt: 91 }), known)).toBe(false);
  });
});
