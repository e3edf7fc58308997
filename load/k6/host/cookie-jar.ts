import { parseCookie, parseSetCookie } from 'cookie';

/** The cookies of one browser, by host; enough for a load balancer's and our own. */
export class CookieJar {
  private readonly byHost = new Map<string, Map<string, string>>();

  /** What a request to this address carries; '' for nothing. */
  header(url: string): string {
    const cookies = this.byHost.get(new URL(url).host) ?? [];
    return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Takes what an answer from this address sets, or takes back. */
  store(url: string, setCookies: readonly string[]): void {
    const { host } = new URL(url);
    const cookies = this.byHost.get(host) ?? new Map<string, string>();
    this.byHost.set(host, cookies);
    for (const text of setCookies) {
      const { name, maxAge, expires } = parseSetCookie(text);
      const isOver = (maxAge ?? 1) <= 0 || (expires?.getTime() ?? Infinity) <= Date.now();
      if (isOver) cookies.delete(name);
      // As it was sent: a value must come back byte for byte.
      else
        cookies.set(
          name,
          text
            .slice(text.indexOf('=') + 1)
            .split(';', 1)[0]
            ?.trim() ?? '',
        );
    }
  }

  /** As k6 gives them: each name with its values. */
  cookiesForURL(url: string): Record<string, string[]> {
    return Object.fromEntries(
      Object.entries(parseCookie(this.header(url))).map(([name, value]) => [name, [value ?? '']]),
    );
  }
}
