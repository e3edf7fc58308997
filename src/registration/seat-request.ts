import { createHash } from 'node:crypto';
import type { ErrorBody } from '../common/domain-error';

interface SeatRequestBase {
  studentId: string;
  termId: string;
  /** In order of preference. */
  sectionIds: readonly string[];
  /** The client's own name for this request: the same name with the same request is answered once and the same. */
  idempotencyKey: string;
  /** ms since the Unix epoch by this pod's clock: refused with `busy` when its turn comes later. Once begun, it ends. */
  deadline?: number;
}

/** Take seats. */
export interface CommitRequest extends SeatRequestBase {
  kind: 'commit';
  /** The `jti` of the admission it is made under; it must live. Undefined: the caller vouches that none is needed. */
  admission: string | undefined;
}

/** Give seats back. */
export interface DropRequest extends SeatRequestBase {
  kind: 'drop';
}

export type SeatRequest = CommitRequest | DropRequest;

/** How one section of a request went. The same on every wire. */
export interface SectionOutcome {
  sectionId: string;
  outcome: 'enrolled' | 'dropped' | 'waitlisted' | 'refused';
  /** Only when refused. */
  error?: ErrorBody;
}

/** The request's name as it is stored: any text a client may choose becomes 43 plain characters. */
export function storedKey({ idempotencyKey }: SeatRequest): string {
  return createHash('sha256').update(idempotencyKey).digest('base64url');
}

/** What was asked, whatever admission it was asked under: a renewed admission does not make it another request. */
export function requestHash({ kind, termId, sectionIds }: SeatRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, termId, sectionIds]))
    .digest('hex');
}
