import { Bench, Engine } from './engine';
import { ACT, LineFixture, refusal, SETTINGS } from './line-fixture';

const SOCKETS_PER_TICKET = 3;
const TICK_BATCH = 4;

/** Sockets, grace, and pods that fall silent. */
export function presenceContract(engine: Engine): void {
  describe('presence', () => {
    let bench: Bench;
    let line: LineFixture;
    beforeAll(async () => {
      bench = await engine.bench({ socketsPerTicket: SOCKETS_PER_TICKET, tickBatch: TICK_BATCH });
    });
    afterAll(() => bench.stop());
    beforeEach(async () => void (line = await LineFixture.start(bench, { ratePerSecond: 0 })));

    const tab = (podId: string, socketId = 'tab') => ({ socket: { podId, socketId } });

    it('makes a ticket away only with its last socket, of any pod', async () => {
      await line.join('s1');
      await line.join('s1', tab('b'));
      await line.detach('s1');
      expect(await line.story('s1')).toEqual(['joined']);
      await line.detach('s1', 'b', 'tab');
      expect(await line.story('s1')).toEqual(['joined', 'away']);
      expect(await line.tick()).toMatchObject({ waiting: 1, present: 0 });
    });

    it('takes a detach that is sent twice, or of a socket it never saw, for nothing', async () => {
      await line.join('s1');
      await line.detach('s1', 'a', 'unknown');
      await line.detach('s1', 'b', 's1-1');
      await line.detach('nobody');
      expect(await line.story('s1')).toEqual(['joined']);
      await line.detach('s1');
      await line.detach('s1');
      expect(await line.story('s1')).toEqual(['joined', 'away']);
    });

    it('takes many off in one call, of students who are away then and of those who are not', async () => {
      await line.joinAll('s1', 's2', 's3');
      await line.join('s2', tab('b'));
      const gone = ['s1', 's2', 's3', 'nobody'].map((studentId) => ({
        studentId,
        podId: 'a',
        socketId: `${studentId}-1`,
      }));
      await line.store.detach(line.ref, gone);
      expect(await line.tick()).toMatchObject({ waiting: 3, present: 1 });
      for (const studentId of ['s1', 's3']) expect(await line.story(studentId)).toEqual(['joined', 'away']);
      expect(await line.story('s2')).toEqual(['joined']);
    });

    it('refuses to take more than 500 off in one call', async () => {
      const gone = Array.from({ length: 501 }, (_, i) => ({ studentId: `s${i}`, podId: 'a', socketId: 'tab' }));
      await expect(line.store.detach(line.ref, gone)).rejects.toMatchObject({ code: 'invalid_input' });
    });

    it('does not undo a reconnect on another pod by a late detach', async () => {
      await line.join('s1');
      await line.join('s1', { ...tab('b'), create: false });
      await line.detach('s1');
      await line.pass(SETTINGS.graceMs + 1_000);
      expect(await line.stateOf('s1')).toBe('waiting');
    });

    it('brings back who returns within the grace, to the same place', async () => {
      await line.joinAll('s1', 's2');
      await line.detach('s1');
      await line.pass(SETTINGS.graceMs - 1_000);
      expect(await line.join('s1', { create: false })).toMatchObject({ outcome: 'attached', ticket: { number: 1 } });
      await line.pass(SETTINGS.graceMs);
      expect(await line.waiting()).toEqual([1, 2]);
      expect(await line.story('s1')).toEqual(['joined', 'away', 'back']);
    });

    it('ends the ticket of who stays away for the grace, and not before', async () => {
      await line.join('s1');
      await line.detach('s1');
      await line.pass(SETTINGS.graceMs - 500);
      expect(await line.stateOf('s1')).toBe('waiting');
      await line.pass(500);
      expect(await line.stateOf('s1')).toBe('away');
      expect(await line.waiting()).toEqual([]);
    });

    it('gives everyone the grace of the settings at the moment of going away', async () => {
      await line.joinAll('s1', 's2');
      await line.detach('s1');
      await line.configure({ ratePerSecond: 0, graceMs: 1_000 });
      await line.detach('s2');
      await line.pass(1_000);
      expect([await line.stateOf('s1'), await line.stateOf('s2')]).toEqual(['waiting', 'away']);
    });

    it('ends no more than its bound in one tick, and says that more is due', async () => {
      const students = Array.from({ length: TICK_BATCH + 2 }, (_, i) => `s${i}`);
      await line.joinAll(...students);
      for (const student of students) await line.detach(student);
      await line.pass(SETTINGS.graceMs - 500);
      await line.advance(500);
      expect(await line.tick()).toMatchObject({ more: true, waiting: 2 });
      expect(await line.tick()).toMatchObject({ more: false, waiting: 0 });
    });

    describe('in a room that keeps the place of the away before its opening', () => {
      const kept = { graceBeforeOpening: false };

      it('ends nobody’s until the line has let somebody in, and gives the whole grace from then on', async () => {
        await line.configure({ ...kept, ratePerSecond: 0 });
        await line.joinAll('s1', 's2', 's3');
        await line.detach('s1');
        await line.pass(SETTINGS.graceMs * 2);
        await line.store.admitByHand(line.ref, 's3', ACT);
        await line.pass(SETTINGS.graceMs * 2);
        expect(await line.tick()).toMatchObject({ graceStands: true, waiting: 2 });
        await line.configure(kept);
        await line.pass(1_000);
        expect(await line.stateOf('s2')).toBe('admitted');
        expect(await line.tick()).toMatchObject({ graceStands: false });
        await line.pass(SETTINGS.graceMs - 1_500);
        expect(await line.stateOf('s1')).toBe('waiting');
        await line.pass(1_500);
        expect(await line.stateOf('s1')).toBe('away');
      });

      it('ends nobody’s while it is postponed', async () => {
        await line.configure(kept);
        await line.join('s1');
        await line.pass(1_000);
        await line.configure({ ...kept, ratePerSecond: 0 });
        await line.joinAll('s2', 's3');
        await line.detach('s2');
        await line.pass(1_000);
        await line.configure({ ...kept, ratePerSecond: 0, opensAt: line.now + 60_000 });
        await line.detach('s3');
        await line.pass(50_000, { stepMs: 1_000 });
        expect([await line.stateOf('s2'), await line.stateOf('s3')]).toEqual(['waiting', 'waiting']);
        await line.pass(SETTINGS.graceMs + 9_000, { stepMs: 1_000 });
        expect([await line.stateOf('s2'), await line.stateOf('s3')]).toEqual(['waiting', 'waiting']);
        await line.pass(2_000);
        expect([await line.stateOf('s2'), await line.stateOf('s3')]).toEqual(['away', 'away']);
      });

      it('starts the grace of no more than its bound in one tick, and says that more is due', async () => {
        const students = Array.from({ length: TICK_BATCH + 2 }, (_, i) => `s${i}`);
        await line.configure({ ...kept, ratePerSecond: 0 });
        await line.joinAll(...students, 'last');
        for (const student of students) await line.detach(student);
        await line.configure({ ...kept, capacity: 1 });
        await line.advance(500);
        expect(await line.tick()).toMatchObject({ admitted: 1 });
        expect(await line.tick()).toMatchObject({ more: true });
        expect(await line.tick()).toMatchObject({ more: false });
        await line.pass(SETTINGS.graceMs, { stepMs: 250 });
        expect(await line.waiting()).toEqual([]);
      });
    });

    it('leaves an admitted ticket as it is when its sockets go', async () => {
      await line.configure({ ratePerSecond: 10 });
      await line.join('s1');
      await line.pass(1_000);
      await line.detach('s1');
      await line.store.acknowledge(line.ref, { studentId: 's1', number: 1 });
      await line.pass(SETTINGS.graceMs + 1_000);
      expect(await line.story('s1')).toEqual(['joined', 'admitted', 'acknowledged']);
    });

    it('forgets the sockets of an ended ticket', async () => {
      await line.join('s1');
      await line.join('s1', tab('b'));
      await line.store.end(line.ref, { studentId: 's1', number: 1 }, 'left');
      await line.join('s1');
      await line.detach('s1');
      expect(await line.story('s1')).toEqual(['joined', 'ended', 'joined', 'away']);
    });

    it('refuses more sockets than a ticket may have, but not one it has already', async () => {
      for (let i = 0; i < SOCKETS_PER_TICKET; i++) await line.join('s1', tab('a', `tab-${i}`));
      expect(await refusal(line.join('s1', tab('b')))).toBe('too_many_sockets');
      expect(await line.join('s1', tab('a', 'tab-0'))).toMatchObject({ outcome: 'attached' });
      await line.detach('s1', 'a', 'tab-0');
      expect(await line.join('s1', tab('b'))).toMatchObject({ outcome: 'attached' });
    });
  });

  describe('pods', () => {
    let bench: Bench;
    let line: LineFixture;
    beforeAll(async () => void (bench = await engine.bench({ tickBatch: TICK_BATCH })));
    afterAll(() => bench.stop());
    beforeEach(async () => void (line = await LineFixture.start(bench, { ratePerSecond: 0 })));

    const onPod = (podId: string) => ({ socket: { podId, socketId: 'tab' } });
    const fence = (podId: string) => line.store.fencePod(line.ref, podId);

    it('says whether a pod was known already, for one that was not owns no sockets any more', async () => {
      expect(await line.store.register(line.ref, 'c')).toBe(true);
      expect(await line.store.register(line.ref, 'c')).toBe(false);
    });

    it('takes sockets only from registered pods', async () => {
      expect(await refusal(line.join('s1', onPod('stranger')))).toBe('pod_fenced');
      expect((await line.tick('stranger')).fenced).toBe(true);
      await line.register('stranger', 'stranger');
      expect(await line.join('s1', onPod('stranger'))).toMatchObject({ outcome: 'joined' });
      expect((await line.tick('stranger')).fenced).toBe(false);
    });

    it('reports a silent pod that owns sockets, and no living one', async () => {
      await line.join('s1', onPod('b'));
      await line.pass(4_500, { pods: ['a'] });
      expect((await line.tick('a')).deadPods).toEqual([]);
      await line.pass(2_000, { pods: ['a'] });
      expect((await line.tick('a')).deadPods).toEqual(['b']);
      expect((await line.tick('b')).deadPods).toEqual([]);
      expect((await line.tick('a')).deadPods).toEqual([]);
    });

    it('puts the students of a dead pod on grace, and leaves those who are on another one too', async () => {
      await line.join('s1', onPod('b'));
      await line.join('s2', onPod('b'));
      await line.join('s2', onPod('a'));
      await line.pass(6_500, { pods: ['a'] });
      expect(await fence('b')).toBe(false);
      expect([await line.story('s1'), await line.story('s2')]).toEqual([['joined', 'away'], ['joined']]);
      await line.pass(SETTINGS.graceMs, { pods: ['a'] });
      expect([await line.stateOf('s1'), await line.stateOf('s2')]).toEqual(['away', 'waiting']);
    });

    it('leaves a pod alone that has ticked since', async () => {
      await line.join('s1', onPod('b'));
      await line.pass(6_500, { pods: ['a'] });
      await line.tick('b');
      expect(await fence('b')).toBe(false);
      expect(await line.story('s1')).toEqual(['joined']);
    });

    it('fences a pod that was only paused until it registers anew', async () => {
      await line.join('s1', onPod('b'));
      await line.pass(6_500, { pods: ['a'] });
      await fence('b');
      expect((await line.tick('b')).fenced).toBe(true);
      expect(await refusal(line.join('s1', onPod('b')))).toBe('pod_fenced');
      await line.detach('s1', 'b', 'tab');
      await line.register('b2');
      expect(await line.join('s1', { ...onPod('b2'), create: false })).toMatchObject({ ticket: { number: 1 } });
      expect(await line.story('s1')).toEqual(['joined', 'away', 'back']);
    });

    it('takes a big pod off in batches, and lets it do nothing meanwhile', async () => {
      for (let i = 0; i <= TICK_BATCH; i++) await line.join(`s${i}`, onPod('b'));
      await line.pass(6_500, { pods: ['a'] });
      expect(await fence('b')).toBe(true);
      expect((await line.tick('b')).fenced).toBe(true);
      expect(await refusal(line.join('s0', onPod('b')))).toBe('pod_fenced');
      expect(await refusal(line.register('b'))).toBe('pod_fenced');
      expect((await line.tick('a')).deadPods).toEqual(['b']);
      expect(await fence('b')).toBe(false);
      expect(await fence('b')).toBe(false);
      expect(await line.tick('a')).toMatchObject({ present: 0, waiting: TICK_BATCH + 1, deadPods: [] });
    });

    it('takes nothing off a pod whose name begins alike', async () => {
      await line.register('b2');
      await line.join('s1', onPod('b'));
      await line.join('s2', onPod('b2'));
      await line.pass(6_500, { pods: ['a', 'b2'] });
      expect((await line.tick('a')).deadPods).toEqual(['b']);
      await fence('b');
      expect([await line.story('s1'), await line.story('s2')]).toEqual([['joined', 'away'], ['joined']]);
    });

    it('forgets a silent pod that owns nothing', async () => {
      await line.pass(7_000, { pods: ['a'] });
      expect((await line.tick('a')).deadPods).toEqual([]);
      expect((await line.tick('b')).fenced).toBe(true);
    });
  });
}
