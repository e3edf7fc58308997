import { Bench, Engine } from './engine';
import { ACT, LineFixture, refusal, SETTINGS, START } from './line-fixture';

/** One place per student, from the join to the end. */
export function ticketContract(engine: Engine): void {
  describe('tickets', () => {
    let bench: Bench;
    let line: LineFixture;
    beforeAll(async () => void (bench = await engine.bench()));
    afterAll(() => bench.stop());
    beforeEach(async () => void (line = await LineFixture.start(bench)));

    it('gives dense increasing numbers in the order of joining', async () => {
      await line.joinAll('s1', 's2', 's3');
      expect(await line.waiting()).toEqual([1, 2, 3]);
      const { ticket, outcome, sequence } = await line.join('s4');
      expect(outcome).toBe('joined');
      expect(ticket).toEqual({
        ...{ roomId: line.ref.roomId, studentId: 's4', epoch: 1, number: 4, state: 'waiting', joinedAt: START },
      });
      expect(sequence).toBe((await line.events()).at(-1)!.sequence);
    });

    it('gives the same ticket to a join that is sent twice', async () => {
      const first = await line.join('s1');
      const again = await line.join('s1');
      expect(again).toEqual({ ...first, outcome: 'attached' });
      expect(await line.story('s1')).toEqual(['joined']);
    });

    it('gives one ticket to tabs on two pods', async () => {
      await line.join('s1');
      await line.join('s2');
      const second = await line.join('s1', { socket: { podId: 'b', socketId: 'tab' } });
      expect(second).toMatchObject({ outcome: 'attached', ticket: { number: 1 } });
      expect(await line.waiting()).toEqual([1, 2]);
    });

    it('makes no ticket when one is only asked to come back', async () => {
      expect(await line.join('s1', { create: false })).toEqual({ outcome: 'gone', sequence: 1 });
      const { ticket } = await line.join('s1');
      await line.store.end(line.ref, { studentId: 's1', number: ticket!.number }, 'left');
      const back = await line.join('s1', { create: false });
      expect(back).toMatchObject({ outcome: 'gone', ticket: { number: 1, state: 'ended', reason: 'left' } });
    });

    it('gives a new number at the tail to a student who left and joins again', async () => {
      await line.joinAll('s1', 's2');
      await line.store.end(line.ref, { studentId: 's1', number: 1 }, 'left');
      expect(await line.join('s1')).toMatchObject({ outcome: 'joined', ticket: { number: 3 } });
      expect(await line.waiting()).toEqual([2, 3]);
    });

    it('gives an admitted student the admitted ticket', async () => {
      await line.join('s1');
      await line.tick();
      const again = await line.join('s1', { socket: { podId: 'b', socketId: 'tab' } });
      expect(again).toMatchObject({
        outcome: 'attached',
        ticket: { state: 'admitted', expiresAt: START + SETTINGS.leaseMs, acknowledged: false },
      });
      const admitted = (await line.events()).find((event) => event.type === 'admitted');
      expect(again.ticket!.admittedSequence).toBe(admitted!.sequence);
    });

    it.each(['left', 'removed'] as const)('ends a waiting ticket for %s, once', async (reason) => {
      await line.join('s1');
      const ended = await line.store.end(line.ref, { studentId: 's1', number: 1 }, reason);
      expect(ended).toMatchObject({ number: 1, state: 'ended', reason });
      expect(await line.store.end(line.ref, { studentId: 's1', number: 1 }, 'removed')).toEqual(ended);
      expect(await line.story('s1')).toEqual(['joined', 'ended']);
    });

    it.each(['finished', 'removed'] as const)('ends an admitted ticket for %s', async (reason) => {
      await line.join('s1');
      await line.tick();
      const ended = await line.store.end(line.ref, { studentId: 's1', number: 1 }, reason);
      expect(ended).toEqual({
        ...{ roomId: line.ref.roomId, studentId: 's1', epoch: 1, number: 1, state: 'ended', reason, joinedAt: START },
      });
    });

    it('changes nothing for a reason that the state does not allow', async () => {
      await line.join('s1');
      expect(await line.store.end(line.ref, { studentId: 's1', number: 1 }, 'finished')).toMatchObject({
        state: 'waiting',
      });
      await line.tick();
      expect(await line.store.end(line.ref, { studentId: 's1', number: 1 }, 'left')).toMatchObject({
        state: 'admitted',
      });
    });

    it('does not end a later ticket with the number of an earlier one', async () => {
      await line.join('s1');
      await line.store.end(line.ref, { studentId: 's1', number: 1 }, 'left');
      await line.join('s1');
      await line.store.end(line.ref, { studentId: 's1', number: 1 }, 'left');
      expect(await line.stateOf('s1')).toBe('waiting');
    });

    it('knows nothing of a student who never joined', async () => {
      expect(await line.store.find(line.ref, 'nobody')).toBeUndefined();
      expect(await line.store.end(line.ref, { studentId: 'nobody', number: 1 }, 'left')).toBeUndefined();
      expect(await line.store.admitByHand(line.ref, 'nobody', ACT)).toBeUndefined();
      await line.store.acknowledge(line.ref, { studentId: 'nobody', number: 1 });
    });

    it('takes only a waiting place away when that is meant, not the admission it has become', async () => {
      await line.joinAll('s1', 's2');
      await line.tick();
      const inside = await line.store.end(line.ref, { studentId: 's1', number: 1, only: 'waiting' }, 'removed', ACT);
      expect(inside).toMatchObject({ state: 'admitted' });
      const waiting = await line.store.end(line.ref, { studentId: 's2', number: 2, only: 'waiting' }, 'removed', ACT);
      expect(waiting).toMatchObject({ state: 'ended', reason: 'removed' });
    });

    it('writes who removed a student and why', async () => {
      await line.join('s1');
      await line.store.end(line.ref, { studentId: 's1', number: 1 }, 'removed', ACT);
      expect((await line.events()).at(-1)).toMatchObject({ type: 'ended', reason: 'removed', act: ACT });
    });

    it('remembers an acknowledgement, and says it once', async () => {
      await line.join('s1');
      await line.store.acknowledge(line.ref, { studentId: 's1', number: 1 });
      await line.tick();
      await line.store.acknowledge(line.ref, { studentId: 's1', number: 7 });
      for (let i = 0; i < 2; i++) await line.store.acknowledge(line.ref, { studentId: 's1', number: 1 });
      expect(await line.store.find(line.ref, 's1')).toMatchObject({ acknowledged: true });
      expect(await line.story('s1')).toEqual(['joined', 'admitted', 'acknowledged']);
    });

    it('admits by hand whatever rate, capacity and presence say, once', async () => {
      await line.configure({ ratePerSecond: 0, capacity: 0, control: 'paused' });
      await line.join('s1');
      await line.detach('s1');
      const admitted = await line.store.admitByHand(line.ref, 's1', ACT);
      expect(admitted).toMatchObject({ state: 'admitted', expiresAt: START + SETTINGS.leaseMs });
      expect(await line.store.admitByHand(line.ref, 's1', ACT)).toEqual(admitted);
      expect((await line.events()).at(-1)).toMatchObject({ type: 'admitted', act: ACT });
    });

    it('admits nobody by hand in a closed room', async () => {
      await line.join('s1');
      await line.configure({ control: 'closed' });
      expect(await refusal(line.store.admitByHand(line.ref, 's1', ACT))).toBe('room_closed');
    });

    it('refuses new students when it drains and when it is closed, and takes those back who have a ticket', async () => {
      await line.join('s1');
      await line.configure({ control: 'draining' });
      expect(await refusal(line.join('s2'))).toBe('room_draining');
      expect(await line.join('s1')).toMatchObject({ outcome: 'attached' });
      await line.configure({ control: 'closed' });
      expect(await refusal(line.join('s2'))).toBe('room_closed');
    });

    it('refuses ids that its sockets cannot have', async () => {
      for (const socket of [
        { podId: 'a/b', socketId: 'x' },
        { podId: 'a', socketId: 'x y' },
        { podId: '', socketId: 'x' },
      ]) {
        expect(await refusal(line.join('s1', { socket }))).toBe('invalid_input');
      }
    });

    it('takes student ids of any letters', async () => {
      for (const studentId of ['김민지', 'a b|c/d{e}', 'ünï:#1', '0', '학생|waiting|1']) {
        await line.join(studentId, { socket: { podId: 'a', socketId: 'only' } });
        expect(await line.stateOf(studentId)).toBe('waiting');
        await line.detach(studentId, 'a', 'only');
        expect(await line.story(studentId)).toEqual(['joined', 'away']);
      }
    });
  });
}
