import {
  type EnrolmentQuestion,
  type MeetingFact,
  refuseEnrolment,
  type SeatFacts,
  type SectionFacts,
  seatsLeft,
} from '.';

const section = (id: string, more: Partial<SectionFacts> = {}): SectionFacts => ({
  id,
  courseId: `course of ${id}`,
  code: 'MATH 252',
  section: id,
  type: 'Lecture',
  creditsHundredths: 100,
  meetings: [],
  ...more,
});

const seats = (more: Partial<SeatFacts> = {}): SeatFacts => ({
  capacity: 10,
  taken: 0,
  held: 0,
  overrides: 0,
  ...more,
});

const ask = (more: Partial<EnrolmentQuestion> = {}) =>
  refuseEnrolment({ wanted: section('A'), seats: seats(), enrolled: [], creditLimitHundredths: 600, ...more });

const monday = (startMinute: number, endMinute: number) => ({ day: 1, startMinute, endMinute });

describe('the rules of enrolment', () => {
  it('allow a free section that nothing stands against', () => {
    expect(ask({ enrolled: [section('B'), section('C')] })).toBeUndefined();
  });

  it.each<[string, Partial<EnrolmentQuestion>, string, Record<string, unknown>]>([
    ['the section itself', { enrolled: [section('A')] }, 'already_enrolled', { sectionId: 'A' }],
    ['capacity 0', { seats: seats({ capacity: 0 }) }, 'section_closed', { capacity: 0 }],
    [
      'capacity 0 with an override left',
      { seats: seats({ capacity: 0, overrides: 2, taken: 1 }) },
      'section_closed',
      { capacity: 0 },
    ],
    [
      'another section of the course and type',
      { enrolled: [section('B', { courseId: 'course of A' })] },
      'same_course',
      { sectionId: 'B', code: 'MATH 252', section: 'B', type: 'Lecture' },
    ],
    [
      'credits above the limit',
      { creditLimitHundredths: 150, enrolled: [section('B')] },
      'credit_limit',
      { limit: 1.5, enrolled: 1, credits: 1 },
    ],
    ['no seat', { seats: seats({ taken: 10 }) }, 'section_full', { capacity: 10, taken: 10 }],
    ['only held seats', { seats: seats({ taken: 8, held: 2 }) }, 'section_full', { capacity: 10, taken: 8 }],
    [
      'seats above the capacity',
      { seats: seats({ taken: 12, overrides: 2 }) },
      'section_full',
      { capacity: 10, taken: 12 },
    ],
  ])('refuse %s', (_, question, code, details) => {
    expect(ask(question)).toMatchObject({ code, details });
  });

  it.each<[string, Partial<EnrolmentQuestion>]>([
    ['the lab beside the lecture', { enrolled: [section('B', { courseId: 'course of A', type: 'Lab' })] }],
    ['credits that just fit', { creditLimitHundredths: 200, enrolled: [section('B')] }],
    [
      'no credits above a limit that is reached',
      { creditLimitHundredths: 100, wanted: section('A', { creditsHundredths: 0 }), enrolled: [section('B')] },
    ],
    ['the last seat', { seats: seats({ taken: 7, held: 2 }) }],
  ])('allow %s', (_, question) => {
    expect(ask(question)).toBeUndefined();
  });

  it.each<[string, [number, number], [number, number], boolean]>([
    ['the same time', [540, 600], [540, 600], true],
    ['one inside the other', [540, 660], [570, 600], true],
    ['a minute in common', [540, 600], [599, 660], true],
    ['touching at the end', [540, 600], [600, 660], false],
    ['touching at the start', [600, 660], [540, 600], false],
    ['apart', [540, 600], [700, 760], false],
  ])('judge two times: %s', (_, one, other, conflict) => {
    const question = {
      wanted: section('A', { meetings: [monday(...one)] }),
      enrolled: [section('B', { meetings: [{ day: 3, startMinute: 0, endMinute: 1_440 }, monday(...other)] })],
    };
    expect(ask(question)?.code).toBe(conflict ? 'time_conflict' : undefined);
  });

  it('say when and with what a time conflict is', () => {
    const refusal = ask({
      wanted: section('A', { meetings: [monday(540, 600)] }),
      enrolled: [section('B', { meetings: [monday(575, 625)] })],
    });
    expect(refusal?.details).toEqual({
      sectionId: 'B',
      code: 'MATH 252',
      section: 'B',
      day: 'Mo',
      start: '09:35',
      end: '10:00',
    });
  });

  it('never see two times on different days as a conflict', () => {
    const wanted = section('A', { meetings: [monday(540, 600)] });
    const enrolled = [section('B', { meetings: [{ ...monday(540, 600), day: 2 }] })];
    expect(ask({ wanted, enrolled })).toBeUndefined();
  });

  it.each<[string, Partial<MeetingFact>, Partial<MeetingFact>, boolean]>([
    ['the halves of a term', { half: 1 }, { half: 2 }, false],
    ['the same half', { half: 2 }, { half: 2 }, true],
    ['a half and the whole term', { half: 1 }, {}, true],
    ['one that ends before the other begins', { lastDay: '2025-10-24' }, { firstDay: '2025-10-27' }, false],
    ['one that begins on the last day of the other', { lastDay: '2025-10-27' }, { firstDay: '2025-10-27' }, true],
    ['dates within the whole term', { firstDay: '2025-09-04', lastDay: '2025-10-24' }, {}, true],
    ['a half and dates, which may be of that half', { half: 1 }, { firstDay: '2025-10-27' }, true],
  ])('judge the same hour of the week in parts of a term: %s', (_, one, other, conflict) => {
    const wanted = section('A', { meetings: [{ ...monday(540, 600), ...one }] });
    const enrolled = [section('B', { meetings: [{ ...monday(540, 600), ...other }] })];
    expect(ask({ wanted, enrolled })?.code).toBe(conflict ? 'time_conflict' : undefined);
    const [back] = enrolled;
    expect(back && ask({ wanted: back, enrolled: [wanted] })?.code).toBe(conflict ? 'time_conflict' : undefined);
  });

  it('say that a section is full only when nothing else is wrong', () => {
    const full = { seats: seats({ taken: 10 }) };
    expect(ask({ ...full, creditLimitHundredths: 50 })?.code).toBe('credit_limit');
    expect(ask({ ...full, enrolled: [section('A')] })?.code).toBe('already_enrolled');
  });

  it('count the seats left without those that are held, and never below zero', () => {
    expect(seatsLeft(seats({ taken: 3, held: 2, overrides: 1 }))).toBe(6);
    expect(seatsLeft(seats({ capacity: 2, taken: 3 }))).toBe(0);
  });
});
