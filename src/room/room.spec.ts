import { changeRoomSchema, createRoomSchema } from '../contract/operate/rooms';

const room = { id: 'fall', termId: '20251', name: 'Fall', opensAt: Date.UTC(2026, 1) };

describe('what an operator says of a room', () => {
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
    [{ site: true }],
    [{ lottery: true }],
    [{ version: 7 }],
    [{ control: 'open' }],
  ])('refuses %j as a change', (change) => {
    expect(changeRoomSchema.safeParse(change).success).toBe(false);
  });
});
