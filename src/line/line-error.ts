import { ErrorCode } from '../contract/errors';
import { DomainError } from '../common/domain-error';

/** Every refusal an engine of the line can give, with its text. Scripts return the same codes. */
const MESSAGES = {
  invalid_input: 'The line was called with values it cannot take.',
  room_closed: 'This room is closed.',
  room_draining: 'This room takes no new students any more.',
  line_recovering: 'The line is being rebuilt. Your place is kept.',
  line_unavailable: 'The line cannot be reached right now. Your place is kept.',
  line_full: 'The line cannot take more joins at this moment. Please try again.',
  too_many_sockets: 'Too many windows are open for this student.',
  pod_fenced: 'This server was taken for dead and has to sign on again.',
} as const satisfies Partial<Record<ErrorCode, string>>;

export type LineErrorCode = keyof typeof MESSAGES;

export function lineError(code: LineErrorCode, cause?: unknown): DomainError {
  return new DomainError(code, MESSAGES[code], undefined, cause === undefined ? undefined : { cause });
}

export function isLineErrorCode(code: string): code is LineErrorCode {
  return Object.hasOwn(MESSAGES, code);
}

const NOT_NOW: readonly ErrorCode[] = ['line_unavailable', 'line_recovering', 'pod_fenced'];

/** Whether the same call may go well once the line is back. */
export function isNotNow(error: unknown): boolean {
  return error instanceof DomainError && NOT_NOW.includes(error.code);
}
