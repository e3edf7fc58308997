import type { Admitted, AdmissionService } from '../../admission/admission.service';
import { DomainError } from '../../common/domain-error';
import type { LineEvent } from '../../line/line-store';
import type { LineService } from '../../line/line.service';
import type { RoomLine } from '../../line/follower/room-line';
import { LiveSessions } from '../live-sessions';
import { LiveSocket, Session } from '../session';
import { Broadcaster } from './broadcaster';
import { LineAnnouncer } from './line-announcer';

const room = { id: 'fall', termId: '20251', name: 'Fall', lotterySeed: '', opensAt: 0, notice: '', ratePerSecond: 1 };
const line = { room, available: true, forget: () => undefined } as unknown as RoomLine;

const left = (studentId: string, number: number): LineEvent => {
  return { type: 'ended', reason: 'left', studentId, number, sequence: number, at: 0 };
};

describe('what a pod tells of a line', () => {
  let sessions: LiveSessions;
  let announcer: LineAnnouncer;

  beforeEach(() => {
    sessions = new LiveSessions();
    announcer = new LineAnnouncer({} as LineService, {} as AdmissionService, sessions, new Broadcaster());
  });

  function enter(studentId: string, number: number, emit: jest.Mock, id = studentId): Session {
    const session = new Session({ id, emit } as unknown as LiveSocket, studentId);
    sessions.add(session);
    const ticket = { roomId: room.id, studentId, epoch: 1, number, joinedAt: 0, state: 'waiting' as const };
    const place = { roomId: room.id, number, state: 'waiting' as const, ticket, position: 1, total: 1, sentAt: 0 };
    sessions.givePlace(session, place);
    return session;
  }

  it('reaches the others when one cannot be told', () => {
    const broken = jest.fn(() => {
      throw new Error('broken');
    });
    const [one, other] = [jest.fn(), jest.fn()];
    enter('s1', 1, broken);
    enter('s2', 2, one);
    enter('s3', 3, other);
    announcer.onEvents(line, [left('s1', 1), left('s2', 2), left('s3', 3)]);
    for (const emit of [broken, one, other]) {
      expect(emit).toHaveBeenCalledWith('line:left', { roomId: 'fall', reason: 'left' });
    }
  });

  it('says why the door was shut, and nothing of an operator’s note', () => {
    const [held, removed] = [jest.fn(), jest.fn()];
    enter('s1', 1, held);
    enter('s2', 2, removed);
    const gone = (studentId: string, number: number, operator: string): LineEvent =>
      ({ ...left(studentId, number), reason: 'removed', act: { operator, note: 'on_hold' } }) as LineEvent;
    announcer.onEvents(line, [gone('s1', 1, 'door'), gone('s2', 2, 'kim')]);
    expect(held).toHaveBeenCalledWith('line:left', { roomId: 'fall', reason: 'removed', why: 'on_hold' });
    expect(removed).toHaveBeenCalledWith('line:left', { roomId: 'fall', reason: 'removed' });
  });

  it('comes after the answer to the act that has brought it about', async () => {
    const order: string[] = [];
    const session = enter(
      's1',
      1,
      jest.fn((event: string) => order.push(event)),
    );
    await session.answerFirst(() => {
      announcer.onEvents(line, [left('s1', 1)]);
      order.push('answer');
      return Promise.resolve();
    });
    expect(order).toEqual(['answer', 'line:left']);
  });

  it.each([
    ['after', false],
    ['before', true],
  ])(
    'is nothing of an admission given after the door was shut, published %s the event, unless by hand',
    async (_is, early) => {
      const refusal = new DomainError('window_closed', 'over', { closedAt: 50 });
      const tell: { admitted?: (admission: Admitted) => void } = {};
      const lines = {
        listen: () => undefined,
        refusalAtDoor: () => refusal,
        line: () => line,
      } as unknown as LineService;
      const admissions = {
        onAdmitted: (listener: typeof tell.admitted) => (tell.admitted = listener),
        token: () => Promise.resolve('token'),
      } as unknown as AdmissionService;
      announcer = new LineAnnouncer(lines, admissions, sessions, new Broadcaster());
      announcer.onModuleInit();
      const act = { operator: 'tester', note: 'test' };
      const given: [string, number, object][] = [
        ['inTime', 49, {}],
        ['late', 50, {}],
        ['byHand', 60, { act }],
      ];
      const emits = given.map(([studentId, at, more], index) => {
        const emit = jest.fn();
        const number = index + 1;
        enter(studentId, number, emit);
        const publish = (): void =>
          tell.admitted?.({ roomId: room.id, studentId, number, expiresAt: 99, sequence: number });
        if (early) publish();
        announcer.onEvents(line, [
          { type: 'admitted', studentId, number, sequence: number, expiresAt: 99, at, ...more },
        ]);
        if (!early) publish();
        return emit;
      });
      await new Promise(setImmediate);
      expect(emits.map(({ mock }) => mock.calls.length)).toEqual([1, 0, 1]);
      expect(emits[0]?.mock.calls[0]).toEqual([
        'line:admitted',
        expect.objectContaining({ token: 'token', sequence: 1 }),
        expect.any(Function),
      ]);
      const secondTabs = given.map(([studentId], index) => {
        const emit = jest.fn();
        const number = index + 1;
        const session = enter(studentId, number, emit, `${studentId} again`);
        const ticket = { roomId: room.id, studentId, epoch: 1, number, joinedAt: 0, expiresAt: 99 };
        announcer.tellAdmittedTicket(line, session, { ...ticket, state: 'admitted' });
        return emit;
      });
      await new Promise(setImmediate);
      expect(secondTabs.map(({ mock }) => mock.calls.length)).toEqual([1, 0, 1]);
    },
  );

  it('reaches those who look at a closed room that is opened again', () => {
    const write = jest.fn();
    const session = enter('s1', 1, jest.fn());
    Object.assign(session.socket, { conn: { readyState: 'open', transport: { name: 'polling' }, write } });
    announcer.onEvents(line, [{ ...left('s1', 1), reason: 'closed' } as LineEvent]);
    announcer.onState(line);
    expect(write).toHaveBeenCalledWith(expect.stringMatching(/^2\["room:state",\{"roomId":"fall"/), expect.anything());
  });
});
