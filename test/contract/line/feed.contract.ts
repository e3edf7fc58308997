import { PositionIndex } from '../../../src/line/position-index';
import { Bench, Engine } from './engine';
import { LineFixture, refusal, START } from './line-fixture';

const FEED_KEPT = 5;
const FEED_BACKLOG = 20;

/** The feed, the snapshot, and what the trail says about them. */
export function feedContract(engine: Engine): void {
  describe('feed', () => {
    let bench: Bench;
    let line: LineFixture;
    beforeAll(async () => void (bench = await engine.bench({ feedKept: FEED_KEPT, feedBacklog: FEED_BACKLOG })));
    afterAll(() => bench.stop());
    beforeEach(async () => void (line = await LineFixture.start(bench)));

    const read = (after: number, options = {}) =>
      line.store.readFeed(line.ref, after, { limit: 100, waitMs: 0, knownDurable: 0, ...options });
    const head = async () => (await line.snapshot()).sequence;

    it('begins with the settings and numbers its events without a gap', async () => {
      await line.joinAll('s1', 's2');
      await line.tick();
      const events = await line.events();
      expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i + 1));
      expect(events.map(({ type }) => type)).toEqual(['settings', 'joined', 'joined', 'opened', 'admitted']);
      expect(events[1]).toEqual({
        ...{ type: 'joined', sequence: 2, at: START, number: 1, studentId: 's1', ticketEpoch: 1 },
      });
    });

    it('gives pages that follow each other', async () => {
      await line.joinAll('s1', 's2', 's3', 's4');
      const first = await read(0, { limit: 3 });
      expect(first.events.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
      expect((await read(3, { limit: 3 })).events.map(({ sequence }) => sequence)).toEqual([4, 5]);
      expect(await read(5)).toEqual({ events: [], durableSequence: 0, durableBy: '', trimmed: false });
    });

    it.each([0, 5_001, 1.5])('refuses a page of %p events', async (limit) => {
      expect(await refusal(read(0, { limit }))).toBe('invalid_input');
    });

    it('ends a waiting read with the first event', async () => {
      const waiting = read(await head(), { waitMs: 20_000 });
      await line.join('s1');
      expect((await waiting).events).toMatchObject([{ type: 'joined', studentId: 's1' }]);
    });

    it('ends a waiting read when the trail has got further', async () => {
      await line.join('s1');
      const sequence = await head();
      const waiting = read(sequence, { waitMs: 20_000 });
      await line.store.markDurable(line.ref, sequence, 'b');
      expect(await waiting).toMatchObject({ events: [], durableSequence: sequence, durableBy: 'b' });
      expect(await read(sequence, { knownDurable: sequence })).toMatchObject({ durableSequence: sequence });
    });

    it('ends a waiting read empty when the wait is over', async () => {
      expect(await read(await head(), { waitMs: 30 })).toMatchObject({ events: [], trimmed: false });
    });

    it('lets several readers of one pod wait at once', async () => {
      const sequence = await head();
      const readers = [1, 2, 3].map(() => read(sequence, { waitMs: 20_000 }));
      await line.join('s1');
      for (const page of await Promise.all(readers)) expect(page.events).toHaveLength(1);
    });

    it('trims only what the trail has, and keeps the newest', async () => {
      for (let i = 0; i < 12; i++) await line.join(`s${i}`);
      expect((await read(0)).events).toHaveLength(13);
      await line.store.markDurable(line.ref, 3, 'a');
      expect(await read(2)).toMatchObject({ trimmed: true, events: [] });
      expect((await read(3)).events).toHaveLength(10);
      await line.store.markDurable(line.ref, 13, 'a');
      expect(await read(7)).toMatchObject({ trimmed: true, events: [] });
      expect((await read(13 - FEED_KEPT)).events).toHaveLength(FEED_KEPT);
    });

    it('never takes back what the trail has', async () => {
      await line.joinAll('s1', 's2');
      await line.store.markDurable(line.ref, 3, 'a');
      await line.store.markDurable(line.ref, 2, 'b');
      await line.store.markDurable(line.ref, 3, 'b');
      expect(await read(3)).toMatchObject({ durableSequence: 3, durableBy: 'a' });
    });

    it('tells a trail that is ahead of the store that the line was lost', async () => {
      expect(await refusal(line.store.markDurable(line.ref, 99, 'a'))).toBe('line_recovering');
    });

    it('tells a reader who has seen more than the store has that the line was lost', async () => {
      expect(await refusal(read(99))).toBe('line_recovering');
      expect(await refusal(read(99, { waitMs: 20 }))).toBe('line_recovering');
    });

    it('refuses joins as long as too much waits for the trail, and takes back who has a ticket', async () => {
      for (let i = 1; i < FEED_BACKLOG; i++) await line.join(`s${i}`);
      expect(await refusal(line.join('late'))).toBe('line_full');
      expect(await line.join('s1')).toMatchObject({ outcome: 'attached' });
      await line.store.markDurable(line.ref, 1, 'a');
      expect(await line.join('late')).toMatchObject({ outcome: 'joined' });
    });

    it('gives a snapshot that, with the feed after it, makes the same index as the feed from the start', async () => {
      const act = async (i: number): Promise<void> => {
        if (i % 3 === 0) await line.store.end(line.ref, { studentId: `s${i - 2}`, number: i - 2 }, 'left');
        await line.join(`s${i}`, { socket: { podId: 'a', socketId: 'tab' } });
        await line.advance(100);
        await line.store.tick(line.ref, 'a');
      };
      await line.configure({ ratePerSecond: 2 });
      for (let i = 1; i <= 5; i++) await act(i);
      const { index, sequence, nextNumber } = await line.snapshot();
      expect(nextNumber).toBe(6);
      const catchUp = await line.events(0);
      for (let i = 6; i <= 8; i++) await act(i);
      const fromStart = new PositionIndex(1);
      const apply = (target: PositionIndex, events: Awaited<ReturnType<typeof line.events>>): void => {
        for (const event of events) {
          if (event.type === 'joined') target.add(event.number);
          if (event.type === 'admitted' || event.type === 'ended') target.remove(event.number);
        }
      };
      const tail = await line.events(sequence);
      apply(index, tail);
      apply(fromStart, [...catchUp, ...tail]);
      const content = (target: PositionIndex): number[] => {
        const numbers: number[] = [];
        target.forEach((number) => numbers.push(number));
        return numbers;
      };
      expect(content(index)).toEqual(content(fromStart));
      expect(content(index)).toEqual(await line.waiting());
    });
  });

  describe('closing', () => {
    it('ends a waiting read, and every later call, with line_unavailable', async () => {
      const bench = await engine.bench();
      const line = await LineFixture.start(bench);
      const { sequence } = await line.snapshot();
      const waiting = line.store.readFeed(line.ref, sequence, { limit: 1, waitMs: 60_000, knownDurable: 0 });
      const refused = refusal(waiting);
      await line.store.close();
      expect(await refused).toBe('line_unavailable');
      expect(await refusal(line.store.find(line.ref, 's1'))).toBe('line_unavailable');
      expect(await refusal(line.store.readFeed(line.ref, 0, { limit: 1, waitMs: 0, knownDurable: 0 }))).toBe(
        'line_unavailable',
      );
      await bench.stop();
    });
  });
}
