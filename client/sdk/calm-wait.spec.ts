import { CalmWait, saidWait } from './calm-wait';
import type { Range } from './estimate';

const MINUTE = 60_000;
const range = (least: number, most: number): Range => ({ least: least * MINUTE, most: most * MINUTE });

describe('a wait in words', () => {
  it.each([
    [range(0.05, 0.1), { unit: 'minutes', from: 0, to: 1 }],
    [range(0.5, 1.5), { unit: 'minutes', from: 0, to: 2 }],
    [range(3.2, 4.4), { unit: 'minutes', from: 3, to: 5 }],
    [range(21, 34), { unit: 'minutes', from: 20, to: 40 }],
    [range(50, 130), { unit: 'hours', from: 0.5, to: 2.5 }],
    [range(300, 320), { unit: 'hours', from: 5, to: 5.5 }],
  ])('rounds %p away from its middle', (estimate, said) => {
    expect(saidWait(estimate)).toEqual(said);
  });

  it('stays as it was said while it is still nearly true', () => {
    const before = saidWait(range(3.2, 4.9));
    expect(saidWait(range(2.9, 5.2), before)).toEqual(before);
    expect(saidWait(range(2.2, 6.8), before)).toEqual({ unit: 'minutes', from: 2, to: 8 });
  });
});

/** What a student reads, each second, of estimates that come each second. */
function read(estimates: Range[]): string[] {
  const calm = new CalmWait();
  const said = estimates.map((estimate, second) => calm.next(estimate, second * 1000));
  return said.map((wait) => (wait ? `${wait.from}-${wait.to}` : 'unknown'));
}

const changes = (words: string[]): string[] => words.filter((word, index) => word !== words[index - 1]);

describe('a calm wait', () => {
  it('does not follow estimates that leap', () => {
    const leaping = Array.from({ length: 120 }, (_, second) => (second % 10 < 5 ? range(3, 4.5) : range(3.6, 5.4)));
    expect(changes(read(leaping)).length).toBeLessThanOrEqual(2);
  });

  it('goes down with a line that moves by the room full, without ever rising', () => {
    const waiting = Array.from({ length: 225 }, (_, second) => {
      const place = 91 - 10 * Math.floor(second / 25);
      return range((place * 0.85) / 24, (place * 1.15) / 24);
    });
    const said = changes(read(waiting));
    const upper = said.map((words) => Number(words.split('-')[1]));
    expect(upper).toEqual([...upper].sort((a, b) => b - a));
    expect(said[0]).toBe('3-5');
    expect(said.length).toBeLessThanOrEqual(9);
  });

  it('begins anew after it was not known', () => {
    const calm = new CalmWait();
    calm.next(range(20, 25), 0);
    expect(calm.next(undefined, 1000)).toBeUndefined();
    expect(calm.next(range(2, 3), 2000)).toEqual({ unit: 'minutes', from: 2, to: 3 });
  });

  it('says at once that the turn is near', () => {
    const calm = new CalmWait();
    calm.next(range(8, 10), 0);
    expect(calm.next(range(0.1, 0.3), 1000)).toEqual({ unit: 'minutes', from: 0, to: 1 });
  });
});
