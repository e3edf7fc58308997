import { isIP } from 'node:net';
import { readStoreTls, StoreAddressProblem, type StoreTls } from './store-tls';

/** Where MySQL or MariaDB is, and how to get in. */
export interface DatabaseAddress {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  tls?: StoreTls;
}

/**
 * Reads `mysql://user:password@host:port/database` (or `mariadb://…`) with the parameters of `readStoreTls`. The port is
 * 3306 unless said; an IPv6 address stands in brackets; what has a meaning in URLs is percent-encoded, also in the name
 * of the database.
 *
 * @throws StoreAddressProblem for anything else
 */
export function parseDatabaseAddress(text: string): DatabaseAddress {
  const url = readUrl(text);
  const name = /^\/([^/]+)\/?$/.exec(url.pathname)?.[1];
  if (!/^(mysql|mariadb):$/.test(url.protocol) || url.hostname === '' || name === undefined || url.hash !== '') {
    throw malformed();
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const tls = readStoreTls(url.searchParams, false);
  if (tls?.mode === 'verify' && isIP(host)) {
    throw new StoreAddressProblem('needs the name of the host for tls=verify; with an address, say tls=verify-ca');
  }
  return {
    host: decoded(host),
    port: url.port === '' ? 3306 : Number(url.port),
    user: decoded(url.username),
    password: decoded(url.password),
    database: decoded(name),
    ...(tls && { tls }),
  };
}

function readUrl(text: string): URL {
  if (!URL.canParse(text)) throw malformed();
  return new URL(text);
}

/** A bare % is no percent-encoding. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) throw malformed();
    throw error;
  }
}

const malformed = (): StoreAddressProblem =>
  new StoreAddressProblem('must be URL (mysql://host/database, mariadb://host/database)');
