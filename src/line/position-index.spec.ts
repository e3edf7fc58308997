import fc from 'fast-check';
import { PositionIndex } from './position-index';

/** The same promises, told as slowly and plainly as possible. */
class NaiveIndex {
  readonly numbers = new Set<number>();
  constructor(public highest: number) {}

  add(number: number): void {
    this.numbers.add(number);
    this.highest = Math.max(this.highest, number);
  }

  position(number: number): number {
    const below = [...this.numbers].filter((waiting) => waiting < number).length;
    return 1 + below + Math.max(0, number - this.highest - 1);
  }

  sorted(): number[] {
    return [...this.numbers].sort((a, b) => a - b);
  }
}

const sweep = (index: PositionIndex, from?: number, to?: number): [number, number][] => {
  const seen: [number, number][] = [];
  index.forEach((number, position) => seen.push([number, position]), from, to);
  return seen;
};

const steps = (lowest: number, highest: number) =>
  fc.array(fc.record({ act: fc.constantFrom('add', 'remove'), number: fc.integer({ min: lowest, max: highest }) }), {
    maxLength: 300,
  });

describe('PositionIndex', () => {
  it('agrees with a naive model after any adds and removes, below the base and far above it too', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), steps(0, 3_000), (base, acts) => {
        const index = new PositionIndex(base);
        const model = new NaiveIndex(base - 1);
        for (const { act, number } of acts) {
          if (act === 'add') {
            expect(index.add(number)).toBe(!model.numbers.has(number));
            model.add(number);
          } else {
            expect(index.remove(number)).toBe(model.numbers.delete(number));
          }
        }
        expect(index.total).toBe(model.numbers.size);
        expect(index.nextNumber).toBe(model.highest + 1);
        expect(sweep(index)).toEqual(model.sorted().map((number, i) => [number, i + 1]));
        for (const number of [0, 1, base, ...acts.map((step) => step.number), 3_001, 4_000]) {
          expect(index.has(number)).toBe(model.numbers.has(number));
          expect(index.position(number)).toBe(model.position(number));
        }
      }),
    );
  });

  it('sweeps any part of the line with the positions of the whole', () => {
    const part = fc.integer({ min: 0, max: 700 });
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 100, max: 600 })), part, part, (numbers, from, to) => {
        const index = new PositionIndex(100);
        for (const number of numbers) index.add(number);
        const all = numbers.sort((a, b) => a - b).map((number, i) => [number, i + 1] as [number, number]);
        expect(sweep(index, from, to)).toEqual(all.filter(([number]) => number >= from && number <= to));
      }),
    );
  });

  it('finds the number at every position', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 5_000 })), (numbers) => {
        const index = new PositionIndex(0);
        for (const number of numbers) index.add(number);
        const sorted = numbers.sort((a, b) => a - b);
        expect(sorted.map((_, i) => index.numberAt(i + 1))).toEqual(sorted);
        expect(index.numberAt(0)).toBeUndefined();
        expect(index.numberAt(sorted.length + 1)).toBeUndefined();
      }),
    );
  });

  it('takes over a bitmap in the order of Redis SETBIT', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 1_000_000 }), (bitmap, base) => {
        const index = PositionIndex.fromBitmap(base, base + bitmap.length * 8, bitmap);
        const expected: number[] = [];
        bitmap.forEach((byte, i) => {
          for (let bit = 0; bit < 8; bit++) if (byte & (0x80 >> bit)) expected.push(base + i * 8 + bit);
        });
        expect(sweep(index).map(([number]) => number)).toEqual(expected);
        expect(index.nextNumber).toBe(base + bitmap.length * 8);
      }),
    );
  });

  it('knows the numbers that a bitmap without its trailing zero bytes leaves out', () => {
    const index = PositionIndex.fromBitmap(10, 1_000, Uint8Array.of(0b1000_0000));
    expect([index.total, index.nextNumber, index.position(999), index.position(1_001)]).toEqual([1, 1_000, 2, 3]);
    index.add(1_000);
    expect(index.position(1_001)).toBe(3);
  });

  it('never shows a position that later rises, however far it lags behind the feed', () => {
    const joinOrLeave = fc.array(fc.nat({ max: 30 }), { maxLength: 120 });
    fc.assert(
      fc.property(joinOrLeave, (choices) => {
        const feed: { add: boolean; number: number }[] = [];
        const waiting: number[] = [];
        let next = 1;
        for (const choice of choices) {
          if (choice > 15 && waiting.length > 0) {
            feed.push({ add: false, number: waiting.splice(choice % waiting.length, 1)[0]! });
          } else {
            waiting.push(next);
            feed.push({ add: true, number: next++ });
          }
        }
        const watched = waiting.at(-1) ?? 1;
        const index = new PositionIndex(1);
        let shown = Infinity;
        for (const { add, number } of feed) {
          if (add) index.add(number);
          else index.remove(number);
          expect(index.position(watched)).toBeLessThanOrEqual(shown);
          shown = index.position(watched);
        }
      }),
    );
  });

  it('crosses the gap between two epochs without counting the numbers that were never issued', () => {
    const index = new PositionIndex(1);
    index.add(5);
    index.add(100_006);
    index.add(100_007);
    expect(sweep(index)).toEqual([
      [5, 1],
      [100_006, 2],
      [100_007, 3],
    ]);
    expect(index.position(100_008)).toBe(4);
  });
});
