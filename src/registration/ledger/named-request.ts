import { hash } from 'node:crypto';
import type { SeatRequest } from '../seats/seat-request';

/** A request with what names it in the database, hashed once. */
export interface NamedRequest {
  request: SeatRequest;
  studentId: string;
  storedKey: string;
  requestHash: string;
}

/** Under which a student's answers are kept in memory. */
export const answerKey = ({ studentId, storedKey }: Pick<NamedRequest, 'studentId' | 'storedKey'>): string =>
  `${studentId} ${storedKey}`;

export function named(request: SeatRequest): NamedRequest {
  const { studentId } = request;
  return { request, studentId, storedKey: storedKey(request), requestHash: requestHash(request) };
}

/** The request's name as it is stored: any text a client may choose becomes 43 plain characters. */
export function storedKey({ idempotencyKey }: SeatRequest): string {
  return hash('sha256', idempotencyKey, 'base64url');
}

/** What was asked, whatever admission it was asked under: a renewed admission does not make it another request. */
export function requestHash({ kind, termId, sectionIds }: SeatRequest): string {
  return hash('sha256', JSON.stringify([kind, termId, sectionIds]), 'base64url');
}
