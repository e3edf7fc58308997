import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { CLASS_YEARS } from '../contract/fields';
import { OPERATOR_ROLES } from '../contract/operate/console';
import { parseDatabaseAddress } from './database-address';
import { readStoreTls, StoreAddressProblem } from './store-tls';

/** How the text of one variable is read. Its `description` is what the table of variables shows as its type. */
export type Kind<T> = z.ZodType<T, string>;

/** No message ever repeats the value: what was pasted into the wrong variable may be a secret. */
function kind<T>(label: string, read: (text: string) => T | undefined): Kind<T> {
  const schema = z.string().transform((text, context): T => {
    const refuse = (message: string): never => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    try {
      return read(text) ?? refuse(`must be ${label}`);
    } catch (error) {
      if (error instanceof StoreAddressProblem) return refuse(error.message);
      throw error;
    }
  });
  return schema.describe(label);
}

export const text = (label: string, pattern: RegExp = /^.+$/s): Kind<string> =>
  kind(label, (value) => (pattern.test(value) ? value : undefined));

export const oneOf = <const T extends string>(...choices: readonly T[]): Kind<T> =>
  kind(choices.join(' or '), (value) => choices.find((choice) => choice === value));

export const environment = oneOf('development', 'production', 'test').transform((one) => one === 'production');

/** Made absolute. */
export const directory: Kind<string> = kind('path', (value) => resolve(value));

export const onOff: Kind<boolean> = kind('on or off', (value) =>
  /^(on|true|1)$/i.test(value) ? true : /^(off|false|0)$/i.test(value) ? false : undefined,
);

function numberOf(label: string, pattern: RegExp, lowest: number, highest: number, unit?: string): Kind<number> {
  const read = (value: string): number | undefined =>
    pattern.test(value) && Number(value) >= lowest && Number(value) <= highest ? Number(value) : undefined;
  return kind(`${label} ${lowest}–${highest}`, read).meta({ unit });
}

/** @param unit in its own words: seconds, ms, bytes */
export const wholeNumber = (lowest: number, highest: number, unit?: string): Kind<number> =>
  numberOf('whole number', /^\d{1,15}$/, lowest, highest, unit);

export const secondsAsMs = (lowest: number, highest: number): Kind<number> =>
  wholeNumber(lowest, highest, 'seconds').transform((seconds) => seconds * 1_000);

/** A number with at most three decimals, the resolution the line's outflow has. */
export const decimalNumber = (lowest: number, highest: number, unit?: string): Kind<number> =>
  numberOf('number', /^\d{1,12}(\.\d{1,3})?$/, lowest, highest, unit);

/** Of one of the schemes, decodable: a bare % in a password is no percent-encoding, and the drivers would stumble. */
function readUrl(value: string, schemes: readonly string[]): URL | undefined {
  if (!URL.canParse(value)) return undefined;
  const url = new URL(value);
  const known = schemes.includes(url.protocol.slice(0, -1)) && url.hostname !== '';
  return known && isDecodable(url.username + url.password + url.pathname) ? url : undefined;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}

export const url = (...schemes: readonly string[]): Kind<string> =>
  kind(`URL (${schemes.map((scheme) => `${scheme}://`).join(', ')})`, (value) =>
    readUrl(value, schemes) ? value : undefined,
  );

/** Without a trailing slash. */
export const siteUrl = url('http', 'https').transform((value) => value.replace(/\/+$/, ''));

export const databaseUrl: Kind<string> = kind('URL (mysql://host/database, mariadb://host/database)', (value) => {
  parseDatabaseAddress(value);
  return value;
});

const REDIS_HOSTS = String.raw`([^@/?#\s]*@)?[\w.-]+(:\d+)?(,[\w.-]+(:\d+)?)*`;
const SEVERAL_REDIS = new RegExp(String.raw`^rediss?\+(cluster://${REDIS_HOSTS}/?|sentinel://${REDIS_HOSTS}/[\w.-]+)$`);

/** One server, the nodes of a cluster, or sentinels with the name of the master they watch; src/redis reads it. */
export const redisUrl: Kind<string> = kind(
  'URL (redis://, redis+cluster://host,host, redis+sentinel://host,host/master, or rediss…)',
  (value) => {
    const [address = '', query = ''] = value.split('?');
    const isOne = readUrl(address, ['redis', 'rediss']) !== undefined;
    if (!isOne && !(SEVERAL_REDIS.test(address) && isDecodable(address))) return undefined;
    if (query !== '' && !value.startsWith('rediss'))
      throw new StoreAddressProblem('has parameters: they go with rediss…://');
    readStoreTls(new URLSearchParams(query), value.startsWith('rediss'));
    return value;
  },
);

/** Scheme, host and port as browsers send them in `Origin`; a bare trailing slash is forgiven. */
export const origin: Kind<string> = kind('origin (https://host[:port])', (value) => {
  const parsed = readUrl(value, ['http', 'https']);
  return parsed && !parsed.username && parsed.pathname === '/' && !parsed.search && !parsed.hash
    ? parsed.origin
    : undefined;
});

export const network: Kind<string> = kind('address, network (10.0.0.0/8) or loopback', (value) => {
  const [address = '', bits, ...rest] = value.split('/');
  const most = { 4: 32, 6: 128 }[isIP(address)];
  if (most === undefined || rest.length > 0) return value === 'loopback' ? value : undefined;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= most) ? value : undefined;
});

export const timeZone: Kind<string> = kind('IANA time zone', (value) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
});

/**
 * Comma-separated; spaces around the parts do not count, and empty parts are left out, but not all of them. What is wrong
 * with a part is said in the words of that part.
 */
export function listOf<T>(item: Kind<T>): Kind<readonly T[]> {
  const schema = z.string().transform((list, context): readonly T[] => {
    const parts = list.split(',').flatMap((part) => part.trim() || []);
    const refuse = (message: string) => context.addIssue({ code: 'custom', message });
    if (parts.length === 0 && list !== '') refuse(`must be a comma-separated list, each ${item.description}`);
    return parts.flatMap((part, index) => {
      const result = item.safeParse(part);
      if (result.success) return [result.data];
      const which = parts.length > 1 ? `(${index + 1} of ${parts.length}) ` : '';
      refuse(which + result.error.issues.map(({ message }) => message).join(', '));
      return [];
    });
  });
  return schema.describe(`list of ${item.description}, by commas`);
}

/** A part of a list: `name<separator>value`, the name not empty. */
export const pair = <T>(
  label: string,
  separator: string,
  read: (name: string, value: string) => T | undefined,
): Kind<T> =>
  kind(label, (part) => {
    const at = part.indexOf(separator);
    return at < 1 ? undefined : read(part.slice(0, at), part.slice(at + separator.length));
  });

/** Base64 (also base64url) of 32 to 1,024 bytes. */
function isKeyMaterial(value: string): boolean {
  const bytes = Buffer.from(value, 'base64').length;
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(value) && bytes >= 32 && bytes <= 1_024;
}

/** Also the form of the file in which the embedded mode keeps its keys. */
export const signingKeyList = listOf(
  pair('<key id>:<base64 of at least 32 random bytes>', ':', (kid, secret) =>
    /^[A-Za-z0-9_-]{1,32}$/.test(kid) && isKeyMaterial(secret) ? { kid, secret } : undefined,
  ),
);

/** Also the form of the file in which the embedded mode keeps its operator. */
export const operatorList = listOf(
  pair('<name>[/viewer or /operator or /owner]:<token of 16–256 characters>', ':', (who, token) => {
    const [name = '', stated = 'owner', ...rest] = who.split('/');
    const role = OPERATOR_ROLES.find((known) => known === stated);
    const isName = /^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,63}$/u.test(name);
    const isToken = /^[\x21-\x7e]{16,256}$/.test(token);
    return role && isName && isToken && rest.length === 0 ? { name, token, role } : undefined;
  }),
);

const YEARS = [...CLASS_YEARS, 'other'] as const;

export const classYearList = listOf(
  pair(`<spelling>=<${YEARS.join(' or ')}>`, '=', (spelling, stated) => {
    const year = YEARS.find((known) => known === stated);
    return year && spelling.trim() !== '' ? { spelling, year } : undefined;
  }),
);
