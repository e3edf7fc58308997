import type { AdmissionService } from '../admission/admission.service';
import { DomainError } from '../common/domain-error';
import type { LineService } from '../line/line.service';
import { DoorWatch } from './door-watch';
import { LiveSessions } from './live-sessions';
import { LiveSocket, Session, type SessionPlace } from './session';

describe('the watch over those to whom the door has been shut', () => {
  const refusals = new Map<string, DomainError>();
  let sessions: LiveSessions;
  let removeWaiting: jest.Mock<Promise<void>, [room: string, student: string]>;
  let remove: jest.Mock<Promise<void>, [room: string, student: string]>;
  let watch: DoorWatch;

  beforeEach(() => {
    refusals.clear();
    sessions = new LiveSessions();
    const done = (_room: string, _student: string): Promise<void> => Promise.resolve();
    [removeWaiting, remove] = [jest.fn(done), jest.fn(done)];
    const lines = {
      has: () => true,
      refusalAtDoor: (_room: string, student: string) => refusals.get(student),
      removeWaiting,
    };
    watch = new DoorWatch(lines as unknown as LineService, sessions, { remove } as unknown as AdmissionService);
  });
  afterEach(() => watch.stop());

  function shut(
    code: 'window_closed' | 'on_hold',
    studentId: string,
    number: number,
    more: Partial<SessionPlace> = {},
  ): void {
    const session = new Session({ id: `${studentId}-${number}` } as LiveSocket, studentId);
    sessions.add(session);
    const ticket = { roomId: 'fall', studentId, epoch: 1, number, joinedAt: 0, state: 'waiting' as const };
    const state = 'waiting' as const;
    sessions.givePlace(session, { roomId: 'fall', number, state, ticket, position: 1, total: 1, sentAt: 0, ...more });
    refusals.set(studentId, new DomainError(code, 'shut'));
  }

  it('takes the places of many away at the same time, the first in line first, whatever becomes of one of them', async () => {
    for (let number = 100; number >= 1; number -= 1) shut('window_closed', `s${number}`, number);
    let [underWay, most] = [0, 0];
    removeWaiting.mockImplementation(async (_room: string, student: string) => {
      most = Math.max(most, (underWay += 1));
      await new Promise(setImmediate);
      underWay -= 1;
      if (student === 's7') throw new Error('the store is away');
    });
    watch.onApplicationBootstrap();
    while (removeWaiting.mock.calls.length < 100) await new Promise(setImmediate);
    expect(removeWaiting.mock.calls.map(([, student]) => student)).toEqual(
      Array.from({ length: 100 }, (_, index) => `s${index + 1}`),
    );
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(32);
  });

  it('leaves inside who was let in while the window was open, and nobody who was let in after it', async () => {
    shut('window_closed', 'inTime', 1, { state: 'admitted' });
    shut('window_closed', 'late', 2, { state: 'admitted', late: true });
    shut('on_hold', 'held', 3, { state: 'admitted' });
    watch.onApplicationBootstrap();
    while (remove.mock.calls.length < 2) await new Promise(setImmediate);
    await watch.stop();
    expect(remove.mock.calls.map(([, student]) => student)).toEqual(['late', 'held']);
    expect(removeWaiting).not.toHaveBeenCalled();
  });
});
