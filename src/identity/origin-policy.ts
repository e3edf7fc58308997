import type { IncomingHttpHeaders } from 'node:http';
import type { CorsOptions } from '@nestjs/common/interfaces/external/cors-options.interface';
import { CanActivate, ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { HttpConfig } from '../config/config';
import { DomainError } from '../common/domain-error';

/** What `Sec-Fetch-Site` says when the page of another origin made the browser ask. */
const FOREIGN_SITES = new Set<unknown>(['same-site', 'cross-site']);

/**
 * Which pages may call us. A browser names the page's origin with every request that changes something and with every
 * socket. It names none when a page embeds us (as a script, say), but then tells by `Sec-Fetch-Site` that the page is
 * another's, also one of the same site, whose requests carry our cookies. Who sends neither is no browser, and carries
 * no cookie that somebody else's page could borrow.
 */
export class OriginPolicy {
  private readonly publicUrl?: URL;
  private readonly others: ReadonlySet<string>;

  constructor({ publicUrl, allowedOrigins }: Pick<HttpConfig, 'publicUrl' | 'allowedOrigins'>) {
    this.publicUrl = publicUrl === undefined ? undefined : new URL(publicUrl);
    this.others = new Set(allowedOrigins);
  }

  /**
   * @param origin the `Origin` header
   * @param host the `Host` header
   */
  allows(origin: string | undefined, host: string | undefined): boolean {
    return origin === undefined || this.isForeignButAllowed(origin) || this.isOurs(origin, host);
  }

  /** The same for the headers of a request, with what they say where there is no origin. */
  allowsHeaders({ origin, host, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
    if (origin === undefined) return !FOREIGN_SITES.has(site);
    return this.allows(origin, host);
  }

  /** Whether a page of our own asks, or no browser: neither one of ALLOWED_ORIGINS, nor a page of a sibling host. */
  isOwnPage({ origin, host, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
    return origin === undefined ? !FOREIGN_SITES.has(site) : this.isOurs(origin, host);
  }

  /** Whether the origin is one of ALLOWED_ORIGINS: the ones to answer with CORS headers. */
  isForeignButAllowed(origin: string): boolean {
    return this.others.has(origin);
  }

  private isOurs(origin: string, host: string | undefined): boolean {
    if (!URL.canParse(origin)) return false;
    const page = new URL(origin);
    if (!page.host) return false;
    // Where we know our scheme, the same host under another one is somebody else (an http page in front of https).
    if (page.host === this.publicUrl?.host) return page.origin === this.publicUrl.origin;
    return host !== undefined && page.host === withoutDefaultPort(page.protocol, host);
  }
}

function withoutDefaultPort(protocol: string, host: string): string | undefined {
  const url = `${protocol}//${host}`;
  return URL.canParse(url) ? new URL(url).host : undefined;
}

/** For `app.enableCors`: pages of ALLOWED_ORIGINS may read our answers, with cookies; nobody else's may. */
export function corsOptions(origins: OriginPolicy): CorsOptions {
  return {
    origin: (origin, answer) => answer(null, origin !== undefined && origins.isForeignButAllowed(origin)),
    credentials: true,
    exposedHeaders: ['Retry-After', 'X-Request-Id'],
    maxAge: 600,
  };
}

/** Methods that change nothing. */
export const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Refuses calls that change something when another site's page makes them: `origin_refused`. For every controller. */
@Injectable()
export class OriginGuard implements CanActivate {
  constructor(private readonly origins: OriginPolicy) {}

  canActivate(context: ExecutionContext): boolean {
    // Sockets are judged once, at their handshake.
    if (context.getType() !== 'http') return true;
    const { method, headers } = context.switchToHttp().getRequest<Request>();
    if (READING.has(method) || this.origins.allowsHeaders(headers)) return true;
    throw new DomainError('origin_refused', 'Pages of this origin may not do that here.');
  }
}
