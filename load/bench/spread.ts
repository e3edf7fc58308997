/** What repeats of one measurement came to. */
export interface Spread {
  median: number;
  least: number;
  most: number;
}

/** @throws Error without a value */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  const middle = sorted.length >> 1;
  const [lower, upper] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  if (least === undefined || most === undefined || lower === undefined || upper === undefined) {
    throw new Error('there is nothing to take a median of');
  }
  return { median: (lower + upper) / 2, least, most };
}

/** `512 (480–530)` */
export function spreadText({ median, least, most }: Spread, digits = 0): string {
  return `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
}

/** To as many significant digits as a measurement on a shared machine is worth. */
export const rounded = (value: number): number => Number(value.toPrecision(3));
