import { DomainError } from '../../common/domain-error';
import { isLineErrorCode, lineError } from '../line-error';

/** A refusal of one of our scripts; Redis appends the place in the script. */
const REFUSAL = /^LINE (\w+)/;

/** What include/audit.lua has found. */
const DAMAGE = /^LINE line_damaged \((.*?)\)/;

/** Answers of a server that cannot do its work at this moment, or may not do it for our user. */
const UNAVAILABLE =
  /^(LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|MOVED|ASK|OOM|MISCONF|NOREPLICAS|BUSY|UNBLOCKED|NOSCRIPT|NOPERM) |ACL failure|user executing the script/;

/** Turns whatever a Redis call threw into a DomainError: the script's refusal, `line_unavailable`, or `internal`. */
export function toLineError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (!(error instanceof Error) || error.name !== 'ReplyError') return lineError('line_unavailable', error);
  const damage = DAMAGE.exec(error.message)?.[1];
  if (damage !== undefined)
    return lineError('line_recovering', new Error(`its parts contradict each other: ${damage}`));
  const code = REFUSAL.exec(error.message)?.[1];
  if (code === 'line_unavailable') return notLookedAt();
  if (code !== undefined && isLineErrorCode(code)) return lineError(code);
  if (UNAVAILABLE.test(error.message)) return lineError('line_unavailable', error);
  return new DomainError('internal', 'The line store could not carry out a command.', undefined, { cause: error });
}

/** The line is shut until `check` has found that all of it is on the server that holds it now. */
export function notLookedAt(): DomainError {
  return lineError('line_unavailable', new Error('the server was started anew or promoted, and is being looked at'));
}
