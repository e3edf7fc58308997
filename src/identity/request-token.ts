import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '../common/domain-error';

/**
 * The cookies that carry our own sign-in. Over https it has the name that browsers take from this very host only: another
 * host of the same domain could plant the plain one, and its student would act as somebody else. A sign-in that was given
 * over https is therefore none in the plain cookie.
 */
export const HOST_COOKIE = '__Host-sunbeon_sign_in';
export const PLAIN_COOKIE = 'sunbeon_sign_in';

/** The same two for the console's operators. */
export const OPERATOR_HOST_COOKIE = '__Host-sunbeon_operator';
export const OPERATOR_PLAIN_COOKIE = 'sunbeon_operator';

/** A sign-in as a request brings it. */
export interface GivenSignIn {
  token: string;
  /** Said by a program, or sent along by the browser, in which of the two cookies. */
  by: 'bearer' | 'host_cookie' | 'plain_cookie';
}

/** The token of `Authorization: Bearer …`. */
export function bearerToken(headers: IncomingHttpHeaders): string | undefined {
  return /^\s*Bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? '')?.[1];
}

/**
 * The student's sign-in: what was said in the header counts before what the browser sends by itself.
 *
 * @throws DomainError `sign_in_ambiguous` when there are two cookies of one name: one of them is somebody else's work, and
 * nothing says which
 */
export function givenSignIn(headers: IncomingHttpHeaders): GivenSignIn | undefined {
  const bearer = bearerToken(headers);
  if (bearer) return { token: bearer, by: 'bearer' };
  const host = onlyCookie(headers, HOST_COOKIE);
  if (host) return { token: host, by: 'host_cookie' };
  const plain = onlyCookie(headers, PLAIN_COOKIE);
  return plain ? { token: plain, by: 'plain_cookie' } : undefined;
}

export function onlyCookie({ cookie = '' }: IncomingHttpHeaders, name: string): string | undefined {
  const pairs = cookie.split(';').map((pair) => pair.trim());
  const values = pairs.filter((pair) => pair.startsWith(`${name}=`)).map((pair) => pair.slice(name.length + 1));
  if (values.length > 1) {
    const message = 'Two sign-ins came with this request. Please delete the cookies of this site, and sign in again.';
    throw new DomainError('sign_in_ambiguous', message);
  }
  // Some clients quote the values of cookies.
  return values[0]?.replace(/^"(.*)"$/, '$1');
}
