import { percentiles } from './percentiles';

describe('percentiles', () => {
  it('are the nearest ranks', () => {
    const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentiles(samples)).toEqual({ count: 100, p50: 50, p95: 95, p99: 99, most: 100 });
  });

  it('of a single sample are that sample', () => {
    expect(percentiles([7])).toEqual({ count: 1, p50: 7, p95: 7, p99: 7, most: 7 });
  });

  it('of nothing are 0', () => {
    expect(percentiles([])).toEqual({ count: 0, p50: 0, p95: 0, p99: 0, most: 0 });
  });
});
