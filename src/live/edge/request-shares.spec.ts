import { RequestShares } from './request-shares';

/** How many of these requests are taken; and what ends them. */
function begin(shares: RequestShares, count: number, studentOf: (index: number) => string | undefined) {
  const endings: (() => void)[] = [];
  const codes = new Set<unknown>();
  for (let index = 0; index < count; index += 1) {
    try {
      endings.push(shares.begin(studentOf(index)));
    } catch (error) {
      codes.add((error as { code: unknown }).code);
    }
  }
  return { taken: endings.length, codes: [...codes], end: () => endings.forEach((ending) => ending()) };
}

describe('the shares of the requests under way', () => {
  let shares: RequestShares;

  beforeEach(() => (shares = new RequestShares()));

  it('keep some for those who are signed in, however many others ask', () => {
    expect(begin(shares, 10_000, () => undefined)).toMatchObject({ taken: 4_000, codes: ['busy'] });
    expect(begin(shares, 2_000, (index) => `student-${index}`)).toMatchObject({ taken: 1_000, codes: ['busy'] });
  });

  it('give one student few of them', () => {
    expect(begin(shares, 100, () => 'greedy')).toMatchObject({ taken: 16, codes: ['too_many_requests'] });
    expect(begin(shares, 1, () => 'other')).toMatchObject({ taken: 1 });
  });

  it('are given back with the answers', () => {
    begin(shares, 4_000, () => undefined).end();
    begin(shares, 16, () => 'greedy').end();
    expect(begin(shares, 5_000, (index) => `student-${index}`)).toMatchObject({ taken: 5_000 });
  });
});
