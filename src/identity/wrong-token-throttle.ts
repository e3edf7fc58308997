import { Injectable, Logger } from '@nestjs/common';
import { ConcurrencyCounter } from '../common/concurrency-counter';
import { KeyedRateLimiter } from '../common/rate-limiter';
import { Tally } from '../common/tally';

/** Wrong tokens of one address that are answered at once, then one more after each pause; and how many are remembered. */
const WRONG_TOKENS = { burst: 20, count: 1, periodMs: 3_000, mostKeys: 10_000 };
/** How many answers to wrong tokens wait at a time: of one address, and of all. */
const MOST_WAITING_OF_ONE = 20;
const MOST_WAITING = 200;
/** An address is spoken of at most this often, ms. */
const SAY_EVERY_MS = 60_000;
/** Addresses that were spoken of. */
const MOST_SPOKEN_OF = 1_000;

/** When a wrong token is answered. */
export interface LateAnswer {
  /** 0 = at once. */
  afterMs: number;
  /** To be called once, when it is answered. */
  answered: () => void;
}

/**
 * Slows the answers to wrong operator tokens, by address. Right ones are none of its business: a whole house, or everybody
 * behind a proxy that nobody told us of, may share an address, and an operator must get through whatever others try.
 * What makes guessing hopeless is the length of a token. Takes the time (ms) as a parameter.
 */
@Injectable()
export class WrongTokenThrottle {
  /** `wrong`: answered at once; `slowed`: after many from the same address. */
  readonly refused = new Tally(['wrong', 'slowed']);
  private readonly logger = new Logger('Identity');
  private readonly rates = new KeyedRateLimiter(WRONG_TOKENS);
  private readonly waiting = new ConcurrencyCounter<string>();
  private readonly said = new Map<string, number>();

  /** A token from there was wrong. @returns undefined when too many answers wait already for this one to */
  wrong(address: string, now: number): LateAnswer | undefined {
    const network = networkOf(address);
    this.say(network, now);
    if (this.rates.take(network, now)) {
      this.refused.count('wrong');
      return { afterMs: 0, answered: () => undefined };
    }
    this.refused.count('slowed');
    if (this.waiting.of(network) >= MOST_WAITING_OF_ONE || this.waiting.total >= MOST_WAITING) return undefined;
    return { afterMs: WRONG_TOKENS.periodMs, answered: this.waiting.begin(network) };
  }

  private say(network: string, now: number): void {
    const last = this.said.get(network);
    if (last !== undefined && now >= last && now < last + SAY_EVERY_MS) return;
    this.said.delete(network);
    this.said.set(network, now);
    if (this.said.size > MOST_SPOKEN_OF) this.said.delete(this.said.keys().next().value as string);
    this.logger.warn({ code: 'operator_token_wrong', network }, 'A wrong operator token came');
  }
}

/** Of IPv6, whoever has one address has its whole /64. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  const [head = ''] = address.split('::');
  const parts = head.split(':');
  return `${[...parts, '0', '0', '0', '0'].slice(0, 4).join(':')}::/64`;
}
