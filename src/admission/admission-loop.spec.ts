import type { LineService } from '../line/line.service';
import type { RoomLine } from '../line/follower/room-line';
import { AdmissionLoop } from './admission-loop';
import { Outflow } from './outflow';

/** A line whose ticks the test answers. */
class Line {
  ticks = 0;
  readonly room = { id: 'room' };
  constructor(private readonly answer: () => Promise<{ more: boolean }>) {}
  tick(): Promise<{ more: boolean }> {
    this.ticks += 1;
    return this.answer();
  }
}

describe('AdmissionLoop', () => {
  let loop: AdmissionLoop;
  const start = (...lines: Line[]): void => {
    const service = { all: () => (lines as unknown as RoomLine[]).values() } as unknown as LineService;
    loop = new AdmissionLoop(service, new Outflow());
    loop.onApplicationBootstrap();
  };
  const turns = async (count: number): Promise<void> => jest.advanceTimersByTimeAsync(200 * count);

  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('ticks every line though another one does not answer', async () => {
    let release = (): void => undefined;
    const stuck = new Line(() => new Promise((resolve) => (release = () => resolve({ more: false }))));
    const sound = new Line(() => Promise.resolve({ more: false }));
    start(stuck, sound);
    await turns(5);
    expect(stuck.ticks).toBe(1);
    expect(sound.ticks).toBeGreaterThanOrEqual(5);
    release();
    await loop.stop();
  });

  it('gives a line that always has more to do so many ticks in a turn, and the next in its next turn', async () => {
    const endless = new Line(() => Promise.resolve({ more: true }));
    start(endless);
    await turns(0);
    expect(endless.ticks).toBe(10);
    await turns(1);
    expect(endless.ticks).toBe(20);
    await loop.stop();
  });
});
