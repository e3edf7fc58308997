import type { LineEvent } from '../../../src/line/line-store';
import { answer, cleanRound, idOf } from './clean-round';
import { ALL_PROMISES, judgeRound, type Promised } from './judge';
import type { RoundRecord } from './record';

type Student = RoundRecord['students'][number];

const promises = (record: RoundRecord): Promised[] => judgeRound(record).map(({ promise }) => promise);

const student = ({ students }: RoundRecord, number: number): Student => students[number - 1] as Student;

const eventsOf = ({ epochs }: RoundRecord): LineEvent[] => [...(epochs[0]?.events ?? [])];

/** Leaves one row, one event out. */
const without = <T>(items: readonly T[], isIt: (item: T) => boolean): T[] => items.filter((item) => !isIt(item));

/** A bug of the service: what it does to a round in which all was well, and the promise that it breaks. */
const BUGS: [bug: string, promise: Promised, plant: (record: RoundRecord) => RoundRecord | void][] = [
  [
    'an overtake that the students can see',
    'no overtakes, as the students saw it',
    (record) => {
      const [third, fourth] = [student(record, 3), student(record, 4)];
      const [seen] = third.admissions;
      third.admissions.splice(0, 1, { ...fourth.admissions[0]!, number: 3 });
      fourth.admissions.splice(0, 1, { ...seen!, number: 4 });
    },
  ],
  [
    'an overtake in the trail',
    'a fair line, by the trail',
    (record) => {
      for (const event of eventsOf(record)) {
        if (event.type !== 'admitted' || ![3, 4].includes(event.number)) continue;
        const other = event.number === 3 ? 4 : 3;
        Object.assign(event, { number: other, studentId: `pseudonym of ${idOf(other)}` });
      }
    },
  ],
  [
    'an event that the trail has lost',
    'a fair line, by the trail',
    (record) => ({
      ...record,
      epochs: [{ ...record.epochs[0]!, events: without(eventsOf(record), ({ sequence }) => sequence === 5) }],
    }),
  ],
  [
    'a number given to two students',
    'one number for each student',
    (record) => void (student(record, 5).numbers[0] = 4),
  ],
  [
    'another number after a loss',
    'one number for each student',
    (record) => void student(record, 5).numbers.push(100_007),
  ],
  [
    'a position that rises',
    'no position ever rises',
    (record) => void student(record, 4).sights.push({ kind: 'shown', tab: 0, position: 2 }),
  ],
  [
    'a position that rises with a reconnect',
    'no position ever rises',
    (record) => void student(record, 4).sights.push({ kind: 'asked', tab: 1 }, { kind: 'shown', tab: 1, position: 2 }),
  ],
  ['a student who is never let in', 'nobody is lost', (record) => void student(record, 6).admissions.splice(0)],
  [
    'a student whose place has ended',
    'nobody is lost',
    (record) => void (student(record, 6).ending = { kind: 'lost', reason: 'the place ended: away' }),
  ],
  ['a student who never finishes', 'nobody is lost', (record) => void (student(record, 6).ending = undefined)],
  ['a student who never gets a place', 'nobody is lost', (record) => void student(record, 6).numbers.splice(0)],
  [
    'an acknowledged place that the trail never had',
    'the trail has every place',
    (record) => void student(record, 6).numbers.splice(0, 1, 7),
  ],
  [
    'a place that the trail gives to somebody else',
    'the trail has every place',
    (record) => ({ ...record, pseudonyms: new Map([...record.pseudonyms, [idOf(2), 'somebody']]) }),
  ],
  [
    'an admission that was told and is not durable',
    'every admission told is on record',
    (record) => ({ ...record, admissions: without(record.admissions, ({ number }) => number === 2) }),
  ],
  [
    'a double admission under a second number',
    'nobody is let in twice',
    (record) => ({
      ...record,
      admissions: [...record.admissions, { ...record.admissions[0]!, number: 100_001, admittedAt: 60_000 }],
    }),
  ],
  [
    'a double admission under the same number',
    'nobody is let in twice',
    (record) => void student(record, 1).admissions.push({ number: 1, expiresAt: 190_000, serverTime: 90_000 }),
  ],
  [
    'a burst of admissions after a loss',
    'never faster than the rate',
    (record) => ({
      ...record,
      admissions: record.admissions.map((row) => ({ ...row, admittedAt: 5_000 + row.number })),
    }),
  ],
  [
    'more inside than the capacity, over two lives of the line',
    'never more inside than the capacity',
    (record) => ({ ...record, admissions: record.admissions.map((row) => ({ ...row, endedAt: null })) }),
  ],
  [
    'somebody who finished and still counts as inside',
    'whoever finished is out',
    (record) => ({
      ...record,
      epochs: [
        {
          ...record.epochs[0]!,
          events: without(eventsOf(record), (event) => event.type === 'ended' && event.number === 6),
        },
      ],
    }),
  ],
  [
    'a lost enrolment',
    'no acknowledged enrolment is lost',
    (record) => ({ ...record, enrolments: without(record.enrolments, ({ studentId }) => studentId === idOf(4)) }),
  ],
  [
    'an enrolment that was refused',
    'no enrolment that nobody was told of',
    (record) => ({ ...record, enrolments: [...record.enrolments, { studentId: idOf(5), sectionId: 'small' }] }),
  ],
  [
    'an enrolment that was given back',
    'no enrolment that nobody was told of',
    (record) => ({ ...record, enrolments: [...record.enrolments, { studentId: idOf(3), sectionId: 'open' }] }),
  ],
  [
    'a doubled enrolment in the table',
    'no enrolment is doubled',
    (record) => ({ ...record, enrolments: [...record.enrolments, { studentId: idOf(1), sectionId: 'open' }] }),
  ],
  [
    'one request that was carried out twice',
    'no enrolment is doubled',
    (record) => void student(record, 1).answers.push(answer('commit', 'open', 'enrolled')),
  ],
  [
    'an oversold section',
    'no seat is sold twice',
    (record) => {
      student(record, 5).answers.splice(1, 1, answer('commit', 'small', 'enrolled'));
      return { ...record, enrolments: [...record.enrolments, { studentId: idOf(5), sectionId: 'small' }] };
    },
  ],
  [
    'a seat held that does not exist',
    'no seat is sold twice',
    (record) => ({
      ...record,
      sections: record.sections.map((section) => (section.id === 'small' ? { ...section, held: 1 } : section)),
    }),
  ],
  [
    'a count that is not that of the rows',
    'counts agree with enrolments',
    (record) => ({
      ...record,
      sections: record.sections.map((section) => (section.id === 'open' ? { ...section, taken: 4 } : section)),
    }),
  ],
  ['a wish that is never answered', 'every wish is answered', (record) => void student(record, 6).answers.splice(1, 1)],
  [
    'a refusal with seats left',
    'refused only when seats ran out',
    (record) => ({
      ...record,
      sections: record.sections.map((section) => (section.id === 'small' ? { ...section, capacity: 3 } : section)),
    }),
  ],
  [
    'a refusal for no good reason',
    'refused only when seats ran out',
    (record) => void student(record, 5).answers.splice(1, 1, answer('commit', 'small', 'refused', 'already_enrolled')),
  ],
  [
    'an error that ends something',
    'errors are clear and may be tried again',
    (record) => {
      student(record, 2).refusals.push({ event: 'line:join', code: 'ticket_gone', retryable: false, at: 1 });
      return { ...record, expects: { ...record.expects, mayRefuse: 'retryable' } };
    },
  ],
  [
    'a mishap of ours',
    'errors are clear and may be tried again',
    (record) => {
      student(record, 2).refusals.push({ event: 'line:join', code: 'internal', retryable: true, at: 1 });
      return { ...record, expects: { ...record.expects, mayRefuse: 'retryable' } };
    },
  ],
  [
    'an error in a rolling update',
    'errors are clear and may be tried again',
    (record) =>
      void student(record, 2).refusals.push({ event: 'enrolment:commit', code: 'draining', retryable: true, at: 1 }),
  ],
  [
    'a connection lost to a fault that is none of its business',
    'no connection is lost',
    (record) => void student(record, 2).cuts.push({ at: 1, reason: 'ping timeout' }),
  ],
  [
    'a connection that stock clients take for ended',
    'nobody is thrown out',
    (record) => void student(record, 2).cuts.push({ at: 1, reason: 'io server disconnect' }),
  ],
  [
    'a process that dies of a fault',
    'processes end only when asked to',
    (record) => ({ ...record, wrongExits: ['pod 1'] }),
  ],
  [
    'an unhandled rejection',
    'no unhandled error',
    (record) => ({ ...record, logs: ['fine', '[UnhandledPromiseRejection: This error originated …]'] }),
  ],
  [
    'a forgery that was believed',
    'the fault itself is withstood',
    (record) => ({ ...record, faultProblems: ['a ticket of another room was taken'] }),
  ],
];

describe('the judge of a round', () => {
  it('finds every promise kept where all was well', () => {
    expect(judgeRound(cleanRound())).toEqual([]);
  });

  it.each(BUGS)('catches %s', (_, promise, plant) => {
    const record = cleanRound();
    expect(promises(plant(record) ?? record)).toContain(promise);
  });

  it('has a planted bug for every promise', () => {
    const planted = new Set(BUGS.map(([, promise]) => promise));
    expect(ALL_PROMISES.filter((promise) => !planted.has(promise))).toEqual([]);
  });

  it('does not take those for overtaken who give their place back', () => {
    const record = cleanRound();
    const [first] = record.students;
    Object.assign(first!, { leftOnPurpose: true });
    first!.admissions.splice(0);
    first!.answers.splice(0);
    expect(promises(record)).not.toContain('no overtakes, as the students saw it');
    expect(promises(record)).not.toContain('nobody is lost');
  });

  it('takes a section for full at the moment of a refusal when seats in it were given back', () => {
    const record = cleanRound();
    const refused = answer('commit', 'open', 'refused', 'section_full');
    student(record, 6).answers.splice(0, 1, refused);
    const enrolments = without(record.enrolments, ({ studentId }) => studentId === idOf(6));
    expect(promises({ ...record, enrolments })).not.toContain('refused only when seats ran out');
  });

  it('takes a place that is asked for again for what a busy machine does', () => {
    const record = cleanRound();
    student(record, 2).refusals.push({ event: 'line:join', code: 'line_unavailable', retryable: true, at: 1 });
    expect(promises(record)).toEqual([]);
  });
});
