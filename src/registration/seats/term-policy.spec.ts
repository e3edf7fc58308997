import { termPolicyView } from './seat-policy';

describe('the policy of a term', () => {
  it('warns whom it lets enrol at any time while others have a window', () => {
    const [warning = '', ...more] =
      termPolicyView({ windows: { senior: { from: 1 }, junior: {} } }, 600).warnings ?? [];
    expect(more).toEqual([]);
    expect(warning).toMatch(/firstyear.*sophomore.*at any time/);
    expect(warning).not.toMatch(/senior|junior/);
  });

  it.each([
    ['there is no window', {}],
    ['everybody has one', { windows: { senior: { from: 1 }, other: { from: 2 } } }],
  ])('does not when %s', (_, policy) => {
    expect(termPolicyView(policy, 1_850)).toEqual({ ...policy, creditLimit: 18.5 });
  });
});
