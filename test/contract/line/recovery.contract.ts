import type { LineStore, RestoredTicket } from '../../../src/line/line-store';
import { Bench, Engine } from './engine';
import { ACT, LineFixture, refusal, SETTINGS, START } from './line-fixture';

const GAP = 100_000;
/** The trail knew numbers up to here. */
const KNOWN = 40;
const FIRST = KNOWN + GAP + 1;
const RECOVER_MS = 20_000;

const waiting = (studentId: string, number: number): RestoredTicket => ({
  ...{ studentId, epoch: 1, number, joinedAt: START - 60_000, state: 'waiting' },
});
const admitted = (studentId: string, number: number, acknowledged: boolean): RestoredTicket => ({
  ...{ studentId, epoch: 1, number, joinedAt: START - 60_000, state: 'admitted' },
  ...{ expiresAt: START + 45_000, acknowledged },
});

/** The life of a line: made, lost, and brought back in a new epoch. */
export function recoveryContract(engine: Engine): void {
  describe('life of a line', () => {
    let bench: Bench;
    let line: LineFixture;
    beforeAll(async () => void (bench = await engine.bench()));
    afterAll(() => bench.stop());
    beforeEach(async () => void (line = await LineFixture.unopened(bench)));

    const holds = async () => (await line.standing()) === 'held';

    it('is held only once it is open and ready, and by its incarnation', async () => {
      expect(await holds()).toBe(false);
      await line.open();
      expect(await holds()).toBe(false);
      await line.store.ready(line.ref, 0);
      expect(await holds()).toBe(true);
      const { ref } = line;
      line.ref = { ...ref, incarnation: 'other' };
      expect(await line.standing()).toBe('lost');
      line.ref = { ...ref, epoch: 2 };
      expect(await line.standing()).toBe('lost');
    });

    it('may be opened and made ready twice', async () => {
      await line.open();
      await line.store.ready(line.ref, 0);
      await line.register('a');
      await line.join('s1');
      await line.open();
      await line.store.ready(line.ref, RECOVER_MS);
      expect(await line.waiting()).toEqual([1]);
      expect((await line.snapshot()).recoveringUntil).toBe(0);
    });

    it('refuses to open an epoch under another incarnation', async () => {
      await line.open();
      line.ref = { ...line.ref, incarnation: 'other' };
      expect(await refusal(line.open())).toBe('line_recovering');
    });

    it.each<[string, (store: LineStore, line: LineFixture) => Promise<unknown>]>([
      ['join', (_, fixture) => fixture.join('s1')],
      ['detach', (store, { ref }) => store.detach(ref, [{ studentId: 's1', podId: 'a', socketId: 'x' }])],
      ['end', (store, { ref }) => store.end(ref, { studentId: 's1', number: 1 }, 'left')],
      ['acknowledge', (store, { ref }) => store.acknowledge(ref, { studentId: 's1', number: 1 })],
      ['admitByHand', (store, { ref }) => store.admitByHand(ref, 's1', ACT)],
      ['tick', (store, { ref }) => store.tick(ref, 'a')],
      ['fencePod', (store, { ref }) => store.fencePod(ref, 'a')],
      ['restore', (store, { ref }) => store.restore(ref, [])],
      ['ready', (store, { ref }) => store.ready(ref, 0)],
      ['configure', (store, { ref }) => store.configure(ref, { ...SETTINGS, version: 9 })],
      ['register', (store, { ref }) => store.register(ref, 'c')],
      ['find', (store, { ref }) => store.find(ref, 's1')],
      ['snapshot', (store, { ref }) => store.snapshot(ref)],
      ['readFeed', (store, { ref }) => store.readFeed(ref, 0, { limit: 1, waitMs: 0, knownDurable: 0 })],
      ['waiting readFeed', (store, { ref }) => store.readFeed(ref, 9, { limit: 1, waitMs: 20, knownDurable: 0 })],
      ['markDurable', (store, { ref }) => store.markDurable(ref, 1, 'a')],
    ])('refuses %s with line_recovering for a line that the store does not hold', async (_name, call) => {
      line = await LineFixture.start(bench);
      await line.join('s1');
      const before = await line.snapshot();
      const { ref } = line;
      line.ref = { ...ref, incarnation: 'other' };
      expect(await refusal(call(line.store, line))).toBe('line_recovering');
      line.ref = { ...ref, epoch: 2 };
      expect(await refusal(call(line.store, line))).toBe('line_recovering');
      line.ref = ref;
      expect(await line.snapshot()).toEqual(before);
    });

    it('says so after the store came back empty', async () => {
      line = await LineFixture.start(bench);
      await line.join('s1');
      await bench.loseEverything();
      expect(await refusal(line.join('s1'))).toBe('line_recovering');
      expect(await refusal(line.tick())).toBe('line_recovering');
      expect(await holds()).toBe(false);
    });

    it.each<[string, (sequence: number) => Promise<string>]>([
      ['a pod has seen more events', (sequence) => line.standing({ sequence: sequence + 1 })],
      ['the trail has more events', (sequence) => line.standing({}, sequence + 1)],
      ['a student presented a number that it has not issued', () => line.standing({ number: 3 })],
    ])('is lost for everyone as soon as %s than it has', async (_name, check) => {
      line = await LineFixture.start(bench);
      await line.joinAll('s1', 's2');
      const { sequence } = await line.snapshot();
      expect(await line.standing({ sequence, number: 2 }, sequence)).toBe('held');
      expect(await check(sequence)).toBe('lost');
      expect(await line.standing()).toBe('lost');
      expect(await refusal(line.join('s3'))).toBe('line_recovering');
      expect(await refusal(line.tick())).toBe('line_recovering');
      const waiting = { limit: 1, waitMs: 20, knownDurable: 0 };
      expect(await refusal(line.store.readFeed(line.ref, 0, waiting))).toBe('line_recovering');
      await line.store.discard(line.ref);
    });

    it('says so when a signed ticket is presented that it cannot have issued yet, and changes nothing', async () => {
      line = await LineFixture.start(bench);
      await line.join('s1');
      const presented = { epoch: 1, number: 2, joinedAt: START };
      expect(await refusal(line.join('s2', { presented }))).toBe('line_recovering');
      expect(await refusal(line.join('s1', { presented }))).toBe('line_recovering');
      expect(await line.join('s2', { presented: { ...presented, number: 1 } })).toMatchObject({
        ticket: { number: 2 },
      });
      expect(await line.story('s2')).toEqual(['joined']);
    });

    it('takes no joins, ticks or acts before it is ready', async () => {
      await line.open();
      await line.register('a');
      expect(await refusal(line.join('s1'))).toBe('line_recovering');
      expect(await refusal(line.store.tick(line.ref, 'a'))).toBe('line_recovering');
      expect(await refusal(line.store.admitByHand(line.ref, 's1', ACT))).toBe('line_recovering');
    });

    it('is gone after it was discarded, and may be discarded again', async () => {
      line = await LineFixture.start(bench);
      expect(await refusal(line.store.discard({ ...line.ref, incarnation: 'other' }))).toBe('line_recovering');
      expect(await holds()).toBe(true);
      await line.store.discard(line.ref);
      await line.store.discard(line.ref);
      expect(await holds()).toBe(false);
      expect(await refusal(line.store.find(line.ref, 's1'))).toBe('line_recovering');
    });
  });

  describe('recovery', () => {
    let bench: Bench;
    let line: LineFixture;
    beforeAll(async () => void (bench = await engine.bench()));
    afterAll(() => bench.stop());

    const recovering = async (tickets: RestoredTicket[], recoverForMs = RECOVER_MS): Promise<void> => {
      line = await LineFixture.unopened(bench);
      line.ref = { ...line.ref, epoch: 2 };
      const baseNumber = Math.min(FIRST, ...tickets.map(({ number }) => number));
      await line.open({ firstNumber: FIRST, baseNumber, restoredThrough: KNOWN, settings: SETTINGS });
      await line.store.restore(line.ref, tickets);
      await line.store.ready(line.ref, recoverForMs);
      await line.register('a', 'b');
    };
    const presenting = (studentId: string, number: number, changes = {}) =>
      line.join(studentId, { presented: { epoch: 1, number, joinedAt: START - 5_000, ...changes } });

    it('brings the waiting back as away, at their old places', async () => {
      await recovering([waiting('s1', 7), waiting('s2', 39)]);
      expect(await line.waiting()).toEqual([7, 39]);
      expect(await line.tick()).toMatchObject({ waiting: 2, present: 0, state: 'recovering' });
      expect(await line.join('s1', { create: false })).toMatchObject({
        outcome: 'attached',
        ticket: { epoch: 1, number: 7, joinedAt: START - 60_000, state: 'waiting' },
      });
      const joined = (await line.events()).find((event) => event.type === 'joined');
      expect(joined).toMatchObject({ number: 7, ticketEpoch: 1 });
      expect(await line.story('s1')).toEqual(['joined', 'away', 'back']);
      expect(await line.story('s2')).toEqual(['joined', 'away']);
    });

    it('brings those inside back with their expiry, and forgets nobody', async () => {
      await recovering([admitted('s1', 3, true), admitted('s2', 4, false)]);
      expect(await line.tick()).toMatchObject({ inside: 2, waiting: 0 });
      expect(await line.store.find(line.ref, 's1')).toMatchObject({
        ...{ state: 'admitted', number: 3, expiresAt: START + 45_000, acknowledged: true },
      });
      expect(await line.story('s1')).toEqual(['joined', 'admitted', 'acknowledged']);
      expect(await line.store.find(line.ref, 's2')).toMatchObject({ acknowledged: false });
      await line.pass(45_000);
      expect(await line.stateOf('s1')).toBe('expired');
    });

    it('restores the same ticket once, and no two students to one number', async () => {
      await recovering([waiting('s1', 7), waiting('s2', 7), waiting('s1', 8)]);
      await line.store.restore(line.ref, [waiting('s9', 9)]);
      expect(await line.waiting()).toEqual([7]);
      expect(await line.stateOf('s2')).toBeUndefined();
    });

    it.each([
      ['a number that this epoch issues', [waiting('s1', 7), waiting('s2', FIRST)]],
      ['more than 1,000 tickets', Array.from({ length: 1_001 }, (_, i) => waiting(`s${i}`, i + 1))],
    ])('refuses to restore %s, and then restores none', async (_name, tickets) => {
      line = await LineFixture.unopened(bench);
      await line.open({ firstNumber: FIRST, baseNumber: 1, restoredThrough: KNOWN });
      expect(await refusal(line.store.restore(line.ref, tickets))).toBe('invalid_input');
      expect(await line.waiting()).toEqual([]);
    });

    it('admits nobody and ends no grace in its window; joins go to the tail', async () => {
      await recovering([waiting('s1', 7)]);
      await line.join('new');
      await line.join('s1');
      expect(await line.waiting()).toEqual([7, FIRST]);
      await line.detach('s1');
      expect(await line.pass(RECOVER_MS - 500)).toBe(0);
      expect(await refusal(line.store.admitByHand(line.ref, 's1', ACT))).toBe('line_recovering');
      expect(await line.stateOf('s1')).toBe('waiting');
      await line.join('s1');
      await line.advance(500);
      expect(await line.tick()).toMatchObject({ state: 'open', admitted: 1 });
      expect(await line.stateOf('s1')).toBe('admitted');
    });

    it('ends the grace of those who did not come back when the window is over', async () => {
      await recovering([waiting('s1', 7), admitted('s2', 5, false)]);
      await line.pass(RECOVER_MS - 500);
      expect([await line.stateOf('s1'), await line.stateOf('s2')]).toEqual(['waiting', 'admitted']);
      await line.pass(500);
      expect([await line.stateOf('s1'), await line.stateOf('s2')]).toEqual(['away', 'no_show']);
    });

    it('earns nothing in its window', async () => {
      await recovering([]);
      for (let i = 0; i < 20; i++) await line.join(`s${i}`);
      await line.pass(RECOVER_MS);
      expect((await line.snapshot()).index.total).toBe(19);
      expect(await line.pass(1_000)).toBe(SETTINGS.ratePerSecond);
    });

    it('gives a presented ticket that is younger than the trail its old place', async () => {
      await recovering([waiting('s1', 40)]);
      await line.join('new');
      expect(await presenting('s2', 45)).toMatchObject({
        outcome: 'restored',
        ticket: { epoch: 1, number: 45, joinedAt: START - 5_000, state: 'waiting' },
      });
      expect(await presenting('s3', 42)).toMatchObject({ outcome: 'restored' });
      expect(await line.waiting()).toEqual([40, 42, 45, FIRST]);
      expect((await line.events()).at(-1)).toMatchObject({ type: 'joined', number: 42, ticketEpoch: 1 });
      expect(await presenting('s2', 45)).toMatchObject({ outcome: 'attached', ticket: { number: 45 } });
    });

    it('restores also when it is only asked to come back', async () => {
      await recovering([]);
      const presented = { epoch: 1, number: 41, joinedAt: START };
      expect(await line.join('s1', { create: false, presented })).toMatchObject({ outcome: 'restored' });
    });

    it('restores no ticket that the trail has judged, of this epoch, or of a number this epoch issues', async () => {
      await recovering([]);
      expect(await presenting('s1', KNOWN)).toMatchObject({ outcome: 'joined', ticket: { number: FIRST } });
      expect(await presenting('s2', FIRST + 5)).toMatchObject({ ticket: { number: FIRST + 1 } });
      expect(await presenting('s3', 44, { epoch: 2 })).toMatchObject({ ticket: { number: FIRST + 2 } });
    });

    it('restores a number to one student only, and none twice', async () => {
      await recovering([]);
      await presenting('s1', 44);
      expect(await presenting('s2', 44)).toMatchObject({ outcome: 'joined', ticket: { number: FIRST } });
      await line.store.end(line.ref, { studentId: 's1', number: 44 }, 'left');
      expect(await presenting('s1', 44)).toMatchObject({ outcome: 'joined', ticket: { number: FIRST + 1 } });
      expect(await presenting('s3', 44)).toMatchObject({ ticket: { number: FIRST + 2 } });
    });

    it('gives a spent number to nobody', async () => {
      const spent = { epoch: 1, joinedAt: START, state: 'ended' as const };
      await recovering([{ ...spent, studentId: 's1', number: 44 }, waiting('s2', 7)]);
      expect(await line.waiting()).toEqual([7]);
      expect(await presenting('s1', 44)).toMatchObject({ outcome: 'joined', ticket: { number: FIRST } });
    });

    it('restores nothing once the window is over, or without one', async () => {
      await recovering([], 0);
      expect(await presenting('s1', 44)).toMatchObject({ outcome: 'joined', ticket: { number: FIRST } });
    });

    it('shows who was restored below in the snapshot of the new epoch', async () => {
      await recovering([waiting('s1', 39)]);
      await presenting('s2', 41);
      await line.join('new');
      const { index, baseNumber, nextNumber, epoch, restoredThrough } = await line.snapshot();
      expect([epoch, baseNumber <= 39, nextNumber, restoredThrough]).toEqual([2, true, FIRST + 1, KNOWN]);
      expect([39, 41, FIRST, FIRST + 1].map((number) => index.position(number))).toEqual([1, 2, 3, 4]);
    });

    it('gives the tickets of a slow rebuilding the whole grace after it', async () => {
      line = await LineFixture.unopened(bench);
      line.ref = { ...line.ref, epoch: 2 };
      await line.open({ firstNumber: FIRST, baseNumber: 1, restoredThrough: KNOWN });
      await line.store.restore(line.ref, [waiting('s1', 7)]);
      await line.advance(60_000);
      await line.store.ready(line.ref, 0);
      await line.pass(SETTINGS.graceMs - 500);
      expect(await line.stateOf('s1')).toBe('waiting');
      await line.pass(500);
      expect(await line.stateOf('s1')).toBe('away');
    });
  });
}
