import { Outflow } from './outflow';

const WINDOW = 1_000;
const options = { slowMs: 200, windowMs: WINDOW, calmWindows: 2 };

/** Shares after each window, in which commits took so long or failed. */
function shares(windows: (number | 'fails' | 'nothing')[]): number[] {
  const outflow = new Outflow(options);
  outflow.current(0);
  return windows.map((window, index) => {
    const within = index * WINDOW + 1;
    if (window === 'fails') outflow.observe(10, true, within);
    else if (window !== 'nothing') outflow.observe(window, false, within);
    return outflow.current((index + 1) * WINDOW);
  });
}

describe('the outflow by how seat commits go', () => {
  it('is the policy’s while commits are fast', () => {
    expect(shares([10, 50, 200])).toEqual([1, 1, 1]);
  });

  it('is halved after a slow second, and after a failing one', () => {
    expect(shares([201, 'fails'])).toEqual([0.5, 0.25]);
  });

  it('never stops altogether', () => {
    expect(shares(Array.from({ length: 10 }, () => 'fails' as const)).at(-1)).toBe(0.05);
  });

  it('comes back in steps', () => {
    expect(shares(['fails', 10, 10, 10, 10])).toEqual([0.5, 0.5, 0.6, 0.6, 0.7]);
  });

  it('comes back when nothing is committed, too, for somebody must try', () => {
    expect(shares(['fails', 'nothing', 'nothing', 'nothing', 'nothing']).at(-1)).toBeCloseTo(0.7);
  });

  it('judges by the median, so that one slow commit among many cuts nothing', () => {
    const outflow = new Outflow(options);
    outflow.current(0);
    for (const duration of [5, 5, 5, 5, 5_000]) outflow.observe(duration, false, 1);
    expect(outflow.current(WINDOW)).toBe(1);
  });

  it('catches up on windows that passed unasked', () => {
    const outflow = new Outflow(options);
    outflow.current(0);
    outflow.observe(10, true, 1);
    expect(outflow.current(60_000)).toBe(1);
  });

  it('comes back when the clock is put back, too', () => {
    const outflow = new Outflow(options);
    outflow.current(3_600_000);
    outflow.observe(10, true, 3_600_001);
    expect(outflow.current(0)).toBe(0.5);
    expect(outflow.current(20 * WINDOW)).toBe(1);
  });
});
