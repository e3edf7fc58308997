export interface Percentiles {
  /** How many samples. */
  count: number;
  p50: number;
  p95: number;
  p99: number;
  most: number;
}

/** Nearest-rank percentiles, rounded to hundredths; all 0 without a sample. */
export function percentiles(samples: readonly number[]): Percentiles {
  const sorted = Float64Array.from(samples).sort();
  const at = (share: number): number => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
    return Math.round(value * 100) / 100;
  };
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1) };
}
