import type { IncomingHttpHeaders } from 'node:http';
import { parseCookie } from 'cookie';

/** The cookie that carries our own sign-in. */
export const SIGN_IN_COOKIE = 'sunbeon_sign_in';

/** The token of `Authorization: Bearer …`. */
export function bearerToken(headers: IncomingHttpHeaders): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
}

/** The student's sign-in: what was said in the header counts before what the browser sends by itself. */
export function signInToken(headers: IncomingHttpHeaders): string | undefined {
  return bearerToken(headers) ?? parseCookie(headers.cookie ?? '')[SIGN_IN_COOKIE];
}
