import { Injectable, Logger } from '@nestjs/common';
import { KeyedPace } from '../common/keyed-pace';
import { Tally } from '../common/tally';

/** Wrong tokens that one address may send at once, then one more after each pause; and how many are remembered. */
const PACE = { burst: 20, eachMs: 3_000, remembered: 10_000 };
/** An address is spoken of at most this often, ms. */
const SAY_EVERY_MS = 60_000;
/** Addresses that were spoken of. */
const MOST_SPOKEN_OF = 1_000;

/**
 * Slows whoever tries operator tokens, by address: after some wrong ones, none from there is looked at until a pause is
 * over, the right one neither, for a guess that is not looked at says nothing. Who sends no token tries none. Takes the
 * time (ms) as a parameter.
 */
@Injectable()
export class OperatorTries {
  /** `wrong`: looked at; `slowed`: not looked at. */
  readonly refused = new Tally(['wrong', 'slowed']);
  private readonly logger = new Logger('Identity');
  private readonly pace = new KeyedPace(PACE);
  private readonly slowedUntil = new Map<string, number>();
  private readonly said = new Map<string, number>();

  /** Whether a token from this address is looked at. */
  mayTry(address: string, now: number): boolean {
    const until = this.slowedUntil.get(networkOf(address)) ?? 0;
    // No pause is longer, unless the clock was put back.
    if (now >= until || until - now > PACE.eachMs) return true;
    this.refused.count('slowed');
    return false;
  }

  /** A token from there was wrong. */
  wrong(address: string, now: number): void {
    const network = networkOf(address);
    this.refused.count('wrong');
    if (!this.pace.take(network, now)) {
      remember(this.slowedUntil, network, now + PACE.eachMs, PACE.remembered);
    }
    if (now < (this.said.get(network) ?? -SAY_EVERY_MS) + SAY_EVERY_MS) return;
    remember(this.said, network, now, MOST_SPOKEN_OF);
    this.logger.warn(`A wrong operator token came from ${network}.`);
  }
}

function remember(map: Map<string, number>, key: string, value: number, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > most) map.delete(map.keys().next().value as string);
}

/** Of IPv6, whoever has one address has its whole /64. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  const [head = ''] = address.split('::');
  const parts = head.split(':');
  return `${[...parts, '0', '0', '0', '0'].slice(0, 4).join(':')}::/64`;
}
