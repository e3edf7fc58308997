import type { BenchReport } from './bench';
import { exitCodeOf } from './all';
import { markdownOf, type Measured, shareOfTarget } from './markdown';
import { plotOf, targetsPlot } from './plot';

const report = (value: number, invalid?: string): BenchReport => ({
  figures: { ratio: value },
  targets: [{ figure: 'ratio', what: 'ours | theirs', limit: 2, sense: 'at most' }],
  rows: [{ side: 'a | b', µs: 1 }],
  notes: ['a note'],
  plot: { unit: 'µs < 5', bars: [{ label: 'ours & theirs', spread: { median: 1, least: 0.5, most: 2 } }] },
  invalid,
});

const measured = (name: string, one?: BenchReport): Measured => ({
  ...{ name, summary: `what ${name} is` },
  ...(one ? { report: one } : { problem: 'it could not be run' }),
});

describe('the report of all benches', () => {
  it('says of each target whether it is met, missed or void, and of each bench that could not be run why', () => {
    const text = markdownOf(
      [measured('a', report(1)), measured('b', report(3)), measured('c', report(1, 'busy')), measured('d')],
      [],
    );
    const verdicts = ['a', 'b', 'c', 'd'].map(
      (name) => new RegExp(`^\\| \\[${name}\\].*\\| (.*) \\|$`, 'm').exec(text)?.[1],
    );
    expect(verdicts).toEqual(['met', '**missed**', 'void', 'it could not be run']);
    expect(text).toContain('ours \\| theirs');
  });

  it.each<[Measured[], number]>([
    [[measured('a', report(1)), measured('b', report(2))], 0],
    [[measured('a', report(1)), measured('b', report(3))], 1],
    [[measured('a', report(3)), measured('b', report(1, 'busy'))], 2],
    [[measured('a')], 2],
  ])('ends with the worst of all (case %#)', (all, code) => {
    expect(exitCodeOf(all)).toBe(code);
  });

  it('knows how far a figure is from its target, whichever way that is meant', () => {
    const most = { figure: 'f', what: '', limit: 2, sense: 'at most' } as const;
    const least = { ...most, sense: 'at least' } as const;
    expect(shareOfTarget(most, { f: 1 })).toBe(0.5);
    expect(shareOfTarget(least, { f: 1 })).toBe(2);
    expect(shareOfTarget({ ...most, limit: 0 }, { f: 0 })).toBe(0);
    expect(shareOfTarget({ ...most, limit: 0 }, { f: 1 })).toBe(Infinity);
    expect(shareOfTarget(most, {})).toBeUndefined();
  });

  it.each([
    ['of a bench', plotOf(report(1).plot!)],
    ['of the targets', targetsPlot([measured('a & b', report(3)), measured('c', report(Number.NaN)), measured('d')])],
  ])('has a plot %s without anything that is no SVG', (_what, svg) => {
    expect(svg).toMatch(/^<svg [^>]*>\n[\s\S]*<\/svg>\n$/);
    expect(svg).not.toMatch(/NaN|undefined|Infinity|&(?!amp;|lt;|gt;|quot;)/);
  });
});
