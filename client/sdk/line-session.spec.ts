import type { LineJoinRequest, LineTicketMessage } from '../../src/contract/line';
import type { RoomStateMessage } from '../../src/contract/rooms';
import type { ServiceConnection } from './connection';
import { LineSession } from './line-session';
import { PAGE_PACE } from './pace';
import { Tries } from './retry';
import { SavedPlaces } from './saved-place';
import { INITIAL_STATE, reduce, type StateEvent, type SunbeonState } from './state';
import { memoryStorage } from './storage';
import { SunbeonError } from './sunbeon-error';

const ROOM: RoomStateMessage = {
  ...{ roomId: 'fall', termId: '20251', name: 'Fall', state: 'open', opensAt: 0, notice: '' },
  ...{ ratePerSecond: 10, serverTime: 1_000 },
};
const ticket = (change: Partial<LineTicketMessage>): LineTicketMessage => ({
  ...{ roomId: 'fall', ticket: 'signed', number: 7, state: 'waiting', position: 5, total: 9, sequence: 1, room: ROOM },
  ...change,
});
const ADMITTED = { roomId: 'fall', number: 7, token: 'token', expiresAt: 9, serverTime: 1 };

/** One tab of a browser, whose service answers as the test says. */
class TestTab {
  state: SunbeonState = { ...INITIAL_STATE, student: { id: 'haneul', name: 'Haneul' } };
  readonly asked: [event: string, question: object][] = [];
  answer: (event: string, question: object) => Promise<unknown> = () => Promise.resolve({ ok: true });
  readonly session: LineSession;

  constructor(storage = memoryStorage()) {
    const ask = (event: string, question: object): Promise<unknown> => {
      this.asked.push([event, question]);
      return this.answer(event, question);
    };
    this.session = new LineSession({
      connection: { isUp: true, ask } as unknown as ServiceConnection,
      places: new SavedPlaces(storage),
      state: () => this.state,
      dispatch: (event) => this.dispatch(event),
      ...{ pace: PAGE_PACE, tries: new Tries() },
    });
  }

  dispatch(event: StateEvent): void {
    this.state = reduce(this.state, event);
  }

  /** The place at which it is let in. */
  admit(sequence: number): void {
    this.dispatch({ type: 'admitted', message: { ...ADMITTED, sequence } });
    this.session.remember();
  }

  position(position: number, sequence: number): void {
    const message = { roomId: 'fall', position, total: 9, sequence, at: 0, speed: 0 };
    this.dispatch({ type: 'position', message });
    this.session.remember();
  }

  /** How it asks for the place. */
  get request(): LineJoinRequest | undefined {
    const joins = this.asked.filter(([event]) => event === 'line:join');
    return joins[joins.length - 1]?.[1] as LineJoinRequest | undefined;
  }
}

/** What the page is told when a student comes back and the service refuses. */
async function afterComingBack(details?: Record<string, unknown>): Promise<SunbeonState['place']> {
  const tab = new TestTab();
  tab.answer = () => Promise.reject(new SunbeonError('ticket_gone', 'Gone.', false, details));
  tab.session.comeBack('fall');
  await new Promise(setImmediate);
  return tab.state.place;
}

describe('a place that is gone', () => {
  it('keeps the reason of the service, also one that is newer than the client', async () => {
    expect(await afterComingBack({ reason: 'finished' })).toEqual({ phase: 'ended', reason: 'finished' });
    expect(await afterComingBack({ reason: 'moved' })).toEqual({ phase: 'ended', reason: 'moved' });
  });

  it('was kept as long as a place is, where the service says no reason', async () => {
    expect(await afterComingBack()).toEqual({ phase: 'ended', reason: 'away' });
    expect(await afterComingBack({ reason: 7 })).toEqual({ phase: 'ended', reason: 'away' });
  });
});

describe('asking for a place', () => {
  it('says that the number is moved on here, and asks a pod of an older version as it knows it', async () => {
    const [newer, older] = [new TestTab(), new TestTab()];
    older.answer = (_, question) =>
      'extrapolates' in question
        ? Promise.reject(new SunbeonError('invalid_input', 'Unrecognized key: "extrapolates"', false))
        : Promise.resolve({ ok: true });
    for (const { session } of [newer, older]) session.join('fall');
    await new Promise(setImmediate);
    expect(newer.asked).toEqual([['line:join', { roomId: 'fall', extrapolates: true }]]);
    expect(older.asked).toEqual([...newer.asked, ['line:join', { roomId: 'fall' }]]);
  });
});

describe('a place in a browser', () => {
  function joined(storage = memoryStorage()): TestTab {
    const tab = new TestTab(storage);
    tab.session.join('fall');
    return tab;
  }

  it('is asked for after a reload with all that was seen of it, a withheld position and the admission included', () => {
    const storage = memoryStorage();
    const before = joined(storage);
    before.session.handleTicket(ticket({ position: 0, sequence: 12, room: { ...ROOM, state: 'recovering' } }));
    const withheld = new TestTab(storage);
    expect(withheld.session.resumeSaved('fall')).toBe(true);
    expect(withheld.request).toMatchObject({ roomId: 'fall', ticket: 'signed', seenSequence: 12, resume: true });
    before.admit(17);
    const inside = new TestTab(storage);
    inside.session.resumeSaved('fall');
    expect(inside.request).toMatchObject({ seenSequence: 17 });
  });

  it('keeps the number to which it had moved by itself when the line was stopped', () => {
    const storage = memoryStorage();
    const before = joined(storage);
    before.session.handleTicket(ticket({ position: 65, total: 90, pace: 1 }));
    before.session.handleRoom({ ...ROOM, state: 'paused', serverTime: ROOM.serverTime + 1_000 });
    expect(before.state.place).toMatchObject({ position: 64 });
    const after = joined(storage);
    after.session.handleTicket(ticket({ position: 65, total: 90 }));
    expect(after.state.place).toMatchObject({ position: 64 });
  });

  it('keeps what one tab has seen when another one lags behind it', () => {
    const storage = memoryStorage();
    const [ahead, behind] = [joined(storage), joined(storage)];
    for (const tab of [ahead, behind]) tab.session.handleTicket(ticket({ position: 9, sequence: 3 }));
    ahead.position(2, 40);
    behind.position(6, 25);
    const after = new TestTab(storage);
    after.session.resumeSaved('fall');
    expect(after.request).toMatchObject({ seenSequence: 40 });
    after.session.handleTicket(ticket({ position: 6, sequence: 25 }));
    expect(after.state.place).toMatchObject({ position: 2, startPosition: 9 });
  });

  it('begins anew with the ticket of another life of the line', () => {
    const storage = memoryStorage();
    const tab = joined(storage);
    tab.session.handleTicket(ticket({ sequence: 900 }));
    tab.session.handleRoom({ ...ROOM, state: 'recovering' });
    tab.session.handleTicket(ticket({ ticket: 'signed anew', sequence: 4 }));
    const after = new TestTab(storage);
    after.session.resumeSaved('fall');
    expect(after.request).toMatchObject({ ticket: 'signed anew', seenSequence: 4 });
  });
});

describe('a student who leaves while being let in', () => {
  const waiting = (): TestTab => {
    const tab = new TestTab();
    tab.session.join('fall');
    tab.session.handleTicket(ticket({}));
    tab.asked.length = 0;
    return tab;
  };

  it('gives the time inside back when the admission comes before the answer', async () => {
    const tab = waiting();
    tab.answer = (event) => {
      if (event === 'line:leave') tab.admit(4);
      return Promise.resolve({ ok: true });
    };
    await tab.session.leave();
    expect(tab.asked.map(([event]) => event)).toEqual(['line:leave', 'admission:finish']);
    expect(tab.state.place).toEqual({ phase: 'ended', reason: 'finished' });
  });

  it('gives it back when the admission comes after it, and is not shown inside', async () => {
    const tab = waiting();
    await tab.session.leave();
    expect(tab.session.declineIfLeft()).toBe(true);
    expect(tab.asked.map(([event]) => event)).toEqual(['line:leave', 'admission:finish']);
    expect(tab.state.place).toEqual({ phase: 'ended', reason: 'left' });
  });

  it('goes in when it did not leave', () => {
    const tab = waiting();
    expect(tab.session.declineIfLeft()).toBe(false);
    expect(tab.asked).toEqual([]);
  });
});
