import type { LineEvent } from '../line/line-store';
import { emptyLine, foldEvent } from './fold';
import { fromTrailRow, studentsOf, toTrailRow } from './trail-rows';

const joined = (number: number, student = `p${number}`): LineEvent => ({
  sequence: number,
  at: 1_000 + number,
  type: 'joined',
  number,
  studentId: student,
  ticketEpoch: 1,
});

function folded(events: LineEvent[]): ReturnType<typeof emptyLine> {
  const line = emptyLine();
  for (const event of events) foldEvent(line, 1, event);
  return line;
}

describe('folding the trail', () => {
  it('keeps who waits, in the order of their numbers', () => {
    const line = folded([joined(1), joined(2), joined(3)]);
    expect([...line.tickets.values()].map(({ number, state }) => [number, state])).toEqual([
      [1, 'waiting'],
      [2, 'waiting'],
      [3, 'waiting'],
    ]);
  });

  it('remembers the highest number even when nobody is left', () => {
    const line = folded([joined(7), { sequence: 8, at: 2, type: 'ended', number: 7, studentId: 'p7', reason: 'left' }]);
    expect(line.tickets.size).toBe(0);
    expect(line.highestNumber).toBe(7);
  });

  it('keeps those inside with their expiry and whether they acknowledged', () => {
    const line = folded([
      joined(1),
      { sequence: 2, at: 5, type: 'admitted', number: 1, studentId: 'p1', expiresAt: 99 },
      { sequence: 3, at: 6, type: 'acknowledged', number: 1, studentId: 'p1' },
    ]);
    expect(line.tickets.get(1)).toMatchObject({ state: 'admitted', expiresAt: 99, acknowledged: true });
  });

  it('leaves places alone when students go away and come back', () => {
    const line = folded([
      joined(1),
      { sequence: 2, at: 5, type: 'away', number: 1, studentId: 'p1' },
      { sequence: 3, at: 6, type: 'back', number: 1, studentId: 'p1' },
    ]);
    expect(line.tickets.get(1)?.state).toBe('waiting');
  });
});

describe('folding an epoch that begins with a checkpoint', () => {
  it('does not forget that somebody is inside when only the first of the repeated events was kept', () => {
    const line = folded([]);
    const inside = { student: 'p1', number: 1, ticketEpoch: 1, joinedAt: 5, expiresAt: 99, acknowledged: true };
    line.tickets.set(1, { ...inside, state: 'admitted' });
    foldEvent(line, 2, joined(1));
    expect(line.tickets.get(1)).toMatchObject({ state: 'admitted', joinedAt: 5 });
  });
});

describe('rows of the trail', () => {
  const act = { operator: 'kim', note: 'accommodation' };
  const events: LineEvent[] = [
    joined(1, 's1'),
    { sequence: 2, at: 5, type: 'admitted', number: 1, studentId: 's1', expiresAt: 99, act },
    { sequence: 3, at: 6, type: 'opened' },
    { sequence: 4, at: 7, type: 'ended', number: 1, studentId: 's1', reason: 'finished' },
  ];

  it('name students by pseudonym only', () => {
    const rows = events.map((event) => toTrailRow('r', 1, event, new Map([['s1', 'pseudo']])));
    expect(JSON.stringify(rows)).not.toContain('s1');
    expect(rows.map(({ student }) => student)).toEqual(['pseudo', 'pseudo', null, 'pseudo']);
  });

  it('give back the event that they record', () => {
    const names = new Map([['s1', 's1']]);
    expect(events.map((event) => fromTrailRow(toTrailRow('r', 1, event, names)))).toEqual(events);
  });

  it('go on for a person who was forgotten, without a name', () => {
    expect(toTrailRow('r', 1, joined(1, 'nobody'), new Map())).toMatchObject({ number: 1, student: 'forgotten' });
  });

  it('name each student once', () => {
    expect(studentsOf(events)).toEqual(['s1']);
  });
});
