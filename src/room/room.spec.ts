import { changeRoomSchema, createRoomSchema } from './room';

const room = { id: 'fall', termId: '20251', name: 'Fall', opensAt: 0 };

describe('what an operator says of a room', () => {
  it.each([
    ['ms', 1_774_747_800_000],
    ['a time of the zone before its clocks change', '2026-03-29T01:30:00Z'],
    ['a time that the zone leaves out', '2026-03-29T02:30:00+01:00'],
  ])('takes %s as the opening', (_, opensAt) => {
    expect(changeRoomSchema.parse({ opensAt }).opensAt).toBe(1_774_747_800_000);
  });

  it.each([
    ['no time without its zone', '2026-03-29T02:30:00'],
    ['no day that there is not', '2026-02-30T00:00:00Z'],
    ['nothing before 1970', '0001-01-01T00:00:00Z'],
    ['nothing later than a clock can be', 8_640_000_000_000_001],
    ['no part of a ms', 0.5],
  ])('takes %s as the opening', (_, opensAt) => {
    expect(changeRoomSchema.safeParse({ opensAt }).success).toBe(false);
  });

  it.each([
    [0, 0],
    [0.001, 0.001],
    [0.3, 0.3],
    [1 / 3, 0.333],
    [10_000, 10_000],
  ])('takes a rate of %p per second as %p', (ratePerSecond, kept) => {
    expect(createRoomSchema.parse({ ...room, ratePerSecond }).ratePerSecond).toBe(kept);
  });

  it.each([-0.001, 0.0004, 10_000.001, '5', null])('refuses a rate of %p per second', (ratePerSecond) => {
    expect(createRoomSchema.safeParse({ ...room, ratePerSecond }).success).toBe(false);
  });

  it.each(['', 'Fall', '-fall', 'a/b', '__proto__', 'a'.repeat(41), 5])('refuses %p as the id', (id) => {
    expect(createRoomSchema.safeParse({ ...room, id }).success).toBe(false);
  });

  it.each([
    [{}],
    [{ id: 'other' }],
    [{ termId: 'other' }],
    [{ lottery: true }],
    [{ version: 7 }],
    [{ control: 'open' }],
  ])('refuses %j as a change', (change) => {
    expect(changeRoomSchema.safeParse(change).success).toBe(false);
  });
});
