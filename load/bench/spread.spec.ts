import { rounded, spreadOf, spreadText } from './spread';

describe('the spread of repeats', () => {
  it.each<[number[], number]>([
    [[3], 3],
    [[5, 1, 3], 3],
    [[4, 1, 2, 10], 3],
  ])('of %j has the median %d', (values, median) => {
    expect(spreadOf(values)).toEqual({ median, least: Math.min(...values), most: Math.max(...values) });
  });

  it('is not made up when nothing was measured', () => {
    expect(() => spreadOf([])).toThrow('nothing');
  });

  it('is told with its ends', () => {
    expect(spreadText(spreadOf([1, 2, 4]), 1)).toBe('2.0 (1.0–4.0)');
    expect(rounded(12_345)).toBe(12_300);
  });
});
