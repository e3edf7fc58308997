import type { LinePositionMessage, LineTicketMessage } from '../../src/contract/line';
import type { RoomStateMessage } from '../../src/contract/rooms';
import {
  INITIAL_STATE,
  placeKeptUntil,
  reduce,
  type StateEvent,
  stopsIn,
  type SunbeonState,
  withheldBy,
  withSeats,
} from './state';

const room = (change: Partial<RoomStateMessage> = {}): RoomStateMessage => ({
  roomId: 'fall',
  termId: '20251',
  name: 'Fall',
  state: 'open',
  opensAt: 0,
  notice: '',
  ratePerSecond: 10,
  serverTime: 1_000,
  ...change,
});

const ticket = (change: Partial<LineTicketMessage> = {}): StateEvent => ({
  type: 'ticket',
  message: {
    ...{ roomId: 'fall', ticket: 'signed', number: 7, state: 'waiting' },
    ...{ position: 50, total: 80, sequence: 100, room: room() },
    ...change,
  },
});

const position = (change: Partial<LinePositionMessage>): StateEvent => ({
  type: 'position',
  message: { roomId: 'fall', position: 40, total: 80, sequence: 101, at: 2_000, speed: 5, ...change },
});

const after = (...events: StateEvent[]): SunbeonState => events.reduce(reduce, INITIAL_STATE);

describe('the shown position', () => {
  it('follows the line', () => {
    expect(after(ticket(), position({})).place).toMatchObject({ phase: 'waiting', position: 40, sequence: 101 });
  });

  it('does not change by a message that is older than what is shown', () => {
    const state = after(ticket(), position({ position: 40, sequence: 110 }));
    expect(reduce(state, position({ position: 45, sequence: 105 }))).toBe(state);
  });

  it('never rises for the same number, whatever is said', () => {
    const state = after(ticket(), position({ position: 40 }), position({ position: 44, sequence: 200 }));
    expect(state.place).toMatchObject({ position: 40, sequence: 200 });
    expect(reduce(state, ticket({ position: 49, sequence: 201 })).place).toMatchObject({ position: 40 });
  });

  it('does not rise over a reload either', () => {
    const resumed = { ...ticket(), saved: { number: 7, startPosition: 90, position: 30 } } as StateEvent;
    expect(after(resumed).place).toMatchObject({ position: 30, startPosition: 90 });
  });

  it('begins anew with a new number', () => {
    const rejoined = after(ticket(), position({ position: 3 }), ticket({ number: 99, position: 70, sequence: 300 }));
    expect(rejoined.place).toMatchObject({ number: 99, position: 70, startPosition: 70 });
  });

  it('goes on after a recovery, in which the feed begins anew', () => {
    const recovered = after(
      ticket(),
      { type: 'room', message: room({ state: 'recovering' }) },
      position({ sequence: 2 }),
    );
    expect(recovered.place).toMatchObject({ position: 40, sequence: 2 });
  });

  it('assumes the planned speed when the room opens', () => {
    const opened = after(ticket({ room: room({ state: 'scheduled' }) }), position({ speed: 0 }), {
      type: 'room',
      message: room({ state: 'open', serverTime: 9_000 }),
    });
    expect(opened.place).toMatchObject({ speed: 10, speedAt: 9_000 });
  });
});

describe('a line that is being restored', () => {
  const recovering = room({ state: 'recovering' });
  const unknown = (change: Partial<LineTicketMessage> = {}) => ticket({ position: 0, room: recovering, ...change });

  it('leaves standing what was shown', () => {
    expect(after(ticket(), position({ position: 12 }), unknown()).place).toMatchObject({ position: 12 });
    const reloaded = { ...unknown(), saved: { number: 7, startPosition: 90, position: 30 } } as StateEvent;
    expect(after(reloaded).place).toMatchObject({ position: 30, startPosition: 90 });
  });

  it('shows no position to one who comes meanwhile, until it is known', () => {
    const come = after(unknown());
    expect(come.place).toMatchObject({ phase: 'waiting', position: undefined, startPosition: undefined });
    const known = reduce(come, position({ position: 33, sequence: 101 }));
    expect(known.place).toMatchObject({ position: 33, startPosition: 33 });
  });

  it('takes a remembered place without a position for what it is', () => {
    const saved = { number: 7, startPosition: 0, position: 0 };
    expect(after({ ...ticket(), saved } as StateEvent).place).toMatchObject({ position: 50, startPosition: 50 });
  });
});

describe('news of the seats', () => {
  const changed = (
    state: 'enrolled' | 'offered' | 'none',
    by: 'commit' | 'promotion',
    sectionId = 'a',
  ): StateEvent => ({
    type: 'enrolments-changed',
    message: { termId: 't', changes: [{ sectionId, state, by }] },
  });

  it('are what happened without the student', () => {
    const state = after(changed('enrolled', 'commit', 'b'), changed('enrolled', 'promotion'));
    expect(state.news).toMatchObject([{ sectionId: 'a', state: 'enrolled', by: 'promotion' }]);
    expect(state.enrolmentChanges).toBe(2);
  });

  it('are replaced by newer ones of the same section', () => {
    const state = after(changed('offered', 'promotion'), changed('none', 'promotion'));
    expect(state.news).toMatchObject([{ state: 'none' }]);
    expect(reduce(state, changed('enrolled', 'commit')).news).toEqual([]);
  });

  it('stay until they are put away', () => {
    const state = after(changed('offered', 'promotion'), changed('offered', 'promotion', 'b'));
    const [first] = state.news;
    expect(reduce(state, { type: 'news-read', id: first?.id ?? -1 }).news).toMatchObject([{ sectionId: 'b' }]);
  });
});

describe('being inside', () => {
  const admitted: StateEvent = {
    type: 'admitted',
    message: { roomId: 'fall', number: 7, token: 'proof', expiresAt: 60_000, serverTime: 2_000, sequence: 140 },
  };

  it('begins with the admission', () => {
    const inside = { phase: 'inside', number: 7, token: 'proof', expiresAt: 60_000, sequence: 140 };
    expect(after(ticket(), admitted).place).toEqual(inside);
  });

  it('keeps its token when the ticket is said again after a reconnect', () => {
    expect(after(ticket(), admitted, ticket({ state: 'admitted', position: 0 })).place).toMatchObject({
      token: 'proof',
    });
  });

  it('keeps what was seen when an older service does not say when in the feed it was', () => {
    const { sequence: _, ...older } = admitted.message;
    expect(after(ticket(), { ...admitted, message: older }).place).toMatchObject({ sequence: 100 });
  });

  it('is not undone by a late position', () => {
    expect(after(ticket(), admitted, position({ sequence: 999 })).place.phase).toBe('inside');
  });

  it('ends with its reason', () => {
    expect(after(ticket(), admitted, { type: 'ended', reason: 'expired' }).place).toEqual({
      phase: 'ended',
      reason: 'expired',
    });
  });
});

describe('seats left', () => {
  it('are replaced by newer counts only', () => {
    const first = withSeats(new Map(), {
      termId: 't',
      seats: [
        ['a', 3, 5],
        ['b', 1, 1],
      ],
    });
    const next = withSeats(first, {
      termId: 't',
      seats: [
        ['a', 9, 4],
        ['b', 0, 2],
      ],
    });
    expect([...next]).toEqual([
      ['a', { left: 3, version: 5 }],
      ['b', { left: 0, version: 2 }],
    ]);
  });

  it('come with the capacity of the same moment', () => {
    const seats = withSeats(new Map(), { termId: 't', seats: [['a', 28, 5, 30]] });
    expect(seats.get('a')).toEqual({ left: 28, version: 5, capacity: 30 });
  });

  it('are the same map when nothing was newer', () => {
    const seats = withSeats(new Map(), { termId: 't', seats: [['a', 3, 5]] });
    expect(withSeats(seats, { termId: 't', seats: [['a', 3, 5]] })).toBe(seats);
  });
});

it('a sign-in that ended leaves nothing behind', () => {
  const state = after({ type: 'signed-in', student: { id: '1', name: 'A' } }, ticket(), {
    type: 'signed-out',
    ended: true,
  });
  expect(state).toEqual({ ...INITIAL_STATE, signInEnded: true });
});

it('a room that said no because it was closed can be joined again when it is opened', () => {
  const error = { code: 'room_closed', message: '', retryable: false };
  const refused = after({ type: 'room', message: room({ state: 'closed' }) }, { type: 'refused', error });
  expect(reduce(refused, { type: 'room', message: room({ state: 'closed', name: 'Fall again' }) }).place).toEqual({
    ...{ phase: 'refused', error },
  });
  expect(reduce(refused, { type: 'room', message: room() }).place).toEqual({ phase: 'none' });
});

describe('a room with a lottery', () => {
  const beforeDraw = room({ state: 'scheduled', lottery: { seedHash: 'hash' } });
  const drawn = room({ lottery: { seedHash: 'hash', seed: 'seed' } });
  const entered = after(ticket({ number: 7, position: 0, room: beforeDraw }));

  const why = ({ room: seen, place }: SunbeonState): string | undefined =>
    seen && place.phase === 'waiting' ? withheldBy(seen, place) : undefined;

  it('shows no place before the draw, and says why', () => {
    expect(entered.place).toMatchObject({ phase: 'waiting', position: undefined, startPosition: undefined });
    expect(why(entered)).toBe('lottery');
    expect(why(reduce(entered, { type: 'room', message: { ...beforeDraw, state: 'open' } }))).toBe('lottery');
  });

  it('says that the line is being restored while it is', () => {
    expect(why(reduce(entered, { type: 'room', message: { ...beforeDraw, state: 'recovering' } }))).toBe('recovery');
  });

  it('shows the drawn place from the new ticket on, or from a position that comes before it', () => {
    const renewed = ticket({ number: 27, position: 20, sequence: 200, room: drawn });
    const told = [
      reduce(entered, renewed),
      [position({ position: 21, sequence: 190 }), renewed].reduce(reduce, entered),
    ];
    for (const state of told) {
      expect(state.place).toMatchObject({ number: 27, position: 20, startPosition: 20 });
      expect(why(state)).toBeUndefined();
    }
  });
});

describe('the place of one whose connection is lost', () => {
  it('is kept for the grace of the room', () => {
    expect(placeKeptUntil(room({ graceMs: 300_000 }), 5_000)).toBe(305_000);
  });

  it('is kept for the grace from the opening on, where being away costs nothing before', () => {
    expect(placeKeptUntil(room({ graceMs: 300_000, graceStands: true, opensAt: 60_000 }), 5_000)).toBe(360_000);
    expect(placeKeptUntil(room({ graceMs: 300_000, graceStands: true, opensAt: 60_000 }), 90_000)).toBe(390_000);
  });

  it('is kept for nobody knows how long by a service that does not say', () => {
    expect(placeKeptUntil(room(), 5_000)).toBeUndefined();
  });
});

describe('the stops of which the list of rooms tells', () => {
  it('are one for each term, whichever of its rooms say so', () => {
    const seatsStopped = { reason: 'Fire alarm', stoppedAt: 5 };
    const rooms = [{ termId: 'fall', seatsStopped }, { termId: 'spring' }, { termId: 'fall', seatsStopped }];
    expect(stopsIn(rooms)).toEqual([{ termId: 'fall', ...seatsStopped }]);
    expect(stopsIn([{ termId: 'spring' }])).toEqual([]);
  });
});
