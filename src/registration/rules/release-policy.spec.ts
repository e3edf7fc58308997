import { type BlockedHours, dropBlockedUntil, type ReleasePolicy, releaseTime } from './release-policy';

const at = (text: string): number => Date.parse(text);

const hours = (...list: number[]): ReleasePolicy => ({ when: 'at_hours', hours: list });

const delay: ReleasePolicy = { when: 'after_delay', minSeconds: 180, maxSeconds: 300 };

describe('the release of a seat', () => {
  it.each<[string, ReleasePolicy, number, string, string, string]>([
    ['at once', { when: 'at_once' }, 0.5, 'Asia/Seoul', '2026-02-16T09:00:00Z', '2026-02-16T09:00:00Z'],
    ['after at least 3 minutes', delay, 0, 'Asia/Seoul', '2026-02-16T09:00:00Z', '2026-02-16T09:03:00Z'],
    ['after 4 minutes in the mean', delay, 0.5, 'Asia/Seoul', '2026-02-16T09:00:00Z', '2026-02-16T09:04:00Z'],
    [
      'at the next hour',
      hours(9, 13, 17, 21),
      0,
      'Asia/Seoul',
      '2026-02-16T10:01:00+09:00',
      '2026-02-16T13:00:00+09:00',
    ],
    ['in any order', hours(21, 9, 17, 13), 0, 'Asia/Seoul', '2026-02-16T10:01:00+09:00', '2026-02-16T13:00:00+09:00'],
    ['on the next day', hours(9, 13), 0, 'Asia/Seoul', '2026-02-16T13:00:01+09:00', '2026-02-17T09:00:00+09:00'],
    ['after the hour itself', hours(14), 0, 'Asia/Seoul', '2026-02-16T14:00:00+09:00', '2026-02-17T14:00:00+09:00'],
    ['a moment before', hours(14), 0, 'Asia/Seoul', '2026-02-16T13:59:59.999+09:00', '2026-02-16T14:00:00+09:00'],
    ['at midnight', hours(0), 0, 'Asia/Seoul', '2026-12-31T23:30:00+09:00', '2027-01-01T00:00:00+09:00'],
    ['by the zone, not by UTC', hours(9), 0, 'America/New_York', '2026-01-15T13:59:00Z', '2026-01-15T14:00:00Z'],
    ['in summer time', hours(9), 0, 'America/New_York', '2026-07-15T12:59:00Z', '2026-07-15T13:00:00Z'],
    ['over the change to summer time', hours(9), 0, 'America/New_York', '2026-03-07T20:00:00Z', '2026-03-08T13:00:00Z'],
    ['at an hour that is skipped', hours(2), 0, 'America/New_York', '2026-03-08T06:00:00Z', '2026-03-08T07:00:00Z'],
    ['at an hour that comes twice', hours(1), 0, 'America/New_York', '2026-11-01T04:00:00Z', '2026-11-01T05:00:00Z'],
    ['in a zone of half hours', hours(9), 0, 'Asia/Kolkata', '2026-02-16T03:00:00Z', '2026-02-16T03:30:00Z'],
  ])('comes %s', (_, policy, random, zone, now, expected) => {
    expect(new Date(releaseTime(policy, at(now), random, zone)).toISOString()).toBe(
      new Date(at(expected)).toISOString(),
    );
  });
});

describe('blocked hours', () => {
  const block = (from: number, to: number): BlockedHours => ({ fromMinute: from * 60, toMinute: to * 60 });

  it.each<[string, BlockedHours[], string, string | undefined]>([
    ['none', [], '09:30', undefined],
    ['before them', [block(9, 10)], '08:59', undefined],
    ['at their start', [block(9, 10)], '09:00', '2026-02-16T10:00:00+09:00'],
    ['within', [block(9, 10)], '09:59', '2026-02-16T10:00:00+09:00'],
    ['at their end', [block(9, 10)], '10:00', undefined],
    ['two that touch', [block(9, 10), block(10, 12)], '09:30', '2026-02-16T12:00:00+09:00'],
    ['two apart', [block(9, 10), block(13, 14)], '13:30', '2026-02-16T14:00:00+09:00'],
    ['over midnight, before it', [block(22, 2)], '23:00', '2026-02-17T02:00:00+09:00'],
    ['over midnight, after it', [block(22, 2)], '01:00', '2026-02-16T02:00:00+09:00'],
    ['until midnight', [block(22, 24)], '23:00', '2026-02-17T00:00:00+09:00'],
    ['until midnight, after it', [block(22, 24)], '00:00', undefined],
  ])('stop a drop, or not: %s', (_, blocked, time, until) => {
    const found = dropBlockedUntil(blocked, at(`2026-02-16T${time}:00+09:00`), 'Asia/Seoul');
    expect(found === undefined ? undefined : new Date(found).toISOString()).toBe(
      until && new Date(at(until)).toISOString(),
    );
  });
});
