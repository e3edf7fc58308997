import type { Database } from '../database/database';
import type { LineService } from '../line/line.service';
import type { Drain } from '../live/drain/drain';
import { RedisWatch } from '../redis/redis-watch';
import type { ClockWatch } from './clock-watch';
import { Readiness } from './health.controller';

function readinessWith(read: () => Promise<unknown>, clockIsOff = false): Readiness {
  return new Readiness(
    { read } as unknown as Database,
    { all: () => [] } as unknown as LineService,
    { active: false } as Drain,
    { isOff: () => clockIsOff } as ClockWatch,
    new RedisWatch(undefined),
  );
}

describe('Readiness', () => {
  it('answers while the database stands still, and asks it no second time meanwhile', async () => {
    const read = jest.fn(() => Promise.resolve<unknown>([]));
    const readiness = readinessWith(read);
    expect(await readiness.check()).toEqual({ ready: true, draining: false, database: 'ok', clock: 'ok', lines: {} });
    read.mockImplementation(() => new Promise(() => undefined));
    expect(await readiness.check()).toMatchObject({ ready: true, database: 'away' });
    expect(await readiness.check()).toMatchObject({ ready: true, database: 'away' });
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('is not ready before the database has answered for the first time', async () => {
    const read = jest.fn(() => Promise.reject(new Error('refused')));
    const readiness = readinessWith(read);
    expect(await readiness.check()).toMatchObject({ ready: false, database: 'away' });
    read.mockImplementation(() => Promise.resolve([] as never));
    expect(await readiness.check()).toMatchObject({ ready: true, database: 'ok' });
  });

  it('is not ready while the clock of the pod is far off', async () => {
    const readiness = readinessWith(() => Promise.resolve([]), true);
    expect(await readiness.check()).toMatchObject({ ready: false, clock: 'off' });
  });
});
