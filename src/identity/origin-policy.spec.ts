import { OriginPolicy } from './origin-policy';

describe('OriginPolicy', () => {
  const policy = new OriginPolicy({ allowedOrigins: ['https://portal.example.edu'] });
  const behindProxy = new OriginPolicy({ publicUrl: 'https://sunbeon.example.edu', allowedOrigins: [] });

  it.each([
    ['no origin: not a browser', undefined, 'localhost:3000'],
    ['its own page', 'http://localhost:3000', 'localhost:3000'],
    ['its own page, by address', 'http://[::1]:3000', '[::1]:3000'],
    ['its own page on the default port, written out', 'https://sunbeon.example.edu', 'sunbeon.example.edu:443'],
    ['its own page in other letters', 'https://sunbeon.example.edu', 'Sunbeon.Example.EDU'],
    ['an allowed origin', 'https://portal.example.edu', 'localhost:3000'],
  ])('allows %s', (_, origin, host) => {
    expect(policy.allows(origin, host)).toBe(true);
  });

  it.each([
    ['another site', 'https://evil.example', 'localhost:3000'],
    ['another port', 'http://localhost:4000', 'localhost:3000'],
    ['a name that starts alike', 'http://localhost:3000.evil.example', 'localhost:3000'],
    ['a site that carries ours as user', 'http://localhost:3000@evil.example', 'localhost:3000'],
    ['an allowed name under another scheme', 'http://portal.example.edu', 'localhost:3000'],
    ['a sandboxed page', 'null', 'localhost:3000'],
    ['nonsense', 'nonsense', 'nonsense'],
    ['an empty origin', '', ''],
    ['any origin where no host is named', 'http://localhost:3000', undefined],
  ])('refuses %s', (_, origin, host) => {
    expect(policy.allows(origin, host)).toBe(false);
  });

  it('takes PUBLIC_URL for its own, whatever host the proxy passes on', () => {
    expect(behindProxy.allows('https://sunbeon.example.edu', 'pod-1:3000')).toBe(true);
  });

  it('refuses the plain-http page of its own name when PUBLIC_URL is https', () => {
    expect(behindProxy.allows('http://sunbeon.example.edu', 'sunbeon.example.edu')).toBe(false);
  });
});
