import type { BlockedHours, ReleasePolicy } from '../../../contract/policy';
import { refuseDrop, dropBlockedUntil, releaseTime } from './release-policy';

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
    ['from an hour to the same one', [block(9, 9)], '09:00', undefined],
    ['from an hour to the same one, beside another', [block(9, 9), block(8, 10)], '09:00', '2026-02-16T10:00:00+09:00'],
    ['two over the day that touch in the morning', [block(22, 6), block(6, 9)], '23:00', '2026-02-17T09:00:00+09:00'],
    [
      'several that follow on each other',
      [block(3, 4), block(2, 3), block(1, 2)],
      '01:30',
      '2026-02-16T04:00:00+09:00',
    ],
  ])('stop a drop, or not: %s', (_, blocked, time, until) => {
    const found = dropBlockedUntil(blocked, at(`2026-02-16T${time}:00+09:00`), 'Asia/Seoul');
    expect(found === undefined ? undefined : new Date(found).toISOString()).toBe(
      until && new Date(at(until)).toISOString(),
    );
  });

  it.each<[string, BlockedHours[]]>([
    ['the whole day', [block(0, 24)]],
    ['two halves of it', [block(9, 21), block(21, 9)]],
    ['three that lap over', [block(22, 8), block(7, 15), block(14, 23)]],
  ])('never end: %s', (_, blocked) => {
    for (const time of ['00:00', '08:59', '21:00', '23:59']) {
      expect(dropBlockedUntil(blocked, at(`2026-02-16T${time}:00+09:00`), 'Asia/Seoul')).toBe(Infinity);
    }
  });

  it.each([
    ['that the clocks skip', '2026-03-08T06:30:00Z', [block(1, 2), block(3, 4)], '2026-03-08T08:00:00Z'],
    ['that comes twice', '2026-11-01T04:30:00Z', [block(0, 2)], '2026-11-01T07:00:00Z'],
  ])('end at a moment that is free, also beside an hour %s', (_, now, blocked, until) => {
    const found = dropBlockedUntil(blocked, at(now), 'America/New_York');
    expect(new Date(found ?? Number.NaN).toISOString()).toBe(new Date(at(until)).toISOString());
    expect(dropBlockedUntil(blocked, found ?? Number.NaN, 'America/New_York')).toBeUndefined();
  });
});

describe('a drop', () => {
  const NIGHT: BlockedHours[] = [{ fromMinute: 22 * 60, toMinute: 6 * 60 }];
  const now = at('2026-02-16T23:00:00+09:00');
  const morning = at('2026-02-17T06:00:00+09:00');

  it.each<[string, number | null, BlockedHours[], string | undefined, object]>([
    ['without hours or deadline', null, [], undefined, {}],
    ['before its deadline', now + 1, [], undefined, {}],
    ['at its deadline', now, [], 'drop_closed', { closedAt: now }],
    ['after it, in blocked hours', now - 1, NIGHT, 'drop_closed', { closedAt: now - 1 }],
    ['in blocked hours', null, NIGHT, 'drop_blocked', { until: morning }],
    ['in blocked hours that end before the deadline', morning + 1, NIGHT, 'drop_blocked', { until: morning }],
    ['in blocked hours from which the deadline is not far', morning, NIGHT, 'drop_blocked', {}],
    ['in hours that never end', null, [{ fromMinute: 0, toMinute: 1_440 }], 'drop_blocked', {}],
  ])('is judged %s', (_, dropUntil, dropBlocked, code, details) => {
    const refusal = refuseDrop({ dropBlocked, dropUntil }, now, 'Asia/Seoul');
    expect(refusal?.code).toBe(code);
    expect(refusal?.details ?? {}).toEqual(details);
  });
});
