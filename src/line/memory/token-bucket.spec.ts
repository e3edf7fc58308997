import fc from 'fast-check';
import { accrue, openWithOneToken, TOKEN, TokenBucket, WHOLE } from './token-bucket';

const STALL = 2_000_000;

describe('token bucket', () => {
  it('never pays for more than rate × time since the opening, and one, whatever happens in it', () => {
    const looks = fc.array(
      fc.record({ gap: fc.nat({ max: 3_000_000 }), takes: fc.nat({ max: 40 }), idle: fc.boolean() }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 50_000 }), looks, (rate, steps) => {
        const bucket: TokenBucket = { credit: 0, countedUntil: 0, idle: true };
        openWithOneToken(bucket, 0);
        let now = 0;
        let taken = 0;
        for (const { gap, takes, idle } of steps) {
          now += gap;
          accrue(bucket, { now, rate, stall: STALL, stalled: gap > STALL, share: WHOLE });
          const admitted = idle ? 0 : Math.min(takes, Math.floor(bucket.credit / TOKEN));
          bucket.credit -= admitted * TOKEN;
          bucket.idle = idle;
          taken += admitted;
          expect(taken).toBeLessThanOrEqual(rate === 0 ? 0 : (now * rate) / TOKEN + 1);
        }
      }),
    );
  });

  it('loses nothing to rounding over an hour of odd gaps at an odd rate', () => {
    const bucket: TokenBucket = { credit: 0, countedUntil: 0, idle: false };
    const rate = 3_337;
    let taken = 0;
    let now = 0;
    for (let i = 0; now < 3_600_000_000; i++) {
      now = Math.min(now + 250_001 + ((i * 7_919) % 1_009), 3_600_000_000);
      accrue(bucket, { now, rate, stall: STALL, stalled: false, share: WHOLE });
      const admitted = Math.floor(bucket.credit / TOKEN);
      bucket.credit -= admitted * TOKEN;
      taken += admitted;
    }
    expect(taken).toBe(Math.floor(3_600 * 3.337));
  });
});
