import type { SectionOutcome } from '../../src/live/events';
import { SeededRandom } from '../support/random';
import { Cart } from './cart';

const WISHES = ['a', 'b', 'c', 'd', 'e'];
const cartOf = (seed: string, wishes = WISHES): Cart => new Cart(wishes, new SeededRandom(seed), 'key');
const enrolled = (sectionId: string): SectionOutcome => ({ sectionId, outcome: 'enrolled' });
const refused = (sectionId: string, code: string, retryable: boolean): SectionOutcome => ({
  sectionId,
  outcome: 'refused',
  error: { code, message: code, retryable },
});

describe('a cart', () => {
  it.each(['1', '2', '3', '4', '5', '6', '7', '8'])(
    'asks for every wish once, in one to three requests (seed %s)',
    (seed) => {
      const cart = cartOf(seed);
      const keys = new Set<string>();
      const asked: string[] = [];
      for (let request = cart.current; request; request = cart.current) {
        keys.add(request.idempotencyKey);
        asked.push(...request.sectionIds);
        cart.settle(request.sectionIds.map(enrolled));
      }
      expect(asked.sort()).toEqual(WISHES);
      expect([1, 2, 3]).toContain(keys.size);
    },
  );

  it('has nothing to ask when there are no wishes', () => {
    expect(cartOf('1', []).current).toBeUndefined();
  });

  it('asks again, under a new key, for what may be had later, and takes the rest as answered', () => {
    const cart = cartOf('1', ['a']);
    const first = cart.current;
    expect(cart.settle([refused('a', 'busy', true)])).toEqual({ answers: [], again: true });
    expect(cart.current?.sectionIds).toEqual(['a']);
    expect(cart.current?.idempotencyKey).not.toBe(first?.idempotencyKey);
    const answers = [{ sectionId: 'a', outcome: 'refused', code: 'section_full' }];
    expect(cart.settle([refused('a', 'section_full', false)])).toEqual({ answers, again: false });
    expect(cart.current).toBeUndefined();
  });

  it('takes a refusal of the whole request as one of each section', () => {
    const cart = cartOf('1', ['a']);
    expect(cart.refuse({ code: 'admission_expired', message: '', retryable: false })).toEqual([
      { sectionId: 'a', outcome: 'refused', code: 'admission_expired' },
    ]);
  });
});
