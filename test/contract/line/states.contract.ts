import type { RoomControl } from '../../../src/contract/operate/rooms';
import { Bench, Engine } from './engine';
import { LineFixture, refusal, START } from './line-fixture';

const TICK_BATCH = 5;

/** What each state of the room allows, and how it changes. */
export function stateContract(engine: Engine): void {
  describe('states', () => {
    let bench: Bench;
    let line: LineFixture;
    beforeAll(async () => void (bench = await engine.bench({ tickBatch: TICK_BATCH })));
    afterAll(() => bench.stop());

    it('keeps everyone outside before the opening, and opens by the store clock for all pods at once', async () => {
      line = await LineFixture.start(bench, { opensAt: START + 10_000, ratePerSecond: 2 });
      await line.joinAll('s1', 's2', 's3', 's4');
      expect(await line.pass(9_500)).toBe(0);
      expect(await line.tick()).toMatchObject({ state: 'scheduled' });
      await line.advance(500);
      expect(await line.tick('a')).toMatchObject({ state: 'open', admitted: 1 });
      expect(await line.tick('b')).toMatchObject({ state: 'open', admitted: 0 });
      expect(await line.pass(1_000)).toBe(2);
      const opened = (await line.events()).filter(({ type }) => type === 'opened');
      expect(opened).toMatchObject([{ at: START + 10_000 }]);
    });

    it('says so again when the opening was put off after it', async () => {
      line = await LineFixture.start(bench);
      await line.tick();
      await line.configure({ opensAt: START + 5_000 });
      expect(await line.tick()).toMatchObject({ state: 'scheduled' });
      await line.pass(5_000);
      expect((await line.events()).filter(({ type }) => type === 'opened')).toHaveLength(2);
    });

    it.each<[RoomControl, boolean, string]>([
      ['auto', true, 'joined'],
      ['paused', false, 'joined'],
      ['draining', true, 'room_draining'],
      ['closed', false, 'room_closed'],
    ])('%s: admits %p, and a join is %s', async (control, admits, joined) => {
      line = await LineFixture.start(bench, { ratePerSecond: 1 });
      await line.joinAll('s1', 's2', 's3');
      await line.tick();
      await line.configure({ control, ratePerSecond: 1 });
      await line.pass(1_000);
      expect(await line.stateOf('s2')).toBe(admits ? 'admitted' : control === 'closed' ? 'closed' : 'waiting');
      const join = line.join('s4');
      if (joined === 'joined') expect(await join).toMatchObject({ outcome: 'joined' });
      else expect(await refusal(join)).toBe(joined);
    });

    it('lets nobody in before the opening, also when it drains', async () => {
      line = await LineFixture.start(bench, { opensAt: START + 10_000, ratePerSecond: 2 });
      await line.joinAll('s1', 's2', 's3', 's4');
      await line.configure({ control: 'draining', opensAt: START + 10_000, ratePerSecond: 2 });
      expect(await line.pass(9_500)).toBe(0);
      expect(await line.tick()).toMatchObject({ state: 'draining', waiting: 4 });
      expect(await line.pass(500)).toBe(1);
      expect(await line.pass(1_000)).toBe(2);
    });

    it('starts from nothing after a pause', async () => {
      line = await LineFixture.start(bench, { ratePerSecond: 2 });
      await line.joinAll('s1', 's2', 's3', 's4', 's5');
      await line.tick();
      await line.configure({ control: 'paused', ratePerSecond: 2 });
      await line.pass(10_000);
      await line.configure({ ratePerSecond: 2 });
      expect(await line.tick()).toMatchObject({ state: 'open', admitted: 0 });
      expect(await line.pass(1_000)).toBe(2);
    });

    it('ends everyone when it closes: present, away and inside, a bounded number per tick', async () => {
      line = await LineFixture.start(bench, { ratePerSecond: 1_000, capacity: 4 });
      for (let i = 0; i < 9; i++) await line.join(`s${i}`);
      await line.pass(1_000);
      await line.store.acknowledge(line.ref, { studentId: 's0', number: 1 });
      await line.detach('s8');
      await line.configure({ control: 'closed' });
      expect(await line.tick()).toMatchObject({ state: 'closed', more: true, waiting: 0, inside: 4, present: 0 });
      expect(await line.tick()).toMatchObject({ state: 'closed', more: false, waiting: 0, inside: 0 });
      for (let i = 0; i < 9; i++) expect(await line.stateOf(`s${i}`)).toBe('closed');
      expect(await line.waiting()).toEqual([]);
      expect(await line.tick()).toMatchObject({ more: false, admitted: 0 });
    });

    it('takes newer settings only, tells them in the feed, and shows them in the snapshot', async () => {
      line = await LineFixture.start(bench);
      await line.configure({ capacity: 7 });
      const { settings } = await line.snapshot();
      expect(settings).toMatchObject({ version: 2, capacity: 7 });
      await line.store.configure(line.ref, { ...settings, capacity: 9 });
      await line.store.configure(line.ref, { ...settings, version: 1, capacity: 9 });
      expect((await line.snapshot()).settings).toEqual(settings);
      const told = (await line.events()).flatMap((event) => (event.type === 'settings' ? [event.settings] : []));
      expect(told).toMatchObject([{ version: 1 }, { version: 2, capacity: 7 }]);
      expect(told[1]).toEqual(settings);
    });
  });
}
