import type { BenchReport, Plot } from './bench';
import { type Spread, spreadOf, spreadText } from './spread';

/** What each side was measured at, repeat by repeat. */
export class Turns {
  constructor(private readonly values: ReadonlyMap<string, readonly number[]>) {}

  of(side: string): Spread {
    return spreadOf(this.values.get(side) ?? []);
  }

  /** Within each repeat, whose turns follow each other closely: a machine that is slow for a while is slow for both. */
  ratio(side: string, peer: string): Spread {
    const peers = this.values.get(peer) ?? [];
    return spreadOf((this.values.get(side) ?? []).map((value, index) => value / (peers[index] ?? Number.NaN)));
  }

  plot(unit: string): Plot {
    return { unit, bars: [...this.values.keys()].map((label) => ({ label, spread: this.of(label) })) };
  }

  /** A row for each side, and for the ratio of the first one to each of the others. */
  rows(column: string, digits = 1): BenchReport['rows'] {
    const [first = '', ...others] = this.values.keys();
    const row = (side: string, spread: Spread, places = digits): BenchReport['rows'][number] => {
      return { side, [column]: spreadText(spread, places) };
    };
    return [
      ...[first, ...others].map((side) => row(side, this.of(side))),
      ...others.map((side) => row(`${first} / ${side}`, this.ratio(first, side), 2)),
    ];
  }
}

/** Measures the sides in turn, A B A B …, so many times each. */
export async function inTurn<S extends { name: string }>(
  sides: readonly S[],
  repeats: number,
  measure: (side: S) => Promise<number>,
  say: (line: string) => void,
): Promise<Turns> {
  const values = new Map<string, number[]>(sides.map(({ name }) => [name, []]));
  for (let repeat = 1; repeat <= repeats; repeat += 1) {
    for (const side of sides) {
      const value = await measure(side);
      values.get(side.name)?.push(value);
      say(`${repeat}/${repeats} ${side.name}: ${Number(value.toPrecision(3))}`);
    }
  }
  return new Turns(values);
}

/** Takes care that a part is stopped. */
export type Keep = <P extends { stop(): Promise<unknown> }>(part: Promise<P>) => Promise<P>;

/** Does the work, and stops every part that was kept, the last one first, whatever becomes of it. */
export async function withParts<T>(work: (keep: Keep) => Promise<T>): Promise<T> {
  const parts: { stop(): Promise<unknown> }[] = [];
  try {
    return await work(async (starting) => {
      const part = await starting;
      parts.push(part);
      return part;
    });
  } finally {
    for (const part of parts.reverse()) await part.stop();
  }
}
