import type { SeatQuestion } from '../student/seat-request';
import { verdictOf } from '../rush/verdict';
import { newStudentRecord, type SeenAnswer, type StudentRecord } from '../student/record';
import { judge, type PromiseName } from './judge';
import type { RunRecord, ServedStudent, WaitingStudent } from './record';

type Truth = {
  enrolments: Map<string, Set<string>>;
  doubled: { studentId: string; sectionId: string }[];
  taken: Map<string, number>;
  counted: Map<string, number>;
  left: Map<string, number>;
  waits: Map<string, WaitingStudent[]>;
  served: Map<string, ServedStudent[]>;
};

/**
 * Section x has one seat. Ann gets it, Ben and Cho wait, then Dan; Dan leaves; Ann swaps x for y; Ben is promoted; Cho still
 * waits. Eve gets z, wants to swap it for x, which is full, and gives z back after all.
 */
class GoodRush {
  readonly ann = student('ann', 1, ['x'], ['y']);
  readonly ben = student('ben', 2, ['x']);
  readonly cho = student('cho', 3, ['x']);
  readonly dan = student('dan', 4, ['x']);
  readonly eve = student('eve', 5, ['z'], ['x']);
  readonly truth: Truth = {
    enrolments: new Map([
      ['ann', new Set(['y'])],
      ['ben', new Set(['x'])],
      ['eve', new Set(['z'])],
    ]),
    ...{ doubled: [], taken: counts(1, 1, 1), counted: counts(1, 1, 1), left: counts(0, 4, 4) },
    waits: new Map([['x', [{ studentId: 'cho', place: 2 }]]]),
    served: new Map([['x', [{ studentId: 'ben', place: 1, at: 200_000 }]]]),
  };

  constructor() {
    add(this.ann, 100, 'commit', 'x', 'enrolled');
    for (const [index, waiter] of [this.ben, this.cho, this.dan].entries()) {
      add(waiter, 110, 'commit', 'x', 'refused', { code: 'section_full' });
      add(waiter, 120 + index * 10, 'join', 'x', 'waitlisted', { position: index + 1 });
    }
    add(this.eve, 110, 'commit', 'z', 'enrolled');
    add(this.eve, 160, 'swap', 'z', 'kept', { other: 'x' });
    add(this.eve, 160, 'swap', 'x', 'refused', { other: 'z', code: 'section_full' });
    add(this.dan, 180, 'leave', 'x', 'left');
    add(this.ann, 200, 'swap', 'x', 'dropped', { other: 'y' });
    add(this.ann, 200, 'swap', 'y', 'enrolled', { other: 'x' });
    this.tell(this.ben, 'x', 208);
  }

  tell({ news }: StudentRecord, sectionId: string, at: number): void {
    news.push({ tab: 0, sectionId, state: 'enrolled', by: 'promotion', at });
  }

  answer({ answers }: StudentRecord, question: SeatQuestion, sectionId: string): SeenAnswer {
    return answers.find((one) => one.question === question && one.sectionId === sectionId) as SeenAnswer;
  }

  get record(): RunRecord {
    const { ann, ben, cho, dan, eve, truth } = this;
    const sections = [
      { id: 'x', capacity: 1, seatsAtStart: 1 },
      { id: 'y', capacity: 5, seatsAtStart: 5 },
      { id: 'z', capacity: 5, seatsAtStart: 5 },
    ];
    return { students: [ann, ben, cho, dan, eve], sections, truth };
  }
}

const counts = (x: number, y: number, z: number): Map<string, number> => new Map(Object.entries({ x, y, z }));

function student(id: string, number: number, wishes: string[], mayTake: string[] = []): StudentRecord {
  const record = newStudentRecord(id, wishes, mayTake);
  record.numbers.push(number);
  record.admissions.push({ number, expiresAt: 600_000 + number, serverTime: number });
  record.connections.push({ tab: 0, from: 10, to: Infinity });
  record.ending = { kind: 'finished' };
  return record;
}

function add(
  { answers }: StudentRecord,
  askedAt: number,
  question: SeatQuestion,
  sectionId: string,
  outcome: SeenAnswer['outcome'],
  more: Partial<SeenAnswer> = {},
): void {
  answers.push({ question, sectionId, outcome, askedAt, answeredAt: askedAt + 5, ...more });
}

function broken(spoil: (rush: GoodRush) => void): PromiseName[] {
  const rush = new GoodRush();
  spoil(rush);
  return judge(rush.record).broken.map(({ name }) => name);
}

describe('the judge of changes', () => {
  it('finds nothing when every promise was kept', () => {
    expect(verdictOf(new GoodRush().record)).toMatchObject({
      expected: 3,
      enrolled: 3,
      changes: { drops: 0, swaps: 1, refusedSwaps: 1, waitlisted: 3, left: 1, promoted: 1, stillWaiting: 1 },
      broken: [],
    });
  });

  it('finds a seat of somebody who never asked for it', () => {
    const spoil = ({ truth }: GoodRush): void => {
      truth.enrolments.set('dan', new Set(['y']));
      truth.left.set('y', 3);
      for (const counted of [truth.taken, truth.counted]) counted.set('y', 2);
    };
    expect(broken(spoil)).toEqual(['wrongOutcomes', 'wrongAnswers', 'uninvited']);
  });

  it('finds a promotion of somebody who never waited', () => {
    expect(broken((rush) => rush.tell(rush.eve, 'z', 300))).toEqual(['uninvited', 'wrongNews']);
  });

  it('finds a seat that was given after the waitlist was left', () => {
    const spoil = ({ truth }: GoodRush): void => {
      truth.enrolments.delete('ben');
      truth.enrolments.set('dan', new Set(['x']));
    };
    expect(broken(spoil)).toEqual(expect.arrayContaining(['wrongAnswers', 'uninvited']));
  });

  describe('a swap', () => {
    it('must not lose the old seat when it is refused', () => {
      const spoil = ({ truth }: GoodRush): void => {
        truth.enrolments.delete('eve');
        truth.left.set('z', 5);
      };
      expect(broken(spoil)).toContain('brokenSwaps');
    });

    it('must not keep the old seat when it is done', () => {
      expect(broken(({ truth }) => truth.enrolments.set('ann', new Set(['x', 'y'])))).toContain('brokenSwaps');
    });

    it('must not be answered by half', () => {
      const spoil = (rush: GoodRush): void => {
        rush.answer(rush.eve, 'swap', 'z').outcome = 'dropped';
      };
      expect(broken(spoil)).toContain('brokenSwaps');
    });

    it('must not be refused while there are seats', () => {
      const spoil = (rush: GoodRush): void => {
        const { answers } = rush.ann;
        rush.answer(rush.ann, 'swap', 'x').outcome = 'kept';
        Object.assign(answers.at(-1) as SeenAnswer, { outcome: 'refused', code: 'section_full' });
      };
      expect(broken(spoil)).toContain('wrongRefusals');
    });
  });

  it('finds a free seat while somebody waits', () => {
    const spoil = ({ truth }: GoodRush): void => {
      truth.enrolments.delete('ben');
      truth.left.set('x', 1);
    };
    expect(broken(spoil)).toEqual(expect.arrayContaining(['wrongOutcomes', 'seatsKeptFromWaiting']));
  });

  it('finds a seat that is held for nobody', () => {
    expect(broken(({ truth }) => truth.left.set('y', 3))).toEqual(['seatsHeldForNobody']);
  });

  it('finds a seat that two had at the same time', () => {
    const spoil = (rush: GoodRush): void => {
      rush.ben.news.splice(0);
      rush.tell(rush.ben, 'x', 150);
    };
    expect(broken(spoil)).toEqual(['sectionsOverCapacity']);
  });

  describe('waitlists', () => {
    const name = 'waitlistOvertakes';

    it('must not serve a higher number while a lower one waits', () => {
      const spoil = ({ truth }: GoodRush): void => {
        truth.waits.set('x', [{ studentId: 'cho', place: 1 }]);
        truth.served.set('x', [{ studentId: 'ben', place: 2, at: 200_000 }]);
      };
      expect(broken(spoil)).toEqual([name]);
    });

    it('must not serve a higher number before a lower one', () => {
      const spoil = ({ truth }: GoodRush): void => {
        truth.served.get('x')?.push({ studentId: 'cho', place: 2, at: 100_000 });
        truth.waits.clear();
        truth.enrolments.set('cho', new Set(['x']));
      };
      expect(broken(spoil)).toContain(name);
    });

    it('must not serve one who joined after another who still waits, whatever their numbers are', () => {
      const spoil = (rush: GoodRush): void => {
        Object.assign(rush.answer(rush.ben, 'join', 'x'), { askedAt: 140, answeredAt: 145 });
      };
      expect(broken(spoil)).toContain(name);
    });

    it('must not serve one who joined after another who left only later', () => {
      const spoil = (rush: GoodRush): void => {
        Object.assign(rush.answer(rush.ben, 'join', 'x'), { askedAt: 150, answeredAt: 155, position: 3 });
        Object.assign(rush.answer(rush.cho, 'join', 'x'), { askedAt: 160, answeredAt: 165, position: 3 });
        Object.assign(rush.answer(rush.dan, 'leave', 'x'), { askedAt: 250, answeredAt: 255 });
      };
      expect(broken(spoil)).toEqual([name]);
    });

    it('must not be passed by somebody who just asks', () => {
      const spoil = (rush: GoodRush): void => {
        rush.ben.answers.splice(0);
        rush.ben.news.splice(0);
        rush.truth.served.clear();
        add(rush.ben, 210, 'commit', 'x', 'enrolled');
        rush.answer(rush.cho, 'join', 'x').position = 1;
        rush.answer(rush.dan, 'join', 'x').position = 2;
      };
      expect(broken(spoil)).toEqual([name]);
    });

    it('must not put one who joined later ahead', () => {
      const spoil = (rush: GoodRush): void => {
        rush.dan.answers.pop();
        rush.truth.waits.set('x', [
          { studentId: 'cho', place: 3 },
          { studentId: 'dan', place: 2 },
        ]);
      };
      expect(broken(spoil)).toEqual([name]);
    });

    it('must not tell a position that leaves somebody out', () => {
      expect(broken((rush) => (rush.answer(rush.cho, 'join', 'x').position = 1))).toEqual([]);
      expect(broken((rush) => (rush.answer(rush.dan, 'join', 'x').position = 1))).toEqual([name]);
    });
  });

  describe('a turn on a waitlist', () => {
    it('must not be lost', () => {
      expect(broken(({ truth }) => truth.waits.clear())).toContain('wrongWaits');
    });

    it('must not outlive leaving', () => {
      const spoil = ({ truth }: GoodRush): void => void truth.waits.get('x')?.push({ studentId: 'dan', place: 3 });
      expect(broken(spoil)).toEqual(['wrongWaits']);
    });

    it('must not be there twice', () => {
      const spoil = ({ truth }: GoodRush): void => void truth.waits.get('x')?.push({ studentId: 'cho', place: 3 });
      expect(broken(spoil)).toEqual(['wrongWaits']);
    });
  });

  describe('news', () => {
    const name = 'wrongNews';

    it('must tell of a promotion', () => {
      expect(broken(({ ben }) => ben.news.splice(0))).toEqual([name]);
    });

    it('must tell every tab', () => {
      expect(broken(({ ben }) => ben.connections.push({ tab: 1, from: 20, to: Infinity }))).toEqual([name]);
    });

    it('may miss a tab whose connection was lost meanwhile', () => {
      const spoil = ({ ben }: GoodRush): void => {
        ben.news.splice(0);
        ben.connections.splice(0, 1, { tab: 0, from: 10, to: 170 }, { tab: 0, from: 190, to: Infinity });
      };
      expect(broken(spoil)).toEqual([]);
    });

    it('must not tell of a promotion that was not made', () => {
      const spoil = (rush: GoodRush): void => rush.tell(rush.cho, 'x', 210);
      expect(broken(spoil)).toEqual(expect.arrayContaining([name, 'wrongAnswers']));
    });

    it('must not tell of a drop that nobody asked for', () => {
      const spoil = ({ ben }: GoodRush): void => {
        ben.news.push({ tab: 0, sectionId: 'x', state: 'dropped', by: 'drop', at: 300 });
      };
      expect(broken(spoil)).toEqual([name]);
    });
  });

  describe('a refusal', () => {
    const name = 'wrongRefusals';

    it('must not say that no waitlist is needed where no seat was given back', () => {
      const spoil = ({ eve }: GoodRush): void => {
        add(eve, 300, 'join', 'z', 'refused', { code: 'waitlist_not_needed' });
      };
      expect(broken(spoil)).toEqual([name]);
    });

    it('must not say that the student does not wait, but for one who was promoted', () => {
      const spoil = (rush: GoodRush): void => {
        Object.assign(rush.answer(rush.dan, 'leave', 'x'), { outcome: 'refused', code: 'not_waitlisted' });
      };
      expect(broken(spoil)).toContain(name);
    });
  });
});
