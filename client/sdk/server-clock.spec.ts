import { narrowed, offsetOf, ServerClock, UNKNOWN_CLOCK } from './server-clock';

/** A device whose clock runs forward from 5,000 while the server's is 1,000,000 ahead. */
function device() {
  let local = 5_000;
  const clock = new ServerClock(() => local);
  return { clock, pass: (ms: number) => (local += ms), serverTime: () => local + 1_000_000 };
}

describe('the server clock', () => {
  it('takes the middle of a round trip', () => {
    const { clock, pass, serverTime } = device();
    const sentAt = clock.localNow();
    pass(40);
    const answered = serverTime();
    pass(40);
    clock.roundTrip(sentAt, answered);
    expect(clock.now()).toBe(serverTime());
  });

  it('is never further off than half of the shortest round trip', () => {
    const { clock, pass, serverTime } = device();
    for (const [there, back] of [
      [400, 10],
      [30, 10],
      [10, 600],
    ] as const) {
      const sentAt = clock.localNow();
      pass(there);
      const answered = serverTime();
      pass(back);
      clock.roundTrip(sentAt, answered);
    }
    expect(Math.abs(clock.now() - serverTime())).toBeLessThanOrEqual(20);
  });

  it('learns from messages that were not asked for', () => {
    const { clock, pass, serverTime } = device();
    const written = serverTime();
    pass(15);
    clock.push(written);
    expect(serverTime() - clock.now()).toBe(15);
  });

  it('starts over when an answer contradicts all earlier ones, as after a sleep of the device', () => {
    const slept = narrowed({ low: 100, high: 120 }, { low: 60_000, high: 60_010 });
    expect(offsetOf(slept)).toBe(60_005);
  });

  it('goes by the device until anything is known', () => {
    expect(offsetOf(UNKNOWN_CLOCK)).toBeUndefined();
    expect(Math.abs(new ServerClock(() => 0).now() - Date.now())).toBeLessThan(1_000);
  });
});
