import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

/**
 * How a connection to a store is encrypted.
 *
 * - `require`: encrypted, whoever answers.
 * - `verify-ca`: by a server with a certificate of `ca` (or of a public authority).
 * - `verify`: and that certificate is for the host that was named.
 */
export interface StoreTls {
  mode: 'require' | 'verify-ca' | 'verify';
  /** PEM. */
  ca?: string;
  /** Our own certificate and its key, for a server that wants one; PEM. */
  cert?: string;
  key?: string;
}

const MODES = ['off', 'require', 'verify-ca', 'verify'] as const;
const FILES = ['ca', 'cert', 'key'] as const;
const KNOWN = new Set<string>(['tls', ...FILES]);

/** Something about the address of a store that cannot be right. The text never repeats a value. */
export class StoreAddressProblem extends Error {}

/**
 * Reads `tls=off|require|verify-ca|verify`, `ca=FILE`, `cert=FILE` and `key=FILE` of a store's address. Any file makes
 * `verify` the default; so does a scheme that means TLS.
 *
 * @param isOn whether the scheme already says that there is TLS
 * @returns undefined = not encrypted
 * @throws StoreAddressProblem
 */
export function readStoreTls(parameters: URLSearchParams, isOn: boolean): StoreTls | undefined {
  for (const name of parameters.keys()) {
    if (!KNOWN.has(name)) throw new StoreAddressProblem('has an unknown parameter; known are tls, ca, cert and key');
    if (parameters.getAll(name).length > 1) throw new StoreAddressProblem(`has the parameter ${name} twice`);
  }
  const hasFile = FILES.some((name) => parameters.has(name));
  const given = parameters.get('tls') ?? (isOn || hasFile ? 'verify' : 'off');
  const mode = MODES.find((one) => one === given);
  if (!mode) throw new StoreAddressProblem(`must have one of ${MODES.join(', ')} as its parameter tls`);
  if (mode === 'off') {
    if (isOn || hasFile) throw new StoreAddressProblem('says tls=off beside something that needs TLS');
    return undefined;
  }
  const tls: StoreTls = { mode };
  for (const name of FILES) {
    const file = parameters.get(name);
    if (file !== null) tls[name] = readPem(name, file);
  }
  if ((tls.cert === undefined) !== (tls.key === undefined)) {
    throw new StoreAddressProblem('needs both of the parameters cert and key, or neither');
  }
  return checked(tls);
}

function readPem(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new StoreAddressProblem(`names a file (${name}) that cannot be read: ${code}`, { cause: error });
  }
}

function checked(tls: StoreTls): StoreTls {
  try {
    createSecureContext({ ca: tls.ca, cert: tls.cert, key: tls.key });
  } catch (error) {
    throw new StoreAddressProblem('names certificates or a key that are no PEM, or do not belong together', {
      cause: error,
    });
  }
  if (tls.ca !== undefined && !tls.ca.includes('-----BEGIN CERTIFICATE-----')) {
    throw new StoreAddressProblem('names a file (ca) without a certificate in it');
  }
  return tls;
}
