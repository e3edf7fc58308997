import { Injectable } from '@nestjs/common';
import { ERROR_CODES } from '../../contract/errors';
import { Tally } from '../../common/tally';

/** What this pod refused since the start, by code. */
@Injectable()
export class Refusals {
  /** Requests over HTTP and questions of sockets. */
  readonly requests = new Tally(ERROR_CODES);
  /** Sockets that were not opened. */
  readonly handshakes = new Tally(['origin_refused', 'not_signed_in', 'sign_in_expired', 'too_many_sockets', 'busy']);

  /** Counts what a socket is answered, if it is a refusal. */
  hear(reply: unknown): void {
    const code = refusalIn(reply);
    if (code) this.requests.count(code);
  }
}

/** The code of an answer over a socket that is a refusal. */
export const refusalIn = (reply: unknown): string | undefined =>
  ((reply ?? {}) as { error?: { code?: string } }).error?.code;
