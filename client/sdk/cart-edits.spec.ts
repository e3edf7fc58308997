import { CART_LIMIT, type CartEdit, edited } from './cart-edits';

const after = (ids: string, ...edits: CartEdit[]): string => edited([...ids], edits).join('');

describe('edits of a cart', () => {
  it('put a section at its end, once', () => {
    expect(after('ab', { kind: 'add', sectionId: 'c' }, { kind: 'add', sectionId: 'a' })).toBe('abc');
  });

  it('take out what is there', () => {
    expect(after('abc', { kind: 'remove', sectionId: 'b' }, { kind: 'remove', sectionId: 'x' })).toBe('ac');
  });

  it('move by one place, and no further than the ends', () => {
    expect(after('abc', { kind: 'move', sectionId: 'b', by: -1 })).toBe('bac');
    expect(after('abc', { kind: 'move', sectionId: 'b', by: 1 })).toBe('acb');
    expect(after('abc', { kind: 'move', sectionId: 'a', by: -1 })).toBe('abc');
    expect(after('abc', { kind: 'move', sectionId: 'c', by: 1 })).toBe('abc');
    expect(after('abc', { kind: 'move', sectionId: 'x', by: 1 })).toBe('abc');
  });

  it('never hold more than one commit takes', () => {
    const full = Array.from({ length: CART_LIMIT }, (_, index) => `s${index}`);
    expect(edited(full, [{ kind: 'add', sectionId: 'more' }])).toEqual(full);
  });
});
