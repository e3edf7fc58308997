import { QueryFailedError } from 'typeorm';
import { DomainError } from '../common/domain-error';

/**
 * The connection was lost while COMMIT was under way: the transaction is either done or undone, and only reading it
 * again can tell which.
 */
export class CommitUnknownError extends DomainError {
  constructor(cause: unknown) {
    super(
      'database_unavailable',
      'The database went away while it was saving. Ask again to see the outcome.',
      undefined,
      {
        cause,
      },
    );
    this.name = 'CommitUnknownError';
  }
}

/** The database cannot be reached or is not able to work right now; nothing was changed. */
export function databaseUnavailable(cause: unknown): DomainError {
  return new DomainError('database_unavailable', 'The database cannot be reached right now.', undefined, { cause });
}

/**
 * What a failed statement means for its transaction.
 *
 * - `retry`: deadlock, lock wait time-out, changed snapshot: run the whole transaction again.
 * - `lost`: the connection is gone, or must be thrown away.
 * - `timeout`: our own patience ended: the connection must be thrown away, and the statement ended at the server.
 * - `unavailable`: the server is not able to do it now, and trying again at once would only add to its trouble.
 * - `busy`: the pool's queue is full.
 * - `other`: the statement itself is at fault.
 */
export type FailureKind = 'retry' | 'lost' | 'timeout' | 'unavailable' | 'busy' | 'other';

interface DriverFailure {
  code?: string;
  errno?: number;
  fatal?: boolean;
  message?: string;
}

/** Deadlock, lock wait time-out, snapshot changed (MariaDB 11), certification failed at commit (group replication). */
const RETRY_ERRNOS = new Set([1213, 1205, 1020, 3101]);

/**
 * Shutting down, killed, closed for idling, network trouble, too many connections (also of ours: 1203); a Galera node that
 * has not joined (1047); offline mode; and the answers of a server that was the primary before a fail-over and is
 * read-only now.
 */
const LOST_ERRNOS = new Set([
  ...[1053, 1317, 1927, 1040, 1203, 1080, 1152, 1156, 1157, 1158, 1159, 1160, 1161, 1184, 2006, 2013, 3169, 4031],
  ...[1047, 3032, 3168, 1290, 1792, 1836, 1874],
]);

/**
 * Disk or memory at its end (1021, 1026, 1037, 1038, 1041, 1114, 1135, 1206, 1637, 1878), the quota of our user (1226), our
 * host blocked for a while (1129), the server's own limit of time (1969 MariaDB, 3024 MySQL), a COMMIT that the engine or
 * a plugin could not do (1180, 3100), a temporary error of the engine (1297).
 */
const UNAVAILABLE_ERRNOS = new Set([
  ...[1021, 1026, 1037, 1038, 1041, 1114, 1135, 1206, 1637, 1878, 1226, 1129, 1969, 3024, 1180, 3100, 1297],
]);

const LOST_CODES = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

const SQLITE_LOST_CODES = ['SQLITE_IOERR', 'SQLITE_FULL', 'SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_CORRUPT'];

export function failureKind(error: unknown): FailureKind {
  const failure = driverFailure(error);
  const { code = '', errno = 0 } = failure;
  if (RETRY_ERRNOS.has(errno) || code.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED') return 'retry';
  if (code === 'PROTOCOL_SEQUENCE_TIMEOUT') return 'timeout';
  if (UNAVAILABLE_ERRNOS.has(errno)) return 'unavailable';
  if (LOST_ERRNOS.has(errno) || LOST_CODES.has(code) || failure.fatal === true) return 'lost';
  if (SQLITE_LOST_CODES.some((prefix) => code.startsWith(prefix))) return 'lost';
  // The pool gives these two no code.
  if (failure.message === 'Queue limit reached.') return 'busy';
  if (failure.message === 'Pool is closed.') return 'lost';
  return 'other';
}

/** A row with this key exists already, perhaps since a moment ago. */
export function isDuplicateKey(error: unknown): boolean {
  const { code, errno } = driverFailure(error);
  return errno === 1062 || code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || code === 'SQLITE_CONSTRAINT_UNIQUE';
}

/** The other side's certificate, or ours, is not good: that does not pass by itself. */
export function isCertificateProblem(error: unknown): boolean {
  const { code = '' } = driverFailure(error);
  return /CERT|ERR_TLS|ERR_SSL|UNABLE_TO_VERIFY|HANDSHAKE_SSL/.test(code);
}

function driverFailure(error: unknown): DriverFailure {
  if (error instanceof QueryFailedError) {
    const driverError: unknown = error.driverError;
    return driverError as DriverFailure;
  }
  return typeof error === 'object' && error !== null ? error : {};
}

/** The DomainError for a failure that concerns the database as a whole; anything else as it is. */
export function translated(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  const kind = failureKind(error);
  if (kind === 'lost' || kind === 'timeout' || kind === 'unavailable') return databaseUnavailable(error);
  if (kind === 'busy' || kind === 'retry') {
    return new DomainError('busy', 'The database has too much to do right now.', undefined, { cause: error });
  }
  return error;
}
