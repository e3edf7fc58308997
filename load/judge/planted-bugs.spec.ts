import type { LineEvent } from '../../src/line/line-store';
import { unknownPlaces } from './admission-promises';
import { answer, cleanRound, idOf, judged, type Round, row } from './clean-round';
import { ALL_PROMISES, judge, type PromiseName } from './judge';
import type { LineFacts, ServiceFacts } from './record';

type Student = Round['students'][number];

const broken = (round: Round): PromiseName[] => judge(judged(round)).broken.map(({ name }) => name);

const student = ({ students }: Round, number: number): Student => students[number - 1] as Student;

const eventsOf = ({ line: { epochs } }: Round): LineEvent[] => [...(epochs[0]?.events ?? [])];

/** Leaves one row, one event out. */
const without = <T>(items: readonly T[], isIt: (item: T) => boolean): T[] => items.filter((item) => !isIt(item));

const withLine = (round: Round, line: Partial<LineFacts>): Round => ({ ...round, line: { ...round.line, ...line } });

const withEvents = (round: Round, events: LineEvent[]): Round =>
  withLine(round, { epochs: [{ ...round.line.epochs[0]!, events }] });

const withService = (round: Round, service: Partial<ServiceFacts>): Round => ({
  ...round,
  service: { ...round.service, ...service },
});

const mayTryAgain = (round: Round): Round =>
  withService(round, { expects: { ...round.service.expects, mayRefuse: 'retryable' } });

const withSeats = (round: Round, seats: Partial<Round['seats']>): Round => ({
  ...round,
  seats: { ...round.seats, ...seats },
});

/** One enrolment more. */
const enrolled = (round: Round, studentId: string, sectionId: string): Round =>
  withSeats(round, { enrolments: [...round.seats.enrolments, row(studentId, sectionId)] });

const notEnrolled = (round: Round, studentId: string, sectionId: string): Round =>
  withSeats(round, {
    enrolments: without(round.seats.enrolments, (one) => one.student_id === studentId && one.section_id === sectionId),
  });

const withSection = (round: Round, id: string, change: Partial<Round['seats']['sections'][number]>): Round =>
  withSeats(round, { sections: round.seats.sections.map((one) => (one.id === id ? { ...one, ...change } : one)) });

const turn = (number: number, studentId: string, state: 'waiting' | 'enrolled'): Round['seats']['entries'][number] => ({
  ...{ section_id: 'open', number, student_id: studentId, state, ended_at: state === 'enrolled' ? 1 : null },
});

/** A bug of the service: what it does to a round in which all was well, and the promise that it breaks. */
const BUGS: [bug: string, promise: PromiseName, plant: (record: Round) => Round | void][] = [
  [
    'an overtake that the students can see',
    'overtakes',
    (record) => {
      const [third, fourth] = [student(record, 3), student(record, 4)];
      const [seen] = third.admissions;
      third.admissions.splice(0, 1, { ...fourth.admissions[0]!, number: 3 });
      fourth.admissions.splice(0, 1, { ...seen!, number: 4 });
    },
  ],
  [
    'an overtake in the trail',
    'unfairTrail',
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
    'unfairTrail',
    (record) =>
      withEvents(
        record,
        without(eventsOf(record), ({ sequence }) => sequence === 5),
      ),
  ],
  ['a number given to two students', 'wrongNumbers', (record) => void (student(record, 5).numbers[0] = 4)],
  ['another number after a loss', 'wrongNumbers', (record) => void student(record, 5).numbers.push(100_007)],
  [
    'a position that rises',
    'positionsThatRose',
    (record) => void student(record, 4).sights.push({ kind: 'shown', tab: 0, position: 2 }),
  ],
  [
    'a position that rises with a reconnect',
    'positionsThatRose',
    (record) => void student(record, 4).sights.push({ kind: 'asked', tab: 1 }, { kind: 'shown', tab: 1, position: 2 }),
  ],
  ['a student who is never let in', 'lostStudents', (record) => void student(record, 6).admissions.splice(0)],
  [
    'a student whose place has ended',
    'lostStudents',
    (record) => void (student(record, 6).ending = { kind: 'lost', reason: 'the place ended: away' }),
  ],
  ['a student who never finishes', 'lostStudents', (record) => void (student(record, 6).ending = undefined)],
  ['a student who never gets a place', 'lostStudents', (record) => void student(record, 6).numbers.splice(0)],
  [
    'an acknowledged place that the trail never had',
    'unknownPlaces',
    (record) => void student(record, 6).numbers.splice(0, 1, 7),
  ],
  [
    'a place that the trail gives to somebody else',
    'unknownPlaces',
    (record) => withLine(record, { pseudonyms: new Map([...record.line.pseudonyms, [idOf(2), 'somebody']]) }),
  ],
  [
    'an admission that was told and is not durable',
    'unknownAdmissions',
    (record) => withLine(record, { admissions: without(record.line.admissions, ({ number }) => number === 2) }),
  ],
  [
    'a double admission under a second number',
    'admittedTwice',
    (record) => {
      const { admissions } = record.line;
      const again = { ...admissions[0]!, number: 100_001, admittedAt: 60_000 };
      return withLine(record, { admissions: [...admissions, again] });
    },
  ],
  [
    'a double admission under the same number',
    'admittedTwice',
    (record) => void student(record, 1).admissions.push({ number: 1, expiresAt: 190_000, serverTime: 90_000 }),
  ],
  [
    'a burst of admissions after a loss',
    'overRate',
    (record) =>
      withLine(record, {
        admissions: record.line.admissions.map((one) => ({ ...one, admittedAt: 5_000 + one.number })),
      }),
  ],
  [
    'more inside than the capacity, over two lives of the line',
    'overCapacity',
    (record) => withLine(record, { admissions: record.line.admissions.map((one) => ({ ...one, endedAt: null })) }),
  ],
  [
    'somebody who finished and still counts as inside',
    'stuckInside',
    (record) =>
      withEvents(
        record,
        without(eventsOf(record), (event) => event.type === 'ended' && event.number === 6),
      ),
  ],
  ['a lost enrolment', 'wrongAnswers', (record) => notEnrolled(record, idOf(4), 'open')],
  ['an enrolment that was refused', 'wrongAnswers', (record) => enrolled(record, idOf(5), 'small')],
  ['an enrolment that was given back', 'wrongAnswers', (record) => enrolled(record, idOf(3), 'open')],
  ['a doubled enrolment in the table', 'doubledEnrolments', (record) => enrolled(record, idOf(1), 'open')],
  [
    'one request that was carried out twice',
    'doubledEnrolments',
    (record) => void student(record, 1).answers.push(answer('commit', 'open', 'enrolled')),
  ],
  [
    'an oversold section',
    'sectionsOverCapacity',
    (record) => {
      student(record, 5).answers.splice(1, 1, answer('commit', 'small', 'enrolled'));
      return enrolled(record, idOf(5), 'small');
    },
  ],
  [
    'a seat held that does not exist',
    'sectionsOverCapacity',
    (record) => withSection(record, 'small', { seats_left: -1 }),
  ],
  ['a count that is not that of the rows', 'wrongCounts', (record) => withSection(record, 'open', { taken: 4 })],
  ['a wish that is never answered', 'wrongAnswers', (record) => void student(record, 6).answers.splice(1, 1)],
  [
    'a refusal with seats left',
    'wrongRefusals',
    (record) => ({ ...record, capacities: { ...record.capacities, small: 3 } }),
  ],
  [
    'a refusal for no good reason',
    'wrongRefusals',
    (record) => void student(record, 5).answers.splice(1, 1, answer('commit', 'small', 'refused', 'already_enrolled')),
  ],
  [
    'an error that ends something',
    'unexpectedRefusals',
    (record) => {
      student(record, 2).refusals.push({ event: 'line:join', code: 'ticket_gone', retryable: false, at: 1 });
      return mayTryAgain(record);
    },
  ],
  [
    'a mishap of ours',
    'unexpectedRefusals',
    (record) => {
      student(record, 2).refusals.push({ event: 'line:join', code: 'internal', retryable: true, at: 1 });
      return mayTryAgain(record);
    },
  ],
  [
    'an error in a rolling update',
    'unexpectedRefusals',
    (record) =>
      void student(record, 2).refusals.push({ event: 'enrolment:commit', code: 'draining', retryable: true, at: 1 }),
  ],
  [
    'a connection lost to a fault that is none of its business',
    'lostConnections',
    (record) => void student(record, 2).cuts.push({ at: 1, reason: 'ping timeout' }),
  ],
  [
    'a connection that stock clients take for ended',
    'thrownOut',
    (record) => void student(record, 2).cuts.push({ at: 1, reason: 'io server disconnect' }),
  ],
  ['a process that dies of a fault', 'wrongExits', (record) => withService(record, { wrongExits: ['pod 1'] })],
  [
    'an unhandled rejection',
    'unhandledErrors',
    (record) => withService(record, { logs: ['fine', '[UnhandledPromiseRejection: This error originated …]'] }),
  ],
  [
    'a forgery that was believed',
    'faultProblems',
    (record) => withService(record, { faultProblems: ['a ticket of another room was taken'] }),
  ],
  [
    'a seat that stays empty though somebody wanted it',
    'wrongOutcomes',
    (record) => {
      student(record, 2).answers.splice(1, 1, answer('commit', 'small', 'refused', 'section_full'));
      return notEnrolled(record, idOf(2), 'small');
    },
  ],
  ['a seat given back that came again', 'uninvited', (record) => enrolled(record, idOf(3), 'open')],
  [
    'a swap that gave the old seat back only',
    'brokenSwaps',
    (record) => void student(record, 4).answers.push({ ...answer('swap', 'open', 'dropped'), other: 'another' }),
  ],
  [
    'a seat kept from somebody who waits',
    'seatsKeptFromWaiting',
    (record) => withSeats(record, { entries: [turn(1, idOf(3), 'waiting')] }),
  ],
  ['a seat held for nobody', 'seatsHeldForNobody', (record) => withSection(record, 'open', { seats_left: 4 })],
  [
    'a waitlist served from its end',
    'waitlistOvertakes',
    (record) => withSeats(record, { entries: [turn(1, idOf(3), 'waiting'), turn(2, idOf(4), 'enrolled')] }),
  ],
  [
    'a turn on a waitlist of somebody who never joined it',
    'wrongWaits',
    (record) => withSeats(record, { entries: [turn(1, idOf(3), 'waiting')] }),
  ],
  [
    'a promotion that is only told',
    'wrongNews',
    (record) => {
      const told = { tab: 0, sectionId: 'small', state: 'enrolled', by: 'promotion', at: 1 } as const;
      student(record, 5).news.push(told);
    },
  ],
];

describe('the judge of a round', () => {
  it('finds every promise kept where all was well', () => {
    expect(broken(cleanRound())).toEqual([]);
  });

  it.each(BUGS)('catches %s', (_, promise, plant) => {
    const record = cleanRound();
    expect(broken(plant(record) ?? record)).toContain(promise);
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
    expect(broken(record)).not.toContain('overtakes');
    expect(broken(record)).not.toContain('lostStudents');
  });

  it('looks in a rebuilt trail for no place of who gave it up, and for those of all others', () => {
    const round = cleanRound();
    const { students, line } = round;
    const lost = { ...students[5]!, numbers: [100_050], leftOnPurpose: true };
    const [life] = line.epochs;
    const rebuilt = { ...line, epochs: [life!, { ...life!, epoch: 2, events: [] }] };
    const all = (student: typeof lost) => ({ ...round, students: [...students.slice(0, 5), student], line: rebuilt });
    expect(unknownPlaces(all(lost))).toEqual([]);
    expect(unknownPlaces(all({ ...lost, leftOnPurpose: false }))).toHaveLength(1);
    expect(unknownPlaces({ ...all(lost), line: line })).toHaveLength(1);
  });

  it('takes a section for full at the moment of a refusal when seats in it were given back', () => {
    const record = cleanRound();
    const refused = answer('commit', 'open', 'refused', 'section_full');
    student(record, 6).answers.splice(0, 1, refused);
    const five = { ...notEnrolled(record, idOf(6), 'open'), capacities: { open: 5, small: 2 } };
    expect(broken(five)).not.toContain('wrongRefusals');
  });

  it('takes a place that is asked for again for what a busy machine does', () => {
    const record = cleanRound();
    student(record, 2).refusals.push({ event: 'line:join', code: 'line_unavailable', retryable: true, at: 1 });
    expect(broken(record)).toEqual([]);
  });
});
