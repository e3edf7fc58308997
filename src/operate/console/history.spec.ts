import { History } from './history';

const make = () => new History(2_000, 5, () => ({ count: 0 }));

function count(history: ReturnType<typeof make>, at: number, now = at): void {
  const row = history.row(at, now);
  if (row) row.count += 1;
}

const shown = (history: ReturnType<typeof make>): [number, number][] =>
  history.all().map(([at, { count: counted }]) => [at, counted]);

describe('the history of the last minutes', () => {
  it('counts everything into the sample of its time', () => {
    const history = make();
    for (const at of [10_000, 11_999, 12_000]) count(history, at);
    expect(shown(history)).toEqual([
      [10_000, 2],
      [12_000, 1],
    ]);
  });

  it('counts what is heard of later where it belongs, and keeps the order', () => {
    const history = make();
    count(history, 14_000);
    count(history, 10_500, 14_000);
    count(history, 14_100);
    expect(shown(history)).toEqual([
      [10_000, 1],
      [14_000, 2],
    ]);
  });

  it('keeps no more samples than it may, and takes none from before them', () => {
    const history = make();
    for (let at = 0; at < 40_000; at += 1_000) count(history, at);
    expect(shown(history).map(([at]) => at)).toEqual([30_000, 32_000, 34_000, 36_000, 38_000]);
    expect(history.row(29_999, 39_000)).toBeUndefined();
  });

  it('gives only the latest when asked for those', () => {
    const history = make();
    for (const at of [10_000, 12_000, 14_000]) count(history, at);
    expect(history.since(12_500).map(([at]) => at)).toEqual([12_000, 14_000]);
  });
});
