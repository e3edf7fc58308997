import type { LineEvent, LineSettings, LotteryMove } from '../../../src/line/line-store';
import { Bench, Engine } from './engine';
import { ACT, LineFixture, refusal, SETTINGS, START } from './line-fixture';

const OPENS = START + 10_000;
const LOTTERY: LineSettings = { ...SETTINGS, opensAt: OPENS, lottery: true };
const ENTRANTS = ['s1', 's2', 's3', 's4'];

const move = (studentId: string, entry: number, number: number): LotteryMove => ({ studentId, entry, number });
/** The reverse of the order in which they came. */
const REVERSED = ENTRANTS.map((studentId, index) => move(studentId, index + 1, 8 - index));

/** A lottery decides the order of those who come before the opening. */
export function lotteryContract(engine: Engine): void {
  describe('lottery', () => {
    let bench: Bench;
    let line: LineFixture;
    beforeAll(async () => void (bench = await engine.bench()));
    afterAll(() => bench.stop());
    beforeEach(async () => {
      line = await LineFixture.start(bench, LOTTERY);
      await line.joinAll(...ENTRANTS);
    });

    async function freeze(): Promise<void> {
      await line.setTime(OPENS);
      await line.tick();
    }

    const draw = (moves: LotteryMove[], hash?: string): Promise<void> => line.store.draw(line.ref, moves, hash);

    const eventsOf = async (type: LineEvent['type']): Promise<LineEvent[]> =>
      (await line.events()).filter((event) => event.type === type);

    const admittedInOrder = async (): Promise<string[]> =>
      (await eventsOf('admitted')).map((event) => ('studentId' in event ? event.studentId : ''));

    it('closes the list at the opening, once, and sets aside as many numbers as wait', async () => {
      await line.store.end(line.ref, { studentId: 's2', number: 2 }, 'left');
      await freeze();
      expect(await line.tick('b')).toMatchObject({ state: 'open', admitted: 0, drawDue: true });
      expect(await eventsOf('frozen')).toMatchObject([{ at: OPENS, entries: 3, firstNumber: 5 }]);
      expect(await line.join('late')).toMatchObject({ outcome: 'joined', ticket: { number: 8 } });
    });

    it('admits nobody before everybody is drawn, but by hand', async () => {
      await freeze();
      expect(await line.pass(5_000)).toBe(0);
      await line.store.admitByHand(line.ref, 's3', ACT);
      expect(await admittedInOrder()).toEqual(['s3']);
      expect(await line.snapshot()).toMatchObject({ drawPending: true });
    });

    it('opens in the order of the draw, with those who came later behind', async () => {
      await freeze();
      await line.join('late');
      await draw(REVERSED.slice(0, 2));
      await draw(REVERSED.slice(2));
      await draw([], 'hash');
      expect(await line.waiting()).toEqual([5, 6, 7, 8, 9]);
      await line.pass(5_000);
      expect(await admittedInOrder()).toEqual(['s4', 's3', 's2', 's1', 'late']);
      expect(await eventsOf('settled')).toMatchObject([{ entrantsHash: 'hash' }]);
      expect(await eventsOf('opened')).toHaveLength(1);
      expect(await line.snapshot()).toMatchObject({ drawPending: false });
    });

    it('does not open before the trail has the whole draw', async () => {
      await freeze();
      await draw(REVERSED, 'hash');
      expect(await line.store.tick(line.ref, 'a')).toMatchObject({ admitted: 0, drawDue: false });
      expect(await eventsOf('opened')).toHaveLength(0);
      expect(await line.tick()).toMatchObject({ admitted: 1 });
    });

    it('changes nothing when the same is drawn again, by whichever pod', async () => {
      await freeze();
      await draw(REVERSED);
      const { sequence } = await line.snapshot();
      await line.other.draw(line.ref, REVERSED);
      expect(await line.snapshot()).toMatchObject({ sequence });
      await draw([], 'hash');
      await line.other.draw(line.ref, [], 'another');
      expect(await eventsOf('settled')).toMatchObject([{ entrantsHash: 'hash' }]);
    });

    it('is finished by another pod when the first has stopped half-way', async () => {
      await freeze();
      await draw(REVERSED.slice(0, 2));
      await line.other.draw(line.ref, REVERSED);
      await line.other.draw(line.ref, [], 'hash');
      expect(await eventsOf('drawn')).toMatchObject(REVERSED.map(({ entry, number }) => ({ entry, number })));
      await line.pass(5_000);
      expect(await admittedInOrder()).toEqual(['s4', 's3', 's2', 's1']);
    });

    it('draws nothing before the list is closed', async () => {
      await draw(REVERSED, 'hash');
      expect(await line.waiting()).toEqual([1, 2, 3, 4]);
      expect(await eventsOf('settled')).toHaveLength(0);
    });

    it('leaves out whoever left, was let in, or came back under another number', async () => {
      await freeze();
      await line.store.end(line.ref, { studentId: 's1', number: 1 }, 'left');
      await line.store.end(line.ref, { studentId: 's2', number: 2 }, 'left');
      await line.join('s2');
      await line.store.admitByHand(line.ref, 's3', ACT);
      await draw(REVERSED, 'hash');
      expect(await eventsOf('drawn')).toMatchObject([{ studentId: 's4', entry: 4, number: 5 }]);
      expect(await line.waiting()).toEqual([5, 9]);
    });

    it('keeps presence, sockets and grace over the draw', async () => {
      await line.detach('s4');
      await freeze();
      await draw(REVERSED, 'hash');
      expect(await line.join('s3', { socket: { podId: 'b', socketId: 'again' }, create: false })).toMatchObject({
        outcome: 'attached',
        ticket: { number: 6, joinedAt: START },
      });
      await line.pass(SETTINGS.graceMs + 500);
      expect(await line.stateOf('s4')).toBe('away');
      expect((await admittedInOrder())[0]).toBe('s3');
    });

    it('refuses numbers that were not set aside, and too many at once', async () => {
      await freeze();
      for (const number of [4, 9]) expect(await refusal(draw([move('s1', 1, number)]))).toBe('invalid_input');
      const many = Array.from({ length: 501 }, () => move('s1', 1, 5));
      expect(await refusal(draw(many))).toBe('invalid_input');
      expect(await line.waiting()).toEqual([1, 2, 3, 4]);
    });

    it('opens an empty room, too, once its empty list is settled', async () => {
      line = await LineFixture.start(bench, { ...LOTTERY, opensAt: START });
      expect(await line.tick()).toMatchObject({ drawDue: true });
      await line.join('s1');
      await draw([], 'hash');
      await line.pass(1_000);
      expect(await line.stateOf('s1')).toBe('admitted');
    });

    it('is not held again in a later epoch once it was settled, and again when it was not', async () => {
      for (const drawn of [true, false]) {
        line = await LineFixture.unopened(bench);
        await line.open({ settings: { ...LOTTERY, opensAt: START }, firstNumber: 20, drawn });
        await line.store.ready(line.ref, 0);
        await line.register('a');
        expect(await line.tick()).toMatchObject({ drawDue: !drawn });
      }
    });
  });
}
