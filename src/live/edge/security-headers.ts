import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import type { IncomingMessage } from 'node:http';
import type { Config } from '../../config/config';

/**
 * What every answer says of itself: who may frame, read and keep it. Nothing is kept, unless whoever answers knows that it
 * is for everybody; so an answer about a student that somebody adds tomorrow is kept nowhere either.
 */
export function securityHeaders(config: Config): (request: Request, response: Response, next: NextFunction) => void {
  const https = config.http.publicUrl?.startsWith('https:') ?? false;
  const protect = helmet({
    contentSecurityPolicy: {
      directives: {
        'connect-src': ["'self'", (request) => ownSockets(config, request), ...providerOf(config)],
        'font-src': ["'self'"],
        // The pages of the API's documentation bring styles of their own.
        'style-src': ["'self'", "'unsafe-inline'"],
        'upgrade-insecure-requests': null,
      },
    },
    strictTransportSecurity: https,
  });
  return (request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    protect(request, response, next);
  };
}

/** Safari before 15.4 does not count the sockets of a host as `'self'`. */
function ownSockets({ http: { publicUrl } }: Config, request: IncomingMessage): string {
  if (publicUrl !== undefined) return new URL(publicUrl).origin.replace(/^http/, 'ws');
  const { host = '' } = request.headers;
  // It becomes part of a header: nothing but what hosts are made of.
  return /^[\w.-]+(:\d+)?$|^\[[\da-f:.]+\](:\d+)?$/i.test(host) ? `ws://${host} wss://${host}` : "'self'";
}

/** The provider, where the page itself exchanges the code of its sign-in with it. */
function providerOf({ signIn: { sso } }: Config): string[] {
  return sso?.tokenUrl === undefined || sso.clientSecret !== undefined ? [] : [new URL(sso.tokenUrl).origin];
}
