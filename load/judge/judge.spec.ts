import { verdictOf } from '../rush/verdict';
import { newStudentRecord, type SeenAnswer, type StudentRecord } from '../student/record';
import { judge, type PromiseName } from './judge';
import type { RunRecord } from './record';

const LEASE_MS = 600_000;

function commit(sectionId: string, outcome: 'enrolled' | 'refused', code?: string): SeenAnswer {
  return { question: 'commit', sectionId, outcome, askedAt: 20_000, answeredAt: 20_010, ...(code && { code }) };
}

/** Three students want sections x (2 seats, all three) and y (closed, the first); all goes well. */
function goodRush(): RunRecord & { students: StudentRecord[] } {
  const students = [1, 2, 3].map((number) => goodStudent(number));
  students[0]?.answers.push(commit('y', 'refused', 'section_closed'));
  return {
    students,
    sections: [
      { id: 'x', capacity: 2, seatsAtStart: 2 },
      { id: 'y', capacity: 0, seatsAtStart: 0 },
      { id: 'z', capacity: 5, seatsAtStart: 5 },
    ],
    truth: {
      enrolments: new Map([
        ['student-1', new Set(['x'])],
        ['student-2', new Set(['x'])],
      ]),
      doubled: [],
      taken: new Map([['x', 2]]),
      counted: new Map([['x', 2]]),
      left: new Map([
        ['x', 0],
        ['z', 5],
      ]),
      waits: new Map(),
    },
  };
}

function goodStudent(number: number): StudentRecord {
  const student = newStudentRecord(`student-${number}`, number === 1 ? ['x', 'y'] : ['x']);
  const admittedAt = 10_000 + number * 1_000;
  student.numbers.push(number);
  student.sights.push({ kind: 'asked', tab: 0 }, { kind: 'shown', tab: 0, position: number });
  if (number > 1) student.sights.push({ kind: 'shown', tab: 0, position: 1 });
  student.sights.push({ kind: 'shown', tab: 0, position: 0 });
  student.presence.push({ from: 1_000, to: Infinity });
  student.admissions.push({ number, expiresAt: admittedAt + LEASE_MS, serverTime: admittedAt + 40 });
  const enrolled = number < 3;
  student.answers.push(enrolled ? commit('x', 'enrolled') : commit('x', 'refused', 'section_full'));
  student.ending = { kind: 'finished' };
  return student;
}

type Spoiled = ReturnType<typeof goodRush> & { first: StudentRecord; second: StudentRecord; third: StudentRecord };

function broken(spoil: (rush: Spoiled) => void): PromiseName[] {
  const rush = goodRush();
  const [first, second, third] = rush.students as [StudentRecord, StudentRecord, StudentRecord];
  spoil({ ...rush, first, second, third });
  return judge(rush).broken.map(({ name }) => name);
}

const admitAt = (student: StudentRecord, at: number): void => {
  for (const admission of student.admissions) {
    admission.expiresAt = at + LEASE_MS;
    admission.serverTime = at + 40;
  }
};

describe('the judge', () => {
  it('finds nothing in a rush that kept every promise', () => {
    expect(verdictOf(goodRush())).toMatchObject({
      joined: 3,
      admitted: 3,
      finished: 3,
      wished: 4,
      expected: 2,
      enrolled: 2,
      refused: { section_closed: 1, section_full: 1 },
      broken: [],
    });
  });

  describe('one number for each student', () => {
    const name = 'wrongNumbers';

    it('is broken by a number that two students got', () => {
      expect(broken(({ second }) => second.numbers.splice(0, 1, 1))).toContain(name);
    });

    it('is broken by another number in the second tab', () => {
      expect(broken(({ second }) => second.numbers.push(9))).toEqual([name]);
    });

    it('is broken by an admission for another number', () => {
      expect(broken(({ third }) => third.admissions.push({ ...third.admissions[0]!, number: 9 }))).toEqual([name]);
    });
  });

  describe('no position ever rises', () => {
    const name = 'positionsThatRose';

    it('is broken by a position that rises', () => {
      expect(broken(({ third }) => third.sights.splice(2, 0, { kind: 'shown', tab: 0, position: 4 }))).toEqual([name]);
      const moved = (...positions: number[]) =>
        broken(({ third }) => {
          third.sights.splice(2, 0, ...positions.map((position) => ({ kind: 'moved' as const, tab: 0, position })));
        });
      expect([moved(3, 2, 2), moved(2, 3)]).toEqual([[], [name]]);
    });

    it('is broken by a position that rises over a reconnect', () => {
      expect(
        broken(({ third }) =>
          third.sights.splice(3, 0, { kind: 'asked', tab: 0 }, { kind: 'shown', tab: 0, position: 2 }),
        ),
      ).toEqual([name]);
    });

    it('is broken by a new tab that starts above what another has shown', () => {
      expect(
        broken(({ third }) =>
          third.sights.splice(3, 0, { kind: 'asked', tab: 1 }, { kind: 'shown', tab: 1, position: 3 }),
        ),
      ).toEqual([name]);
    });

    it('is broken by a place in line after the admission', () => {
      expect(broken(({ first }) => first.sights.push({ kind: 'shown', tab: 0, position: 1 }))).toEqual([name]);
    });

    it('is kept when messages to two tabs cross each other', () => {
      const spoil = ({ third }: Spoiled): void => {
        third.sights.splice(1, 0, { kind: 'asked', tab: 1 });
        third.sights.splice(4, 0, { kind: 'shown', tab: 1, position: 3 });
      };
      expect(broken(spoil)).toEqual([]);
    });
  });

  describe('no overtakes among the present', () => {
    const name = 'overtakes';

    it('is broken by one who went in a millisecond before somebody ahead who was there', () => {
      expect(broken(({ second }) => admitAt(second, 13_001))).toEqual([name]);
    });

    it('is broken by those who went in while somebody ahead who was there never did', () => {
      expect(broken(({ first }) => first.admissions.splice(0))).toContain(name);
    });

    it('is broken when the one ahead was there in two tabs, one after the other', () => {
      const spoil = ({ second }: Spoiled): void => {
        admitAt(second, 20_000);
        second.presence.splice(0, 1, { from: 1_000, to: 13_000 }, { from: 12_000, to: 30_000 });
      };
      expect(broken(spoil)).toEqual([name]);
    });

    it('is kept when both went in at the same instant', () => {
      expect(broken(({ second }) => admitAt(second, 13_000))).toEqual([]);
    });

    it('is kept when the one ahead was away at that moment', () => {
      const spoil = ({ second }: Spoiled): void => {
        admitAt(second, 20_000);
        second.presence.splice(0, 1, { from: 1_000, to: 12_900 }, { from: 13_100, to: Infinity });
      };
      expect(broken(spoil)).toEqual([]);
    });

    it('is kept when the one ahead came only just before', () => {
      const spoil = ({ second }: Spoiled): void => {
        admitAt(second, 20_000);
        second.presence.splice(0, 1, { from: 12_900, to: Infinity });
      };
      expect(broken(spoil)).toEqual([]);
    });
  });

  describe('nobody is lost', () => {
    const name = 'lostStudents';

    it('is broken by a student who never got a place', () => {
      expect(
        broken(({ third }) => {
          third.numbers.splice(0);
          third.admissions.splice(0);
        }),
      ).toEqual([name]);
    });

    it('is broken by a student who was never let in', () => {
      expect(broken(({ third }) => third.admissions.splice(0))).toEqual([name]);
    });

    it('is broken by a student who never finished', () => {
      expect(broken(({ third }) => (third.ending = undefined))).toEqual([name]);
    });

    it('is broken by a student whose place was taken away', () => {
      expect(broken(({ third }) => (third.ending = { kind: 'lost', reason: 'away' }))).toEqual([name]);
    });
  });

  describe('the seats', () => {
    it('must not be fewer than both were wished and there', () => {
      const spoil = ({ truth, second }: Spoiled): void => {
        (truth.enrolments as Map<string, Set<string>>).delete('student-2');
        second.answers.splice(0, 1, commit('x', 'refused', 'section_full'));
      };
      expect(broken(spoil)).toEqual(['wrongOutcomes', 'wrongRefusals', 'seatsHeldForNobody']);
    });

    it('must not be granted beyond the capacity', () => {
      const spoil = ({ truth, third }: Spoiled): void => {
        (truth.enrolments as Map<string, Set<string>>).set('student-3', new Set(['x']));
        (truth.taken as Map<string, number>).set('x', 3);
        (truth.counted as Map<string, number>).set('x', 3);
        third.answers.splice(0, 1, commit('x', 'enrolled'));
      };
      expect(broken(spoil)).toEqual(['wrongOutcomes', 'sectionsOverCapacity']);
    });

    it('must not be promised beyond the capacity, whatever the database says', () => {
      const spoil = ({ third }: Spoiled): void => {
        third.answers.splice(0, 1, commit('x', 'enrolled'));
      };
      expect(broken(spoil)).toEqual(['sectionsOverCapacity', 'wrongAnswers']);
    });

    it('must not be lost after they were granted', () => {
      const spoil = ({ truth }: Spoiled): void => {
        (truth.enrolments as Map<string, Set<string>>).delete('student-2');
      };
      expect(broken(spoil)).toEqual(['wrongOutcomes', 'wrongAnswers', 'seatsHeldForNobody']);
    });

    it('must be counted as they are', () => {
      const spoil = ({ truth }: Spoiled): void => void (truth.counted as Map<string, number>).set('x', 1);
      expect(broken(spoil)).toEqual(['wrongCounts']);
    });

    it('must not be given to somebody who was refused', () => {
      const spoil = ({ truth }: Spoiled): void => {
        const enrolments = truth.enrolments as Map<string, Set<string>>;
        enrolments.delete('student-2');
        enrolments.set('student-3', new Set(['x']));
      };
      expect(broken(spoil)).toEqual(['wrongAnswers']);
    });

    it('must all be answered for', () => {
      expect(broken(({ third }) => third.answers.splice(0))).toEqual(['wrongAnswers']);
    });

    it('must be answered the same every time', () => {
      expect(broken(({ second }) => second.answers.push(commit('x', 'refused', 'section_full')))).toEqual([
        'wrongAnswers',
      ]);
    });

    it('must not be refused for anything but missing seats', () => {
      expect(broken(({ third }) => (third.answers[0]!.code = 'time_conflict'))).toEqual(['wrongRefusals']);
    });
  });
});
