import { memoryStorage } from '../../client/sdk/storage';
import type { LineTicketMessage } from '../../src/contract/line';
import type { RoomStateMessage } from '../../src/contract/rooms';
import { Agenda } from '../support/agenda';
import { SeededRandom } from '../support/random';
import { numberProblems, positionRises } from '../judge/line-promises';
import { Student } from './student';
import type { SwarmContext } from './swarm-context';
import { Tab } from './tab';

const PACE = { retryMs: { least: 0, most: 0 } };

const ROOM: RoomStateMessage = {
  ...{ roomId: 'fall', termId: '20251', name: 'Fall', state: 'open', opensAt: 0, notice: '' },
  ...{ ratePerSecond: 10, serverTime: 1_000 },
};
const RECOVERING: RoomStateMessage = { ...ROOM, state: 'recovering' };
const BEFORE_DRAW: RoomStateMessage = { ...ROOM, state: 'scheduled', lottery: { seedHash: 'hash' } };
const DRAWN: RoomStateMessage = { ...ROOM, lottery: { seedHash: 'hash', seed: 'seed' } };

const ticket = (change: Partial<LineTicketMessage>): LineTicketMessage => ({
  ...{ roomId: 'fall', ticket: 'signed', number: 7, state: 'waiting', position: 5, total: 9, sequence: 1, room: ROOM },
  ...change,
});

describe('a simulated student', () => {
  const agenda = new Agenda();
  afterAll(() => agenda.stop());

  function newStudent(): { student: Student; tab: Tab } {
    const context: SwarmContext = {
      ...{ url: '', roomId: 'fall', termId: '20251', agenda, random: new SeededRandom('1') },
      ...{ positionAges: [], now: () => 0, pace: PACE },
    };
    const plan = { ordinal: 1, studentId: 'student-1', token: 'token', wishes: [], arriveAt: 0, troubles: {} };
    const student = new Student(plan, context, () => undefined);
    return { student, tab: new Tab(0, student, context, memoryStorage()) };
  }

  const told = (...messages: Partial<LineTicketMessage>[]): Student => {
    const { student, tab } = newStudent();
    for (const message of messages) student.onTicket(tab, ticket(message));
    return student;
  };

  const shown = ({ record }: Student): number[] =>
    record.sights.flatMap((sight) => (sight.kind === 'shown' ? [sight.position] : []));

  it.each([
    ['a recovery', RECOVERING],
    ["the draw of a room's lottery", BEFORE_DRAW],
  ])('takes a position that is withheld until the end of %s for none', (_, room) => {
    const student = told({ position: 0, room }, { position: 4, sequence: 2 });
    expect(shown(student)).toEqual([4]);
    expect(positionRises([student.record])).toEqual([]);
  });

  it('is at the end of the line once let in', () => {
    const student = told({ position: 3 }, { position: 0, state: 'admitted' });
    expect(shown(student)).toEqual([3, 0]);
  });

  it('has the drawn number, and not that of the entry as well', () => {
    const student = told({ position: 0, number: 7, room: BEFORE_DRAW }, { position: 4, number: 27, room: DRAWN });
    expect(student.record.numbers).toEqual([27]);
    expect(numberProblems([student.record])).toEqual([]);
  });

  it('has two numbers when a room without a lottery gives another one', () => {
    expect(numberProblems([told({ number: 7 }, { number: 27 }).record])).toHaveLength(1);
  });
});
