import { linePositionSchema } from '../../contract/line';
import type { LineReplica } from '../../line/follower/line-replica';
import { type LiveSocket, Session, type SessionPlace } from '../session';
import { type Look, PositionTeller } from './position-teller';

const FLOW = { inside: 1, capacity: 2, ratePerSecond: 3, stayMs: { least: 4, most: 5 }, ageMs: 6 };
const LOOK: Look = { atAll: true, upTo: Infinity, told: { flow: FLOW, version: 1, turnedAt: 1 }, pace: 2.5 };

/** A student's place, as it was told last, and what is said over the socket from now on. */
function student(place: Partial<SessionPlace>) {
  const said: unknown[] = [];
  const writeBuffer: unknown[] = [];
  const conn = { readyState: 'open', writeBuffer, transport: { name: 'polling' }, write: (text: string) => hear(text) };
  const hear = (text: string) => said.push((JSON.parse(text.slice(1)) as unknown[])[1]);
  const session = new Session({ id: 'tab', conn } as unknown as LiveSocket, 's1');
  const known = { roomId: 'fall', number: 7, state: 'waiting', position: 40, total: 90, sentAt: 1_000, flowVersion: 1 };
  const given = { ...known, ...place } as SessionPlace;
  session.places.set('fall', given);
  return { session, place: given, said, writeBuffer };
}

/** A line in which everybody is at one position. */
function teller({ position = 40, now = 1_100, ...look }: { position?: number; now?: number } & Partial<Look>) {
  const line = { position: () => position, total: 90, shownSequence: 5, now: () => now, expectedSpeed: () => 2 };
  const made = new PositionTeller('fall', line as unknown as LineReplica, { ...LOOK, ...look });
  made.beginTurn();
  return made;
}

describe('what one who waits is told', () => {
  it('is as the contract says it, with a pace for a client that extrapolates', () => {
    for (const reckoned of [undefined, { position: 40, at: 1_000, pace: 0 }]) {
      const { session, place, said } = student({ reckoned, flowVersion: 0 });
      teller({ position: 30 }).tell(session, place);
      const alike = { roomId: 'fall', position: 30, total: 90, sequence: 5, at: 1_100, speed: 2, flow: FLOW };
      expect(said).toEqual([{ ...alike, ...(reckoned && { pace: 2.5 }) }]);
      expect(linePositionSchema.parse(said[0])).toEqual(said[0]);
    }
  });

  it('is nothing once the place is over, or while the socket does not drain', () => {
    const gone = student({});
    gone.session.places.delete('fall');
    const stalled = student({});
    stalled.writeBuffer.push(...Array.from({ length: 9 }));
    for (const { session, place } of [gone, stalled]) teller({ position: 30 }).tell(session, place);
    expect([gone.said, stalled.said]).toEqual([[], []]);
    stalled.writeBuffer.length = 0;
    teller({ position: 29 }).tell(stalled.session, stalled.place);
    expect(stalled.said).toEqual([expect.objectContaining({ position: 29 })]);
  });

  it('comes to a plain client with the interval only, and to one that extrapolates when its number is off', () => {
    const plain = student({});
    const reckoned = { position: 400, at: 1_000, pace: 10 };
    const own = student({ position: 400, reckoned });
    const said = (now: number, position: number, atAll = false) => {
      teller({ position, now, atAll }).tell(plain.session, plain.place);
      teller({ position, now, atAll }).tell(own.session, own.place);
      return [plain.said.splice(0).length, own.said.splice(0).length];
    };
    expect(said(2_000, 390)).toEqual([0, 0]);
    expect(said(2_000, 386)).toEqual([0, 1]);
    expect(said(2_100, 39, true)).toEqual([1, 1]);
  });

  it('is that the line moves for another reason, also while the place stands, and else goes along', () => {
    const told = { flow: FLOW, version: 3, turnedAt: 2 };
    const reckoned = { position: 400, at: 1_000, pace: 0 };
    const before = student({ position: 400, reckoned, flowVersion: 1 });
    const since = student({ position: 400, reckoned, flowVersion: 2 });
    for (const { session, place } of [before, since]) teller({ position: 400, told }).tell(session, place);
    expect(before.said).toEqual([expect.objectContaining({ flow: FLOW })]);
    expect(since.said).toEqual([]);
  });

  it('is nothing new to one who extrapolates after 15 s, unless something has changed', () => {
    const stands = student({ position: 400, total: 400, reckoned: { position: 400, at: 1_000, pace: 0 } });
    const tell = (look: Parameters<typeof teller>[0]) =>
      teller({ position: 400, ...look }).tell(stands.session, stands.place);
    tell({ now: 16_100, pace: 0 });
    expect(stands.said).toEqual([]);
    tell({ now: 16_100, pace: 1 });
    expect(stands.said).toEqual([expect.objectContaining({ position: 400, pace: 1 })]);
  });
});
