import type { Database } from '../database/database';
import type { LineService } from '../line/line.service';
import { ClockWatch } from './clock-watch';

function watch(databaseSkewMs: number, ...lineSkewsMs: number[]): ClockWatch {
  const lines = lineSkewsMs.map((skewMs) => ({ available: true, replica: { skewMs } }));
  return new ClockWatch(
    { clock: { skewMs: databaseSkewMs } } as unknown as Database,
    { all: () => lines.values() } as unknown as LineService,
    { clockSkewLimitMs: 30_000 },
  );
}

describe("a pod's clock", () => {
  it.each([
    ['is that of the stores', watch(0, 0), false],
    ['is ahead within the limit', watch(30_000, 30_000), false],
    ['is ahead beyond the limit', watch(30_001, 30_001), true],
    ['is behind beyond the limit', watch(-30_001, -30_001), true],
    ['is ahead, where no line says anything of it', watch(30_001), true],
    ["is the line's, when the database's is off", watch(300_000, 0), false],
    ["is the database's, when the line's is off", watch(0, -300_000), false],
  ])('%s: off is what both stores say', (_, clock, isOff) => {
    expect(clock.isOff()).toBe(isOff);
  });
});
