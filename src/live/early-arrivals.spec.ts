import type { LineService } from '../line/line.service';
import { EarlyArrivals } from './early-arrivals';
import { LiveSocket, Session } from './session';

describe('those who come before their window', () => {
  /** When the window of each student opens, by room. */
  const opens = new Map<string, number>();
  const opensLater = jest.fn((roomId: string, studentId: string) => {
    const at = opens.get(`${roomId}/${studentId}`) ?? 0;
    return at > Date.now() ? at : undefined;
  });
  let early: EarlyArrivals;

  beforeEach(() => {
    jest.useFakeTimers({ now: 1_000_000 });
    opens.clear();
    opensLater.mockClear();
    early = new EarlyArrivals({ has: () => true, now: () => Date.now(), opensLater } as unknown as LineService);
  });
  afterEach(() => {
    early.onApplicationShutdown();
    jest.useRealTimers();
  });

  function come(studentId: string, inMs: number, roomIds = ['fall']): { session: Session; take: jest.Mock } {
    const session = new Session({ id: studentId } as LiveSocket, studentId);
    const take = jest.fn((_roomId: string) => Promise.resolve());
    for (const roomId of roomIds) {
      opens.set(`${roomId}/${studentId}`, Date.now() + inMs);
      session.rooms.add(roomId);
      early.note(session, roomId, () => take(roomId));
    }
    return { session, take };
  }

  it('have their place at the instant, also who comes last and is the first whose window opens', () => {
    const later = come('s1', 60_000);
    const sooner = come('s2', 300);
    jest.advanceTimersByTime(300);
    expect(sooner.take).toHaveBeenCalledTimes(1);
    expect(later.take).not.toHaveBeenCalled();
    jest.advanceTimersByTime(59_700);
    expect(later.take).toHaveBeenCalledTimes(1);
  });

  it('cost as much each, however many there are', () => {
    for (let index = 0; index < 500; index += 1) come(`s${index}`, 60_000);
    expect(opensLater.mock.calls.length).toBeLessThanOrEqual(1_000);
  });

  it('keep what they wait for in one room when they want none in another any more', () => {
    const { session, take } = come('s1', 300, ['fall', 'spring']);
    early.forget(session, 'spring');
    jest.advanceTimersByTime(300);
    expect(take.mock.calls).toEqual([['fall']]);
  });

  it('take nothing once their socket is gone', () => {
    const { session, take } = come('s1', 300, ['fall', 'spring']);
    early.forgetEverywhere(session);
    jest.advanceTimersByTime(1_000);
    expect(take).not.toHaveBeenCalled();
  });
});
