import { momentSchema } from './moment';

describe('a moment from outside', () => {
  it.each([
    ['ms', 1_774_747_800_000],
    ['a time of the zone before its clocks change', '2026-03-29T01:30:00Z'],
    ['a time that the zone leaves out', '2026-03-29T02:30:00+01:00'],
  ])('is taken as %s', (_, given) => {
    expect(momentSchema.parse(given)).toBe(1_774_747_800_000);
  });

  it.each([
    ['without its zone', '2026-03-29T02:30:00'],
    ['on a day that there is not', '2026-02-30T00:00:00Z'],
    ['as a day', '2026-03-29'],
    ['as ms in text', '1774747800000'],
    ['in seconds', 1_774_747_800],
    ['in seconds with a part', 1_774_747_800.5],
    ['in microseconds', 1_774_747_800_000_000],
    ['at the beginning of all clocks', 0],
    ['before it', -1],
    ['decades ago', '1999-12-31T23:59:59Z'],
    ['in a far century', '2126-02-16T09:00:00+09:00'],
    ['with a part of a ms', 1_774_747_800_000.5],
    ['as no number', Number.NaN],
    ['as nothing', null],
  ])('is refused %s', (_, given) => {
    expect(momentSchema.safeParse(given).success).toBe(false);
  });
});
