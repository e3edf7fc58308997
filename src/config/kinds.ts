import { isIP } from 'node:net';
import { z } from 'zod';
import { parseDatabaseAddress } from './database-address';
import { readStoreTls, StoreAddressProblem } from './store-tls';

/** How the text of one variable is read. The label is what the table of variables shows as its type. */
export interface Kind<T> {
  label: string;
  schema: z.ZodType<T, string>;
}

const problem = (context: z.core.$RefinementCtx, message: string): never => {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
};

/** No message ever repeats the value: what was pasted into the wrong variable may be a secret. */
function kind<T>(label: string, read: (text: string) => T | undefined): Kind<T> {
  const schema = z.string().transform((text, context): T => {
    try {
      const value = read(text);
      return value === undefined ? problem(context, `must be ${label}`) : value;
    } catch (error) {
      if (error instanceof StoreAddressProblem) return problem(context, error.message);
      throw error;
    }
  });
  return { label, schema };
}

export const text = (label: string, pattern: RegExp = /^.+$/s): Kind<string> =>
  kind(label, (value) => (pattern.test(value) ? value : undefined));

export const wholeNumber = (lowest: number, highest: number): Kind<number> =>
  kind(`whole number ${lowest}–${highest}`, (value) => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    return number >= lowest && number <= highest ? number : undefined;
  });

/** A number with at most three decimals, the resolution the line's outflow has. */
export const decimalNumber = (lowest: number, highest: number): Kind<number> =>
  kind(`number ${lowest}–${highest}`, (value) => {
    const number = /^\d{1,12}(\.\d{1,3})?$/.test(value) ? Number(value) : Number.NaN;
    return number >= lowest && number <= highest ? number : undefined;
  });

export const onOff: Kind<boolean> = kind('on or off', (value) =>
  /^(on|true|1)$/i.test(value) ? true : /^(off|false|0)$/i.test(value) ? false : undefined,
);

export const oneOf = <const T extends string>(...choices: readonly T[]): Kind<T> =>
  kind(choices.join(' or '), (value) => choices.find((choice) => choice === value));

function readUrl(value: string, schemes: readonly string[]): URL | undefined {
  if (!URL.canParse(value)) return undefined;
  const url = new URL(value);
  if (!isDecodable(url.username + url.password + url.pathname)) return undefined;
  return schemes.includes(url.protocol.slice(0, -1)) && url.hostname ? url : undefined;
}

/** A bare % in a password is no percent-encoding, and the drivers would stumble over it. */
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
  const schema = z.string().transform((value, context): readonly T[] => {
    const parts = value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
    if (parts.length === 0 && value !== '') {
      return problem(context, `must be a comma-separated list, each ${item.label}`);
    }
    return parts.flatMap((part, index) => {
      const result = item.schema.safeParse(part);
      if (result.success) return [result.data];
      const which = parts.length > 1 ? `(${index + 1} of ${parts.length}) ` : '';
      return problem(context, which + result.error.issues.map(({ message }) => message).join(', '));
    });
  });
  return { label: `list of ${item.label}, by commas`, schema };
}

/** A part of a list: `name<separator>value`. */
export const pair = (
  label: string,
  separator: string,
  isName: (name: string) => boolean,
  isValue: (value: string) => boolean,
): Kind<{ name: string; value: string }> =>
  kind(label, (part) => {
    const at = part.indexOf(separator);
    if (at < 1) return undefined;
    const name = part.slice(0, at);
    const value = part.slice(at + separator.length);
    return isName(name) && isValue(value) ? { name, value } : undefined;
  });
