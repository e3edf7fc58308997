import { setImmediate as turn } from 'node:timers/promises';
import { systemClock, systemTimers } from '../../common/clock';
import { randomId } from '../../common/ids';
import { Topic } from '../../common/topic';
import { lineSettings } from '../line-settings';
import { MemoryLineStore } from '../memory/memory-line-store';
import { RoomLine } from './room-line';
import { placed, ROOM, ScriptedLine } from './scripted-line';

/** The line works on its own in between. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await turn();
}

describe('the line of a room that has ended', () => {
  let store: MemoryLineStore;
  let line: RoomLine;

  beforeEach(async () => {
    store = new MemoryLineStore(systemClock);
    const ref = { roomId: 'fall', epoch: 1, incarnation: randomId() };
    await store.open(ref, { settings: lineSettings(ROOM), firstNumber: 1, baseNumber: 1, restoredThrough: 0 });
    await store.ready(ref, 0);
    const epochs = { ensure: () => Promise.resolve({ ref, server: 'here' }) };
    line = new RoomLine(ROOM, { store, epochs, timers: systemTimers }, new Topic());
    line.start();
    await until(() => line.available);
    await line.join('s1', 'tab', { create: true, presented: undefined });
  });
  afterEach(async () => {
    await store.close();
    await line.stop();
  });

  /** Ticks, and writes the trail, as often as a pod does. */
  const goOn = async (): Promise<void> => {
    await line.tick();
    if (line.ref && line.replica) await line.markDurable(line.ref, line.replica.sequence);
  };
  const close = async (): Promise<void> => {
    await line.configure({ ...ROOM, version: 2, control: 'closed' });
    await until(async () => {
      await goOn();
      return line.hasEnded;
    });
  };

  it('is neither ticked nor followed once everybody is gone and the trail knows it', async () => {
    await close();
    expect(line.counts).toEqual({ waiting: 0, present: 0, inside: 0 });
    const calls = [jest.spyOn(store, 'tick'), jest.spyOn(store, 'readFeed')];
    for (let turn = 0; turn < 5; turn++) await line.tick();
    expect(calls.map(({ mock }) => mock.calls)).toEqual([[], []]);
  });

  it('still tells whoever comes that the room is closed', async () => {
    await close();
    const joined = line.join('s2', 'tab', { create: true, presented: undefined });
    await expect(joined).rejects.toMatchObject({ code: 'room_closed' });
  });

  it('goes on when the room is opened again', async () => {
    await close();
    await line.configure({ ...ROOM, version: 3 });
    expect(line.hasEnded).toBe(false);
    await line.join('s2', 'tab', { create: true, presented: undefined });
    await until(async () => {
      await goOn();
      return line.counts.inside === 1 && line.replica?.state === 'open';
    });
  });
});

describe('the line of a room that has ended, when somebody asks for a place in it', () => {
  let scripted: ScriptedLine;
  const closed = { ...ROOM, version: 2, control: 'closed' as const };
  const ended = { state: 'closed' as const, sequence: 0, durableSequence: 0 };

  beforeEach(async () => {
    scripted = new ScriptedLine();
    scripted.line.room = closed;
    scripted.line.start();
    await scripted.connect({ registeredAnew: true, snapshot: { settings: lineSettings(closed), state: 'closed' } });
    await scripted.tick(ended);
    await scripted.feed({});
  });
  afterEach(() => scripted.stop());

  it('is not let go by a tick before the store has said why not', async () => {
    expect(scripted.line.hasEnded).toBe(true);
    const joining = scripted.join('tab', 's1');
    await turn();
    const connecting = await scripted.script.next('configure');
    await scripted.tick(ended);
    expect(scripted.line.hasEnded).toBe(false);
    connecting.answer();
    (await scripted.script.next('register')).answer(false);
    (await scripted.script.next('join')).refuse('room_closed');
    await expect(joining).rejects.toMatchObject({ code: 'room_closed' });
    await scripted.tick(ended);
    expect(scripted.line.hasEnded).toBe(true);
  });

  it('is over all the same, until the room is changed', async () => {
    void scripted.join('tab', 's1').catch(() => undefined);
    await turn();
    expect([scripted.line.hasEnded, scripted.line.isOver]).toEqual([false, true]);
    scripted.line.room = { ...closed, version: 3, control: 'auto' };
    expect(scripted.line.isOver).toBe(false);
  });
});

describe('a socket whose place could not be told after the store had said yes', () => {
  let scripted: ScriptedLine;

  beforeEach(async () => {
    scripted = new ScriptedLine();
    await scripted.start();
    await scripted.attach('tab', 's1', 1);
  });
  afterEach(() => scripted.stop());

  it('is taken off', async () => {
    const released = scripted.line.release('tab');
    (await scripted.script.next('detach')).answer();
    await released;
    expect(scripted.line.holds('tab')).toBe(false);
  });

  it('stays when another join of it has told the student', async () => {
    scripted.line.noteTold('tab');
    const again = scripted.join('tab', 's1');
    (await scripted.script.next('join')).answer(placed('s1', 1, 'attached'));
    await again;
    await scripted.line.release('tab');
    expect(scripted.line.holds('tab')).toBe(true);
    expect(scripted.script.count('detach')).toBe(0);
  });
});
