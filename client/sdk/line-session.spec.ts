import type { ServiceConnection } from './connection';
import { LineSession } from './line-session';
import { SavedPlaces } from './saved-place';
import { INITIAL_STATE, reduce, type SunbeonState } from './state';
import { SunbeonError } from './sunbeon-error';

/** A student who comes back to a place, and what the page is told once the service has refused. */
async function afterComingBack(details?: Record<string, unknown>): Promise<SunbeonState['place']> {
  let state: SunbeonState = { ...INITIAL_STATE, student: { id: 'haneul', name: 'Haneul' } };
  const connection = {
    isUp: true,
    ask: () => Promise.reject(new SunbeonError('ticket_gone', 'Gone.', false, details)),
  } as unknown as ServiceConnection;
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const ended = new Promise<void>((resolve) => {
    const session = new LineSession({
      connection,
      places: new SavedPlaces(storage),
      state: () => state,
      dispatch: (event) => {
        state = reduce(state, event);
        if (state.place.phase === 'ended') resolve();
      },
    });
    session.comeBack('fall');
  });
  await ended;
  return state.place;
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
  /** What a pod was asked that takes, or does not know, clients that move the number on. */
  async function askedBy(isOlder: boolean): Promise<object[]> {
    const asked: object[] = [];
    const state = { ...INITIAL_STATE, student: { id: 'haneul', name: 'Haneul' } };
    await new Promise<void>((resolve) => {
      const ask = (_: string, request: object): Promise<object> => {
        asked.push(request);
        if (isOlder && 'extrapolates' in request) {
          return Promise.reject(new SunbeonError('invalid_input', 'Unrecognized key: "extrapolates"', false));
        }
        resolve();
        return Promise.resolve({ ok: true });
      };
      const connection = { isUp: true, ask } as unknown as ServiceConnection;
      const storage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
      const parts = { connection, places: new SavedPlaces(storage), state: () => state, dispatch: () => undefined };
      new LineSession(parts).join('fall');
    });
    return asked;
  }

  it('says that the number is moved on here, and asks a pod of an older version as it knows it', async () => {
    expect(await askedBy(false)).toEqual([{ roomId: 'fall', extrapolates: true }]);
    expect(await askedBy(true)).toEqual([{ roomId: 'fall', extrapolates: true }, { roomId: 'fall' }]);
  });
});
