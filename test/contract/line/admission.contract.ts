import { Bench, Engine } from './engine';
import { LineFixture, SETTINGS, START } from './line-fixture';

const TICK_BATCH = 50;

/** Who goes in next, how fast, and for how long. */
export function admissionContract(engine: Engine): void {
  describe('admission', () => {
    let bench: Bench;
    let line: LineFixture;
    beforeAll(async () => void (bench = await engine.bench({ tickBatch: TICK_BATCH })));
    afterAll(() => bench.stop());
    const start = async (settings = {}) => void (line = await LineFixture.start(bench, settings));

    const crowd = async (size: number): Promise<void> => {
      await Promise.all(Array.from({ length: size }, (_, i) => line.join(`s${i}`)));
    };
    const finish = (number: number, studentId: string) => line.store.end(line.ref, { studentId, number }, 'finished');

    it('admits at the rate of the policy, however many pods call', async () => {
      await start({ ratePerSecond: 5 });
      await crowd(100);
      await line.tick();
      expect(await line.pass(10_000, { pods: ['a', 'b', 'a', 'b'], stepMs: 70 })).toBe(50);
    });

    it('admits at rates below one per second', async () => {
      await start({ ratePerSecond: 0.125 });
      await crowd(10);
      await line.tick();
      expect(await line.pass(40_000)).toBe(5);
    });

    it('admits the lowest present number first, and keeps the place of the away', async () => {
      await start({ ratePerSecond: 1 });
      await line.joinAll('s1', 's2', 's3');
      await line.detach('s1');
      await line.tick();
      expect(await line.stateOf('s2')).toBe('admitted');
      await line.join('s1');
      await line.pass(1_000);
      expect([await line.stateOf('s1'), await line.stateOf('s3')]).toEqual(['admitted', 'waiting']);
    });

    it('gives the admission its expiry and its place in the feed', async () => {
      await start();
      await line.join('s1');
      await line.tick();
      const ticket = await line.store.find(line.ref, 's1');
      expect(ticket).toMatchObject({ expiresAt: START + SETTINGS.leaseMs, acknowledged: false });
      const event = (await line.events()).find(({ sequence }) => sequence === ticket!.admittedSequence);
      expect(event).toMatchObject({ type: 'admitted', studentId: 's1', number: 1, expiresAt: ticket!.expiresAt });
    });

    it('never has more inside than the capacity, and gives a finished place back at once', async () => {
      await start({ capacity: 3, ratePerSecond: 100 });
      await crowd(10);
      await line.pass(2_000);
      expect(await line.tick()).toMatchObject({ inside: 3, waiting: 7 });
      const [first] = (await line.events()).filter((event) => event.type === 'admitted');
      await finish(first!.number, first!.studentId);
      expect(await line.tick()).toMatchObject({ admitted: 1, inside: 3 });
    });

    it('throws nobody out when the capacity falls below those inside', async () => {
      await start({ capacity: 5, ratePerSecond: 100 });
      await crowd(10);
      await line.pass(2_000);
      await line.configure({ capacity: 2, ratePerSecond: 100 });
      await line.pass(2_000);
      expect(await line.tick()).toMatchObject({ inside: 5, waiting: 5 });
    });

    it('banks no credit while nobody is there', async () => {
      await start({ ratePerSecond: 5 });
      await line.pass(20_000);
      await crowd(20);
      expect(await line.tick()).toMatchObject({ admitted: 1 });
      expect(await line.pass(1_000)).toBe(5);
    });

    it('banks no credit while everyone is away, or the room is full', async () => {
      await start({ ratePerSecond: 5, capacity: 1, graceMs: 100_000 });
      await crowd(10);
      await line.pass(5_000);
      expect(await line.tick()).toMatchObject({ inside: 1 });
      await line.configure({ ratePerSecond: 5, capacity: 100, graceMs: 100_000 });
      expect(await line.tick()).toMatchObject({ admitted: 1 });
      for (let i = 0; i < 10; i++) await line.detach(`s${i}`);
      await line.pass(5_000);
      for (let i = 0; i < 10; i++) await line.join(`s${i}`);
      expect(await line.tick()).toMatchObject({ admitted: 1 });
    });

    it('banks no credit in a stall, nor when the clock is set back', async () => {
      await start({ ratePerSecond: 5, opensAt: 0 });
      await crowd(50);
      await line.tick();
      await line.advance(60_000);
      expect(await line.tick()).toMatchObject({ admitted: 0 });
      expect(await line.pass(1_000)).toBe(5);
      await line.advance(-3_600_000);
      expect(await line.tick()).toMatchObject({ admitted: 0 });
      expect(await line.pass(1_000)).toBe(5);
    });

    it('counts a changed rate from the moment of the change', async () => {
      await start({ ratePerSecond: 2 });
      await crowd(100);
      await line.tick();
      await line.advance(1_000);
      await line.configure({ ratePerSecond: 20 });
      await line.advance(500);
      expect(await line.tick()).toMatchObject({ admitted: 2 + 10 });
    });

    it('earns only the share of the rate that the pods grant, and refuses a share that is none', async () => {
      await start({ ratePerSecond: 5 });
      await crowd(100);
      await line.tick();
      expect(await line.pass(10_000, { stepMs: 100, share: 0.2 })).toBe(10);
      expect(await line.pass(10_000, { stepMs: 100, share: 0 })).toBe(0);
      expect(await line.pass(10_000, { stepMs: 100 })).toBe(50);
      await expect(line.tick('a', 1.5)).rejects.toMatchObject({ code: 'invalid_input' });
    });

    it('admits nobody at rate 0, not even the first', async () => {
      await start({ ratePerSecond: 0 });
      await crowd(2);
      await line.pass(5_000);
      expect(await line.tick()).toMatchObject({ inside: 0, waiting: 2 });
      await line.configure({ ratePerSecond: 2 });
      expect(await line.pass(1_000)).toBe(2);
    });

    it('admits no more than its bound in one tick, and says that more is due', async () => {
      await start({ ratePerSecond: 1_000 });
      await crowd(TICK_BATCH + 20);
      await line.tick();
      await line.advance(1_000);
      expect(await line.tick()).toMatchObject({ admitted: TICK_BATCH, more: true });
      expect(await line.tick()).toMatchObject({ admitted: 19, more: false });
    });

    it('admits nobody while the trail is behind, and banks no credit meanwhile', async () => {
      await start({ ratePerSecond: 5 });
      await crowd(20);
      for (let i = 0; i < 10; i++) {
        await line.advance(1_000);
        await line.store.tick(line.ref, 'a');
      }
      // 1 at the opening, 5 in each of the two seconds until the first join is 3 s old
      expect((await line.snapshot()).index.total).toBe(20 - 11);
      expect(await line.tick()).toMatchObject({ admitted: 1 });
      expect(await line.pass(1_000)).toBe(5);
    });

    it('ends an admission at its expiry, and gives the place to the next', async () => {
      await start({ capacity: 1, noShowMs: 600_000 });
      await line.joinAll('s1', 's2');
      await line.tick();
      await line.pass(SETTINGS.leaseMs - 500);
      expect(await line.stateOf('s1')).toBe('admitted');
      expect(await line.pass(500)).toBe(1);
      expect([await line.stateOf('s1'), await line.stateOf('s2')]).toEqual(['expired', 'admitted']);
    });

    it('ends leases by the store clock, a stall or not', async () => {
      await start({ noShowMs: 600_000 });
      await line.join('s1');
      await line.tick();
      await line.advance(SETTINGS.leaseMs);
      await line.tick();
      expect(await line.stateOf('s1')).toBe('expired');
    });

    it('takes an admission that nobody acknowledges for a no-show', async () => {
      await start({ capacity: 1 });
      await line.joinAll('s1', 's2');
      await line.tick();
      await line.pass(SETTINGS.noShowMs);
      expect([await line.stateOf('s1'), await line.stateOf('s2')]).toEqual(['no_show', 'admitted']);
    });

    it('keeps an acknowledged admission for its whole lease', async () => {
      await start();
      await line.join('s1');
      await line.tick();
      await line.store.acknowledge(line.ref, { studentId: 's1', number: 1 });
      await line.pass(SETTINGS.leaseMs - 500);
      expect(await line.stateOf('s1')).toBe('admitted');
      await line.pass(500);
      expect(await line.stateOf('s1')).toBe('expired');
    });

    it('moves grace and no-show by a stall, and expires nobody in bulk', async () => {
      await start({ leaseMs: 600_000 });
      await line.joinAll('s1');
      await line.tick();
      await line.configure({ ratePerSecond: 0, leaseMs: 600_000 });
      await line.join('s2');
      await line.detach('s2');
      await line.pass(2_000);
      await line.advance(120_000);
      await line.detach('s2');
      await line.tick();
      expect([await line.stateOf('s1'), await line.stateOf('s2')]).toEqual(['admitted', 'waiting']);
      await line.pass(SETTINGS.graceMs - 2_000);
      expect([await line.stateOf('s1'), await line.stateOf('s2')]).toEqual(['admitted', 'away']);
      await line.pass(SETTINGS.noShowMs - SETTINGS.graceMs);
      expect(await line.stateOf('s1')).toBe('no_show');
    });

    it('gives who goes away in a stall the whole grace after it', async () => {
      await start({ ratePerSecond: 0 });
      await line.join('s1');
      await line.tick();
      await line.advance(60_000);
      await line.detach('s1');
      await line.pass(SETTINGS.graceMs, { stepMs: 1_000 });
      expect(await line.stateOf('s1')).toBe('waiting');
      await line.pass(1_000);
      expect(await line.stateOf('s1')).toBe('away');
    });
  });
}
