import { ownPath } from './sso';

describe('where the page goes after the sign-in', () => {
  it.each([
    ['/rooms/spring', '/rooms/spring'],
    ['/', '/'],
    ['', '/'],
    ['//evil.test', '/evil.test'],
    ['///evil.test/x', '/evil.test/x'],
    ['/\\evil.test', '/evil.test'],
    ['/.//evil.test', '/evil.test'],
    ['https://evil.test/x', '/'],
    ['javascript:alert(1)', '/'],
  ])('for %j is %j', (path, own) => expect(ownPath(path)).toBe(own));
});
