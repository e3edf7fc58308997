import { setImmediate as turn } from 'node:timers/promises';
import type { JoinOutcome, LineEvent } from '../line-store';
import type { HeldCall } from './scripted-store';
import { joined, placed, ROOM, ScriptedLine } from './scripted-line';

describe('a pod’s connection to a line', () => {
  let scripted: ScriptedLine;

  beforeEach(() => {
    scripted = new ScriptedLine();
  });
  afterEach(() => scripted.stop());

  it('stays up when the line is full for a socket that is attached anew, and asks again as the trail goes on', async () => {
    await scripted.start();
    await scripted.attach('tab', 's1', 1);
    scripted.ref = { ...scripted.ref, epoch: 2, incarnation: 'next life' };
    scripted.line.doubt(scripted.line.ref!);
    await scripted.feed({});
    await scripted.connect({ registeredAnew: true, snapshot: { epoch: 2 } });
    (await scripted.script.next('join')).refuse('line_full');
    await turn();
    expect(scripted.line.available).toBe(true);
    await scripted.feed({ durableSequence: 1 });
    (await scripted.script.next('join')).answer(placed('s1', 1, 'restored'));
    await turn();
    scripted.timers.advance(1_000);
    await scripted.feed({ durableSequence: 2 });
    await turn();
    expect(scripted.script.count('join')).toBe(0);
    expect(scripted.line.holds('tab')).toBe(true);
  });

  it('goes on past an event that only a newer pod knows, and has seen it', async () => {
    await scripted.start();
    const heard: LineEvent[] = [];
    scripted.listen({ onEvents: (_line, events) => void heard.push(...events) });
    const unknown: LineEvent = { type: 'unknown', name: 'noted', sequence: 2, at: 1_000_000, fields: { note: 'x' } };
    await scripted.feed({ events: [joined(1), unknown] });
    await turn();
    scripted.timers.advance(1_000);
    expect(await scripted.feed({ events: [joined(3)] })).toBe(2);
    await turn();
    expect(heard.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(scripted.line.replica).toMatchObject({ sequence: 3, total: 2 });
  });

  it('comes to rest when what it asked for while connecting is answered while it connects once more', async () => {
    await scripted.start();
    await scripted.attach('tab', 's1', 1);
    const leaving = scripted.line.detach('tab').catch(() => undefined);
    (await scripted.script.next('detach')).refuse('line_unavailable');
    await leaving;
    await scripted.feed({});
    // Somebody else is refused while it connects, so it connects once more.
    const joining = scripted.join('other', 's2').catch(() => undefined);
    const refused = await scripted.script.next('join');
    (await scripted.script.next('configure')).answer();
    refused.refuse('line_unavailable');
    await joining;
    (await scripted.script.next('register')).answer(false);
    const early = await scripted.script.next('detach');
    const again = await scripted.script.next('configure');
    early.answer();
    await turn();
    again.answer();
    (await scripted.script.next('register')).answer(false);
    (await scripted.script.next('detach')).answer();
    await turn();
    expect([scripted.script.count('configure'), scripted.script.count('readFeed')]).toEqual([0, 1]);
    expect(scripted.line.available).toBe(true);
  });

  describe('when the pod is fenced in the middle of joins', () => {
    let name: string;
    let refused: Promise<PromiseSettledResult<JoinOutcome>[]>;
    let late: HeldCall<'join'>;

    beforeEach(async () => {
      name = await scripted.start();
      await scripted.attach('tab', 's1', 1);
      void scripted.join('late', 's5').catch(() => undefined);
      late = await scripted.script.next('join');
      refused = Promise.allSettled([scripted.join('a', 's2'), scripted.join('b', 's3')]);
      for (let refusals = 0; refusals < 2; refusals++) (await scripted.script.next('join')).refuse('pod_fenced');
      await refused;
    });

    it('refuses those, and attaches the others anew under one new name', async () => {
      expect(await refused).toMatchObject([{ reason: { code: 'pod_fenced' } }, { reason: { code: 'pod_fenced' } }]);
      await scripted.feed({});
      const newName = await scripted.connect({ registeredAnew: true });
      expect(newName).not.toBe(name);
      const again = await scripted.script.next('join');
      expect(again.args[1]).toMatchObject({ studentId: 's1', socket: { podId: newName, socketId: 'tab' } });
      again.answer(placed('s1', 1, 'attached'));
      await scripted.script.next('readFeed');
      expect(['tab', 'a', 'b'].map((socket) => scripted.line.holds(socket))).toEqual([true, false, false]);
    });

    it('makes no further name for those who join before that one is registered', async () => {
      const early = scripted.join('c', 's4');
      const call = await scripted.script.next('join');
      call.refuse('pod_fenced');
      await expect(early).rejects.toMatchObject({ code: 'pod_fenced' });
      await scripted.feed({});
      expect(await scripted.connect({ registeredAnew: true })).toBe(call.args[1].socket.podId);
    });

    it('attaches anew whom the store had attached under the old name, by an answer that came late', async () => {
      late.answer(placed('s5', 5));
      await scripted.feed({});
      const newName = await scripted.connect({ registeredAnew: true });
      const again = [await scripted.script.next('join'), await scripted.script.next('join')];
      expect(again.map(({ args }) => args[1].socket)).toEqual([
        { podId: newName, socketId: 'tab' },
        { podId: newName, socketId: 'late' },
      ]);
      again.forEach((call, index) => call.answer(placed(`s${index}`, 1, 'attached')));
      await scripted.script.next('readFeed');
      expect(scripted.line.holds('late')).toBe(true);
    });
  });

  it('goes on, and tells the others, when a listener throws', async () => {
    const heard: number[] = [];
    const broken = (): void => {
      throw new Error('broken');
    };
    scripted.listen({ onEvents: broken, onState: broken, onDurable: broken });
    scripted.listen({ onEvents: (_line, events) => void heard.push(...events.map(({ sequence }) => sequence)) });
    await scripted.start();
    await scripted.feed({ events: [joined(1), joined(2)], durableSequence: 1, durableBy: 'another' });
    await turn();
    scripted.timers.advance(80);
    expect(await scripted.feed({})).toBe(2);
    expect(heard).toEqual([1, 2]);
    expect(scripted.line.durableSequence).toBe(1);
  });

  describe('when the feed does not go back to where the pod is', () => {
    const told: LineEvent[] = [];
    const anew: string[] = [];

    beforeEach(async () => {
      told.length = anew.length = 0;
      await scripted.start();
      await scripted.attach('tab', 's1', 1);
      scripted.listen({
        onEvents: (_line, events) => void told.push(...events),
        onReattached: (_line, socketId) => void anew.push(socketId),
      });
      await scripted.feed({ trimmed: true });
    });

    it('takes a new picture, tells again what the trail does not have, and attaches the sockets anew', async () => {
      await scripted.connect({ snapshot: { sequence: 12, durableSequence: 10, nextNumber: 13 } });
      expect(await scripted.feed({ events: [joined(11), joined(12)] })).toBe(10);
      (await scripted.script.next('join')).answer(placed('s1', 1, 'attached'));
      expect(await scripted.feed({})).toBe(12);
      expect(told.map(({ sequence }) => sequence)).toEqual([11, 12]);
      expect(anew).toEqual(['tab']);
    });

    it('does so with the next connection when the store goes away in between', async () => {
      (await scripted.script.next('configure')).answer();
      (await scripted.script.next('register')).answer(false);
      (await scripted.script.next('snapshot')).refuse('line_unavailable');
      await turn();
      scripted.timers.advance(1_000);
      await scripted.connect({ snapshot: { sequence: 12, durableSequence: 12, nextNumber: 13 } });
      (await scripted.script.next('join')).answer(placed('s1', 1, 'attached'));
      expect(await scripted.feed({})).toBe(12);
      expect(anew).toEqual(['tab']);
    });
  });

  describe('when the store is away and comes back', () => {
    it('follows the feed again while those who left meanwhile are still being taken off', async () => {
      await scripted.start();
      await scripted.attach('left', 's1', 1);
      const { line, script } = scripted;
      const leaving = line.detach('left');
      (await script.next('detach')).refuse('line_unavailable');
      await expect(leaving).rejects.toMatchObject({ code: 'line_unavailable' });
      (await script.next('readFeed')).refuse('line_unavailable');
      await turn();
      scripted.timers.advance(1_000);
      await scripted.connect();
      await script.next('readFeed');
      expect(line.available).toBe(true);
      expect(script.count('detach')).toBe(1);
    });

    it('freezes, then makes up for what could not be told, in order', async () => {
      const seen: boolean[] = [];
      await scripted.start();
      await scripted.attach('left', 's1', 1);
      scripted.listen({ onState: ({ available }) => void seen.push(available) });
      const { line, script } = scripted;
      const finishing = line.eventually((ref) => script.store.end(ref, { studentId: 's2', number: 2 }, 'finished'));
      const leaving = line.detach('left');
      (await script.next('end')).refuse('line_unavailable');
      (await script.next('detach')).refuse('line_unavailable');
      await expect(finishing).rejects.toMatchObject({ code: 'line_unavailable' });
      await expect(leaving).rejects.toMatchObject({ code: 'line_unavailable' });
      expect(seen).toEqual([false]);

      (await script.next('readFeed')).refuse('line_unavailable');
      await turn();
      scripted.timers.advance(1_000);
      await scripted.connect();
      const detach = await script.next('detach');
      expect(detach.args[1]).toMatchObject([{ studentId: 's1', socketId: 'left' }]);
      detach.answer();
      const end = await script.next('end');
      expect(end.args.slice(1)).toEqual([{ studentId: 's2', number: 2 }, 'finished']);
      end.answer(undefined);
      await script.next('readFeed');
      expect(seen.at(-1)).toBe(true);
    });

    it('keeps a socket that stays, and that the store still holds, without asking', async () => {
      await scripted.start();
      await scripted.attach('tab', 's1', 1);
      (await scripted.script.next('readFeed')).refuse('line_unavailable');
      await turn();
      expect(scripted.line.available).toBe(false);
      scripted.timers.advance(1_000);
      await scripted.connect();
      await scripted.script.next('readFeed');
      expect(scripted.line.available).toBe(true);
      expect(scripted.script.count('join')).toBe(0);
      expect(scripted.line.holds('tab')).toBe(true);
    });

    it('is not before the pause is over', async () => {
      await scripted.start();
      (await scripted.script.next('readFeed')).refuse('line_unavailable');
      await turn();
      scripted.timers.advance(200);
      await turn();
      expect(scripted.script.count('configure')).toBe(0);
      scripted.timers.advance(800);
      await scripted.connect();
    });
  });

  describe('when the pod reports what it has seen while a call is under way', () => {
    it('takes the answer for none, and what it has done back', async () => {
      await scripted.start();
      const joining = scripted.join('tab', 's1');
      const call = await scripted.script.next('join');
      scripted.line.doubt(scripted.ref);
      await scripted.feed({});
      await scripted.connect();
      call.answer(placed('s1', 1));
      await expect(joining).rejects.toMatchObject({ code: 'line_unavailable' });
      expect(scripted.line.holds('tab')).toBe(false);
      await scripted.feed({});
      await scripted.connect();
      expect((await scripted.script.next('detach')).args[1]).toMatchObject([{ socketId: 'tab' }]);
    });

    it('says in its next report what it has read on whichever server', async () => {
      await scripted.start();
      await scripted.feed({ events: [joined(1)] });
      await turn();
      scripted.line.doubt(scripted.ref);
      await scripted.connect();
      await scripted.script.next('readFeed');
      expect(scripted.reports).toMatchObject([{ sequence: 0 }, { sequence: 1, server: 'server' }]);
    });
  });

  describe('when another life of the line begins', () => {
    it('knows nothing of the old one, and attaches the sockets to the new one', async () => {
      await scripted.start();
      await scripted.attach('tab', 's1', 1);
      await scripted.feed({ events: [joined(1)], durableSequence: 1, durableBy: 'another' });
      scripted.ref = { ...scripted.ref, epoch: 2, incarnation: 'next life' };
      scripted.line.doubt({ ...scripted.ref });
      await turn();
      scripted.timers.advance(80);
      (await scripted.script.next('readFeed')).refuse('line_recovering');
      await turn();
      scripted.timers.advance(1_000);
      await scripted.connect({ registeredAnew: true, snapshot: { epoch: 2 } });
      const again = await scripted.script.next('join');
      expect(again.args[0]).toEqual(scripted.ref);
      again.answer({ outcome: 'gone', sequence: 0 });
      await scripted.script.next('readFeed');
      expect(scripted.line.durableSequence).toBe(0);
      expect(scripted.line.holds('tab')).toBe(false);
    });
  });

  describe('of a room that has ended', () => {
    const closed = { ...ROOM, version: 2, control: 'closed' as const };
    const settings = { version: 2, control: 'closed' as const, opensAt: 0, ratePerSecond: 100, capacity: 1 };

    /** Everybody is gone, and the trail knows it. */
    async function close(before = (): Promise<void> => Promise.resolve()): Promise<void> {
      await scripted.start();
      await before();
      const configuring = scripted.line.configure(closed);
      (await scripted.script.next('configure')).answer();
      await configuring;
      const said: LineEvent = {
        ...{ type: 'settings', sequence: 1, at: 1_000_000 },
        settings: { ...settings, leaseMs: 60_000, graceMs: 60_000, noShowMs: 60_000 },
      };
      await scripted.feed({ events: [said], durableSequence: 1, durableBy: 'another' });
      await turn();
      await scripted.tick({ state: 'closed', sequence: 1 });
      // The read that was under way meanwhile.
      await scripted.feed({});
    }

    it('is let go, with its sockets', async () => {
      await close(() => scripted.attach('tab', 's1', 1));
      scripted.timers.advance(100_000);
      await turn();
      expect(scripted.line.hasEnded).toBe(true);
      expect(scripted.line.holds('tab')).toBe(false);
      expect(scripted.script.count('readFeed')).toBe(0);
      await expect(scripted.line.tick()).resolves.toBeUndefined();
      expect(scripted.line.replica).toMatchObject({ state: 'closed', total: 0 });
    });

    it('is opened again by whoever asks for a place, and let go once more', async () => {
      await close();
      const late = scripted.join('late', 's2');
      await scripted.connect();
      (await scripted.script.next('join')).refuse('room_closed');
      await expect(late).rejects.toMatchObject({ code: 'room_closed' });
      expect(scripted.line.hasEnded).toBe(false);
      await scripted.tick({ state: 'closed', sequence: 1 });
      expect(scripted.line.hasEnded).toBe(true);
      expect(scripted.line.holds('late')).toBe(false);
    });

    it('asks for nobody who has closed the page before it was open again', async () => {
      await close();
      const late = scripted.join('late', 's2');
      await scripted.line.detach('late');
      await scripted.connect();
      (await scripted.script.next('join')).answer(placed('s2', 2));
      (await scripted.script.next('detach')).answer();
      await expect(late).rejects.toMatchObject({ code: 'not_in_line' });
    });

    it('refuses, as long as it cannot be opened again, as retryable', async () => {
      await close();
      const late = scripted.join('late', 's2');
      (await scripted.script.next('configure')).refuse('line_unavailable');
      await expect(late).rejects.toMatchObject({ code: 'line_unavailable', retryable: true });
    });

    it('is followed again from where it was when the room is changed', async () => {
      await close();
      const configuring = scripted.line.configure({ ...ROOM, version: 3 });
      (await scripted.script.next('configure')).answer();
      await configuring;
      expect(scripted.line.hasEnded).toBe(false);
      await scripted.connect();
      expect(await scripted.feed({ events: [joined(2)] })).toBe(1);
      await turn();
      expect(scripted.line.replica?.total).toBe(1);
    });
  });
});
