import { givenSignIn, HOST_COOKIE, PLAIN_COOKIE } from './request-token';

describe('the sign-in of a request', () => {
  it('said in the header counts before what the browser sends along', () => {
    const headers = { authorization: 'bearer  said ', cookie: `${HOST_COOKIE}=sent` };
    expect(givenSignIn(headers)).toEqual({ token: 'said', by: 'bearer' });
  });

  it('is looked for in the cookie of this very host before the plain one, which others can plant', () => {
    const cookie = `a=1; ${PLAIN_COOKIE}=planted; ${HOST_COOKIE}="own"; b=2`;
    expect(givenSignIn({ cookie })).toEqual({ token: 'own', by: 'host_cookie' });
    expect(givenSignIn({ cookie: `x${PLAIN_COOKIE}=other; ${PLAIN_COOKIE}=plain` })).toEqual({
      token: 'plain',
      by: 'plain_cookie',
    });
  });

  it.each([
    [`${PLAIN_COOKIE}=own; ${PLAIN_COOKIE}=planted`],
    [`${PLAIN_COOKIE}=same; ${PLAIN_COOKIE}=same`],
    [`${HOST_COOKIE}=own; other=1;${HOST_COOKIE}=odd`],
    [`${PLAIN_COOKIE}=; ${PLAIN_COOKIE}=planted`],
  ])('that comes twice (%s) is refused', (cookie) => {
    expect(() => givenSignIn({ cookie })).toThrow(expect.objectContaining({ code: 'sign_in_ambiguous' }) as Error);
  });

  it.each([[{}], [{ authorization: 'Basic eDp5' }], [{ cookie: '' }], [{ cookie: `${PLAIN_COOKIE}=` }]])(
    'is not there in %j',
    (headers) => expect(givenSignIn(headers)).toBeUndefined(),
  );
});
