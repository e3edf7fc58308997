import { setImmediate as turn } from 'node:timers/promises';
import { Roster } from '../identity/roster';
import { SigningKeys } from '../identity/signing-keys';
import type { Room } from '../room/room';
import type { RoomService } from '../room/room.service';
import type { EpochProvider } from './epoch-provider';
import { lineSettings } from './line-settings';
import type { LineStore } from './line-store';
import type { JoinWindow } from './join-door';
import { LineService, Place } from './line.service';
import { MemoryLineStore } from './memory/memory-line-store';
import type { LineListener } from './follower/room-line';
import { TicketSigner } from './ticket-signer';

const ROOM: Room = {
  ...{
    id: 'fall',
    termId: '20251',
    site: false,
    name: 'Fall',
    notice: '',
    lotterySeed: '',
    version: 1,
    control: 'auto',
  },
  ...{ nonce: 'life', createdAt: 0, archivedAt: 0, graceBeforeOpening: false },
  ...{ opensAt: 0, ratePerSecond: 0, capacity: 1, leaseMs: 60_000, graceMs: 60_000, noShowMs: 30_000 },
};
const REF = { roomId: ROOM.id, epoch: 1, incarnation: 'life' };
const KEYS = new SigningKeys([{ kid: 'k1', secret: Buffer.alloc(32, 7).toString('base64') }]);

/** A store whose answers to joins can be held back. */
class HeldStore extends MemoryLineStore {
  private gate = Promise.resolve();

  /** The store does what it is asked, and answers when the returned function is called. */
  hold(): () => void {
    let open = (): void => undefined;
    this.gate = new Promise((resolve) => (open = resolve));
    return open;
  }

  override async join(...call: Parameters<LineStore['join']>): ReturnType<LineStore['join']> {
    const outcome = await super.join(...call);
    await this.gate;
    return outcome;
  }
}

describe('this pod’s end of the lines', () => {
  let store: HeldStore;
  let lines: LineService;
  let window: JoinWindow;

  beforeEach(async () => {
    store = new HeldStore(() => 1_000_000);
    window = {};
    const epochs: EpochProvider = {
      ensure: async () => {
        await store.open(REF, {
          ...{ settings: lineSettings(ROOM), firstNumber: 1, baseNumber: 1, restoredThrough: 0 },
        });
        await store.ready(REF, 0);
        return { ref: REF, server: 'server' };
      },
    };
    const onChange = (listener: (room: Room) => void): void => listener(ROOM);
    const rooms = { onChange, onRemoved: () => undefined } as unknown as RoomService;
    lines = new LineService(rooms, store, epochs, new TicketSigner(KEYS), new Roster(), { windowOf: () => window });
  });

  afterEach(() => lines.stop());

  async function follow(...listeners: LineListener[]): Promise<void> {
    for (const listener of listeners) lines.listen(listener);
    await new Promise<void>((resolve) => {
      lines.listen({ onState: ({ available }) => void (available && resolve()) });
      lines.onApplicationBootstrap();
    });
  }

  const join = (enter: (place: Place) => void = () => undefined): Promise<void> =>
    lines.join(ROOM.id, 's1', 'socket', { resume: false }, enter);

  const present = async (): Promise<number> => (await store.tick(REF, 'any-pod')).present;

  it('lets go of a socket that closed while its join was under way', async () => {
    await follow();
    const answer = store.hold();
    const entered = jest.fn();
    const joining = join(entered);
    lines.detachEverywhere('socket');
    answer();
    await expect(joining).rejects.toMatchObject({ code: 'not_in_line' });
    expect(entered).not.toHaveBeenCalled();
    expect(await present()).toBe(0);
  });

  it('lets go of a socket on which the place could not be told', async () => {
    await follow();
    const broken = (): void => {
      throw new Error('no way to the student');
    };
    await expect(join(broken)).rejects.toThrow();
    expect(await present()).toBe(0);
  });

  it('keeps a socket on which the place is told already, whatever becomes of another join of it', async () => {
    await follow();
    await join();
    const answer = store.hold();
    const again = lines.join(ROOM.id, 's1', 'socket', { resume: true }, () => {
      throw new Error('no way to the student');
    });
    answer();
    await expect(again).rejects.toThrow();
    expect(await present()).toBe(1);
  });

  it('lets back in who is inside though the window is over, and nobody who only waits', async () => {
    await follow();
    await join();
    window = { until: 1 };
    const comeBack = (): Promise<void> => lines.join(ROOM.id, 's1', 'reload', { resume: true }, () => undefined);
    await expect(comeBack()).rejects.toMatchObject({ code: 'window_closed' });
    await lines.admitByHand(ROOM.id, 's1', { operator: 'tester', note: 'test' });
    await expect(comeBack()).resolves.toBeUndefined();
  });

  it('lets back whoever has a place though the window was moved to later, and nobody who has none', async () => {
    await follow();
    await join();
    window = { from: Number.MAX_SAFE_INTEGER };
    const comeBack = (student: string): Promise<void> =>
      lines.join(ROOM.id, student, `reload-${student}`, { resume: true }, () => undefined);
    await expect(comeBack('s1')).resolves.toBeUndefined();
    await expect(comeBack('s2')).rejects.toMatchObject({ code: 'window_not_open' });
  });

  it('shows no place that a line rebuilt from the trail would take back, on whichever tab', async () => {
    await follow();
    const shown: number[] = [];
    const open = (student: string, tab: string): Promise<void> =>
      lines.join(ROOM.id, student, tab, { resume: false }, ({ position }) => void shown.push(position));
    const line = lines.line(ROOM.id);
    const untilDurable = (): Promise<void> => line.markDurable(REF, line.replica?.sequence ?? 0);
    await open('s1', 'a');
    await open('s2', 'b');
    while (!line.replica?.isWaiting(2)) await turn();
    await untilDurable();
    await lines.leave(ROOM.id, 's1');
    while (line.replica?.isWaiting(1)) await turn();
    await open('s2', 'c');
    await untilDurable();
    await open('s2', 'd');
    expect(shown).toEqual([1, 2, 2, 1]);
  });

  it('tells a tab that opens of no admission that could still be lost with the store', async () => {
    await follow();
    const told: unknown[] = [];
    const open = (tab: string): Promise<void> =>
      lines.join(ROOM.id, 's1', tab, { resume: false }, ({ state, position }) => void told.push([state, position]));
    await open('a');
    await lines.admitByHand(ROOM.id, 's1', { operator: 'tester', note: 'test' });
    const line = lines.line(ROOM.id);
    while (line.replica?.isWaiting(1)) await turn();
    await open('b');
    await line.markDurable(REF, line.replica?.sequence ?? 0);
    await open('c');
    expect(told).toEqual([
      ['waiting', 1],
      ['waiting', 1],
      ['admitted', 0],
    ]);
  });

  it('shows no place in line to a tab whose student was told of the admission elsewhere', async () => {
    await follow();
    const tab = { resume: true, signedTicket: '' };
    await lines.join(
      ROOM.id,
      's1',
      'a',
      { resume: false },
      ({ signedTicket }) => void (tab.signedTicket = signedTicket),
    );
    const { admittedSequence } = await lines.admitByHand(ROOM.id, 's1', { operator: 'tester', note: 'test' });
    const line = lines.line(ROOM.id);
    while (line.replica?.isWaiting(1)) await turn();
    const told: string[] = [];
    const open = (name: string): Promise<void> =>
      lines.join(ROOM.id, 's1', name, { ...tab, seenSequence: admittedSequence }, ({ state }) => void told.push(state));
    await expect(open('b')).rejects.toMatchObject({ code: 'line_recovering' });
    const opening = open('c');
    await line.markDurable(REF, line.replica?.sequence ?? 0);
    await opening;
    expect(told).toEqual(['admitted']);
  });

  it('tells every listener what happens, though another one throws', async () => {
    const heard = jest.fn();
    const broken = (): void => {
      throw new Error('broken');
    };
    const told = new Promise<void>((resolve) => {
      heard.mockImplementation(() => resolve());
    });
    await follow({ onEvents: broken, onState: broken, onDurable: broken }, { onEvents: heard });
    await join();
    await told;
    expect(heard).toHaveBeenCalled();
  });
});
