import type { ErrorCode } from '../../src/contract/errors';
import type { SectionOutcome } from '../../src/contract/seats';
import { SeededRandom } from '../support/random';
import { Cart, NO_CHANGES, type StudentChanges } from './cart';

const WISHES = ['a', 'b', 'c', 'd', 'e'];
const cartOf = (seed: string, wishes = WISHES): Cart => new Cart(wishes, new SeededRandom(seed));
const enrolled = (sectionId: string): SectionOutcome => ({ sectionId, outcome: 'enrolled' });
const refused = (sectionId: string, code: ErrorCode, retryable: boolean): SectionOutcome => ({
  sectionId,
  outcome: 'refused',
  error: { code, message: code, retryable },
});

describe('a cart', () => {
  it.each(['1', '2', '3', '4', '5', '6', '7', '8'])(
    'asks for every wish once, in one to three requests (seed %s)',
    (seed) => {
      const cart = cartOf(seed);
      let requests = 0;
      const asked: string[] = [];
      for (let request = cart.current; request; request = cart.current) {
        requests += 1;
        asked.push(...request.sectionIds);
        cart.settle(request.sectionIds.map(enrolled));
      }
      expect(asked.sort()).toEqual(WISHES);
      expect([1, 2, 3]).toContain(requests);
    },
  );

  it('has nothing to ask when there are no wishes', () => {
    expect(cartOf('1', []).current).toBeUndefined();
  });

  it('asks again, in a new request, for what may be had later, and takes the rest as answered', () => {
    const cart = cartOf('1', ['a']);
    const first = cart.current;
    expect(cart.settle([refused('a', 'busy', true)])).toEqual({ answers: [], again: true });
    expect(cart.current?.sectionIds).toEqual(['a']);
    expect(cart.current).not.toBe(first);
    const answers = [{ question: 'commit', sectionId: 'a', outcome: 'refused', code: 'section_full' }];
    expect(cart.settle([refused('a', 'section_full', false)])).toEqual({ answers, again: false });
    expect(cart.current).toBeUndefined();
  });

  it('takes a refusal of the whole request as one of each section', () => {
    const cart = cartOf('1', ['a']);
    expect(cart.refuse({ code: 'admission_expired', message: '', retryable: false })).toEqual([
      { question: 'commit', sectionId: 'a', outcome: 'refused', code: 'admission_expired' },
    ]);
  });
});

describe('a cart of a student who changes something', () => {
  const dropped: SectionOutcome = { sectionId: 'a', outcome: 'dropped' };
  const full = refused('a', 'section_full', false);

  function cartWith(changes: Partial<StudentChanges>, ...answers: SectionOutcome[]): Cart {
    const cart = new Cart(['a'], new SeededRandom('1'), { ...NO_CHANGES, ...changes });
    for (const answer of answers) cart.settle([answer]);
    return cart;
  }

  it('gives back what is not wanted after all', () => {
    const cart = cartWith({ givesUp: new Set('a') }, enrolled('a'));
    expect(cart.current).toMatchObject({ question: 'drop', sectionIds: ['a'] });
    expect(cart.settle([dropped]).answers).toEqual([{ question: 'drop', ...dropped }]);
    expect(cart.current).toBeUndefined();
  });

  it('gives it back only from home when it comes to mind late', () => {
    const cart = cartWith({ givesUp: new Set('a'), givesUpLate: true }, enrolled('a'));
    expect(cart.current).toBeUndefined();
    cart.goHome();
    expect(cart.current).toMatchObject({ question: 'drop', sectionIds: ['a'] });
  });

  it('waits for what is full, and leaves what is not wanted after all', () => {
    const waitlisted: SectionOutcome = { sectionId: 'a', outcome: 'waitlisted', position: 2 };
    expect(cartWith({}, full).current).toBeUndefined();
    const cart = cartWith({ waits: true, givesUp: new Set('a') }, full);
    expect(cart.current).toMatchObject({ question: 'join', sectionIds: ['a'] });
    expect(cart.settle([waitlisted]).answers).toEqual([{ question: 'join', ...waitlisted }]);
    expect(cart.current).toMatchObject({ question: 'leave', sectionIds: ['a'] });
  });

  it('gives back a seat that came before the waitlist was left', () => {
    const changes = { waits: true, givesUp: new Set('a') };
    const cart = cartWith(changes, full, { sectionId: 'a', outcome: 'waitlisted', position: 1 });
    cart.settle([refused('a', 'not_waitlisted', false)]);
    expect(cart.current).toMatchObject({ question: 'drop', sectionIds: ['a'] });
  });

  it('asks for the seat again when one came free before the waitlist was joined', () => {
    const cart = cartWith({ waits: true }, full, refused('a', 'waitlist_not_needed', false));
    expect(cart.current).toMatchObject({ question: 'commit', sectionIds: ['a'] });
  });

  it('swaps a seat once, and asks again as a whole for what may succeed later', () => {
    const cart = cartWith({ swaps: new Map([['a', 'z']]) }, enrolled('a'));
    const first = cart.current;
    expect(first).toMatchObject({ question: 'swap', sectionIds: ['a', 'z'] });
    expect(cart.settle([{ sectionId: 'a', outcome: 'kept' }, refused('z', 'busy', true)]).answers).toEqual([]);
    expect(cart.current).toMatchObject({ question: 'swap', sectionIds: ['a', 'z'] });
    expect(cart.current).not.toBe(first);
    expect(cart.settle([dropped, enrolled('z')]).answers).toEqual([
      { question: 'swap', sectionId: 'a', outcome: 'dropped', other: 'z' },
      { question: 'swap', sectionId: 'z', outcome: 'enrolled', other: 'a' },
    ]);
    expect(cart.current).toBeUndefined();
  });
});
