import { RequestConcurrencyLimiter } from './request-concurrency-limiter';

/** How many of these requests are taken; and what ends them. */
function begin(limiter: RequestConcurrencyLimiter, count: number, studentOf: (index: number) => string | undefined) {
  const endings: (() => void)[] = [];
  const codes = new Set<unknown>();
  for (let index = 0; index < count; index += 1) {
    try {
      endings.push(limiter.begin(studentOf(index)));
    } catch (error) {
      codes.add((error as { code: unknown }).code);
    }
  }
  return { taken: endings.length, codes: [...codes], end: () => endings.forEach((ending) => ending()) };
}

describe('the shares of the requests under way', () => {
  let limiter: RequestConcurrencyLimiter;

  beforeEach(() => (limiter = new RequestConcurrencyLimiter()));

  it('keep some for those who are signed in, however many others ask', () => {
    expect(begin(limiter, 10_000, () => undefined)).toMatchObject({ taken: 4_000, codes: ['busy'] });
    expect(begin(limiter, 2_000, (index) => `student-${index}`)).toMatchObject({ taken: 1_000, codes: ['busy'] });
  });

  it('give one student few of them', () => {
    expect(begin(limiter, 100, () => 'greedy')).toMatchObject({ taken: 16, codes: ['too_many_requests'] });
    expect(begin(limiter, 1, () => 'other')).toMatchObject({ taken: 1 });
  });

  it('are given back with the answers', () => {
    begin(limiter, 4_000, () => undefined).end();
    begin(limiter, 16, () => 'greedy').end();
    expect(begin(limiter, 5_000, (index) => `student-${index}`)).toMatchObject({ taken: 5_000 });
  });
});
