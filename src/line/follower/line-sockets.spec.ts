import { setImmediate as turn } from 'node:timers/promises';
import type { JoinOutcome, LineRef } from '../line-store';
import { LineSockets } from './line-sockets';
import { HeldCall, ScriptedStore } from './scripted-store';

const REF: LineRef = { roomId: 'fall', epoch: 1, incarnation: 'life' };
const NEW_PLACE = { create: true, presented: undefined };

function placed(studentId: string, number = 1, outcome: JoinOutcome['outcome'] = 'joined'): JoinOutcome {
  const ticket = { roomId: 'fall', studentId, epoch: 1, number, joinedAt: 5, state: 'waiting' as const };
  return { outcome, ticket, sequence: number };
}
const GONE: JoinOutcome = { outcome: 'gone', sequence: 9 };

describe('the sockets of a pod in one line', () => {
  let script: ScriptedStore;
  let sockets: LineSockets;
  let podId: string;
  let reattached: string[];

  beforeEach(() => {
    script = new ScriptedStore();
    podId = 'pod';
    reattached = [];
    sockets = new LineSockets('fall', script.store, {
      get podId() {
        return podId;
      },
      hasEnded: false,
      open: () => Promise.resolve(),
      call: (work) => work(REF),
      onAnswer: () => undefined,
      onReattached: (socketId, _student, { outcome }) => void reattached.push(`${socketId}: ${outcome}`),
    });
  });

  async function attach(socketId: string, studentId = 's1'): Promise<void> {
    const joining = sockets.join(studentId, socketId, NEW_PLACE);
    (await script.next('join')).answer(placed(studentId));
    await joining;
  }

  const socketsOf = ({ args }: HeldCall<'detach'>): string[] => args[1].map(({ socketId }) => socketId);

  /** Which sockets the next connection takes off. */
  async function takenOff(): Promise<string[]> {
    const taken: string[] = [];
    let done = false;
    const working = sockets.takeOffGone().finally(() => (done = true));
    for (await turn(); !done; await turn()) {
      const call = await script.next('detach');
      taken.push(...socketsOf(call));
      call.answer();
    }
    await working;
    return taken;
  }

  /** Which sockets the next connection attaches anew. */
  async function askedAnew(answer: (call: HeldCall<'join'>) => void): Promise<string[]> {
    const asked: string[] = [];
    sockets.doubtAttached();
    const working = sockets.reattach(REF);
    while (script.count('join') > 0) {
      const call = await script.next('join');
      asked.push(call.args[1].socket.socketId);
      answer(call);
    }
    await working;
    return asked;
  }

  it('that closed by the thousand while the store was away are taken off in a few calls, all asked for at once', async () => {
    const ids = Array.from({ length: 1_200 }, (_, i) => `tab-${i}`);
    for (const id of ids) await attach(id, `student-${id}`);
    const leaving = ids.map((id) => sockets.leave(id));
    for (let left = ids.length; left > 0; left -= 1) (await script.next('detach')).refuse('line_unavailable');
    await Promise.allSettled(leaving);
    const settled = sockets.takeOffGone();
    expect(script.count('detach')).toBe(3);
    const calls = [await script.next('detach'), await script.next('detach'), await script.next('detach')];
    expect(calls.flatMap(socketsOf)).toEqual(ids);
    calls[0]?.answer();
    calls[1]?.refuse('line_unavailable');
    calls[2]?.answer();
    await expect(settled).rejects.toMatchObject({ code: 'line_unavailable' });
    expect(await takenOff()).toEqual(ids.slice(500, 1_000));
  });

  describe('one that closes while its join is under way', () => {
    it('is taken off as soon as the store has attached it', async () => {
      const joining = sockets.join('s1', 'tab', NEW_PLACE);
      await sockets.leave('tab');
      (await script.next('join')).answer(placed('s1'));
      const call = await script.next('detach');
      expect(socketsOf(call)).toEqual(['tab']);
      call.answer();
      await expect(joining).rejects.toMatchObject({ code: 'not_in_line' });
      expect(sockets.isAttached('tab')).toBe(false);
      expect(await takenOff()).toEqual([]);
    });

    it('is taken off with the next connection when the store cannot be told', async () => {
      const joining = sockets.join('s1', 'tab', NEW_PLACE);
      await sockets.leave('tab');
      (await script.next('join')).answer(placed('s1'));
      (await script.next('detach')).refuse('line_unavailable');
      await expect(joining).rejects.toMatchObject({ code: 'line_unavailable' });
      expect(await takenOff()).toEqual(['tab']);
      expect(await takenOff()).toEqual([]);
    });

    it('is nothing that the store has to be told of when it was refused', async () => {
      const joining = sockets.join('s1', 'tab', NEW_PLACE);
      await sockets.leave('tab');
      (await script.next('join')).refuse('room_draining');
      await expect(joining).rejects.toMatchObject({ code: 'room_draining' });
      expect(await takenOff()).toEqual([]);
    });

    it('stays closed, whatever other join of it is answered later', async () => {
      const joins = [sockets.join('s1', 'tab', NEW_PLACE), sockets.join('s1', 'tab', NEW_PLACE)];
      await sockets.leave('tab');
      for (const joining of joins) {
        (await script.next('join')).answer(placed('s1', 1, 'attached'));
        (await script.next('detach')).answer();
        await expect(joining).rejects.toMatchObject({ code: 'not_in_line' });
      }
      expect(sockets.isAttached('tab')).toBe(false);
    });
  });

  describe('one of which nobody knows whether the store has attached it', () => {
    async function unknown(): Promise<void> {
      const joining = sockets.join('s1', 'tab', NEW_PLACE);
      (await script.next('join')).refuse('line_unavailable');
      await expect(joining).rejects.toMatchObject({ code: 'line_unavailable' });
    }

    it('is taken off with the next connection', async () => {
      await unknown();
      expect(await takenOff()).toEqual(['tab']);
    });

    it('is not when it has asked again, and was attached', async () => {
      await unknown();
      await attach('tab');
      expect(await takenOff()).toEqual([]);
    });

    it('still is when it has asked again, and was refused', async () => {
      await unknown();
      const again = sockets.join('s1', 'tab', NEW_PLACE);
      (await script.next('join')).refuse('line_recovering');
      await expect(again).rejects.toMatchObject({ code: 'line_recovering' });
      expect(await takenOff()).toEqual(['tab']);
    });

    it('is not when another join of it, under way at the same time, was attached', async () => {
      const joins = [sockets.join('s1', 'tab', NEW_PLACE), sockets.join('s1', 'tab', NEW_PLACE)];
      (await script.next('join')).refuse('line_unavailable');
      (await script.next('join')).answer(placed('s1', 1, 'attached'));
      await Promise.allSettled(joins);
      expect(sockets.isAttached('tab')).toBe(true);
      expect(await takenOff()).toEqual([]);
    });
  });

  describe('two tabs of one student', () => {
    beforeEach(async () => {
      await attach('first');
      await attach('second');
    });

    it('leave one by one', async () => {
      const leaving = sockets.leave('first');
      const call = await script.next('detach');
      expect(socketsOf(call)).toEqual(['first']);
      call.answer();
      await leaving;
      expect([sockets.isAttached('first'), sockets.isAttached('second')]).toEqual([false, true]);
      expect(await askedAnew((join) => join.answer(placed('s1', 1, 'attached')))).toEqual(['second']);
    });

    it('know the place each by itself', () => {
      sockets.noteTold('first');
      expect([sockets.isTold('first'), sockets.isTold('second')]).toEqual([true, false]);
    });
  });

  describe('attached anew', () => {
    beforeEach(async () => {
      await attach('first', 's1');
      await attach('second', 's2');
    });

    it('are those whose turn had not come when the store went away, and only those', async () => {
      const broken = askedAnew((call) =>
        call.args[1].socket.socketId === 'first'
          ? call.answer(placed('s1', 1, 'attached'))
          : call.refuse('line_unavailable'),
      );
      await expect(broken).rejects.toMatchObject({ code: 'line_unavailable' });
      const working = sockets.reattach(REF);
      const call = await script.next('join');
      expect(call.args[1].socket.socketId).toBe('second');
      call.answer(placed('s2', 2, 'attached'));
      await working;
      expect(script.count('join')).toBe(0);
      expect(reattached).toEqual(['first: attached', 'second: attached']);
    });

    it('leave no question under way behind when one of them fails', async () => {
      let ended = false;
      sockets.doubtAttached();
      const working = sockets.reattach(REF).finally(() => (ended = true));
      const calls = [await script.next('join'), await script.next('join')];
      calls[0]?.refuse('line_unavailable');
      await turn();
      expect(ended).toBe(false);
      calls[1]?.answer(placed('s2', 2, 'attached'));
      await expect(working).rejects.toMatchObject({ code: 'line_unavailable' });
    });

    it('are all others when one is refused for good', async () => {
      await askedAnew((call) =>
        call.args[1].socket.socketId === 'first'
          ? call.refuse('too_many_sockets')
          : call.answer(placed('s2', 2, 'attached')),
      );
      expect(reattached).toEqual(['second: attached']);
      await sockets.reattach(REF);
      expect(script.count('join')).toBe(0);
    });

    it('are also those for whom the line was full, later and alone', async () => {
      sockets.doubtAttached();
      const working = sockets.reattach(REF);
      (await script.next('join')).refuse('line_full');
      (await script.next('join')).answer(placed('s2', 2, 'attached'));
      expect(await working).toBe(false);
      const again = sockets.reattach(REF);
      const call = await script.next('join');
      expect(call.args[1].socket.socketId).toBe('first');
      call.answer(placed('s1', 1, 'restored'));
      expect(await again).toBe(true);
      expect(script.count('join')).toBe(0);
      expect(reattached).toEqual(['second: attached', 'first: restored']);
    });

    it('is none that closed and could not be taken off; that is made up for, though it was refused for good', async () => {
      sockets.doubtAttached();
      const working = sockets.reattach(REF);
      const joins = [await script.next('join'), await script.next('join')];
      const leaving = sockets.leave('first');
      (await script.next('detach')).refuse('line_unavailable');
      await expect(leaving).rejects.toMatchObject({ code: 'line_unavailable' });
      joins[0]?.refuse('too_many_sockets');
      joins[1]?.answer(placed('s2', 2, 'attached'));
      await working;
      expect(await takenOff()).toEqual(['first']);
      expect(await takenOff()).toEqual([]);
    });

    it('are asked for by the place that they had, under the name that the pod has now', async () => {
      podId = 'new name';
      const asked: unknown[] = [];
      await askedAnew((call) => {
        asked.push(call.args[1]);
        call.answer(GONE);
      });
      expect(asked[0]).toEqual({
        studentId: 's1',
        socket: { podId: 'new name', socketId: 'first' },
        create: false,
        presented: { epoch: 1, number: 1, joinedAt: 5 },
      });
      expect(reattached).toEqual(['first: gone', 'second: gone']);
      expect(sockets.isAttached('first')).toBe(false);
    });

    it('is none that closes meanwhile', async () => {
      sockets.doubtAttached();
      const working = sockets.reattach(REF);
      const joins = [await script.next('join'), await script.next('join')];
      const leaving = sockets.leave('first');
      (await script.next('detach')).answer();
      await leaving;
      joins.forEach((call) => call.answer(placed('s1', 1, 'attached')));
      const again = await script.next('detach');
      expect(socketsOf(again)).toEqual(['first']);
      again.answer();
      await working;
      expect(reattached).toEqual(['second: attached']);
    });
  });

  describe('one that could not be taken off', () => {
    it.each([
      ['before', true],
      ['after', false],
    ])('is taken off later when it has asked again, and was refused %s that was known', async (_when, isBefore) => {
      await attach('tab');
      const leaving = sockets.leave('tab');
      const detach = await script.next('detach');
      const joining = sockets.join('s1', 'tab', NEW_PLACE);
      const join = await script.next('join');
      const isDone = Promise.allSettled([leaving, joining]);
      for (const refuse of isBefore
        ? [() => join.refuse('room_closed'), () => detach.refuse('line_unavailable')]
        : [() => detach.refuse('line_unavailable'), () => join.refuse('room_closed')]) {
        refuse();
        await turn();
      }
      await isDone;
      expect(await takenOff()).toEqual(['tab']);
      expect(await takenOff()).toEqual([]);
    });

    it('is not when it has asked again, and was attached', async () => {
      await attach('tab');
      const leaving = sockets.leave('tab');
      const detach = await script.next('detach');
      await attach('tab');
      detach.refuse('line_unavailable');
      await expect(leaving).rejects.toMatchObject({ code: 'line_unavailable' });
      expect(await takenOff()).toEqual([]);
      expect(sockets.isAttached('tab')).toBe(true);
    });
  });

  it('are forgotten with their ticket, but for a join that is under way', async () => {
    await attach('tab');
    const joining = sockets.join('s1', 'tab', NEW_PLACE);
    sockets.forget('tab');
    expect(sockets.isAttached('tab')).toBe(false);
    (await script.next('join')).answer(placed('s1', 2));
    await joining;
    expect(sockets.isAttached('tab')).toBe(true);
  });

  it('are all forgotten when every ticket has ended, but for a join that is under way', async () => {
    await attach('tab');
    const lost = sockets.join('s2', 'lost', NEW_PLACE);
    (await script.next('join')).refuse('line_unavailable');
    await expect(lost).rejects.toMatchObject({ code: 'line_unavailable' });
    const joining = sockets.join('s3', 'new', NEW_PLACE);
    sockets.forgetAll();
    expect(sockets.isAttached('tab')).toBe(false);
    expect(await takenOff()).toEqual([]);
    (await script.next('join')).answer(placed('s3', 3));
    await joining;
    expect(await askedAnew((call) => call.answer(placed('s3', 3, 'attached')))).toEqual(['new']);
  });
});
