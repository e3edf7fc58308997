import type { z } from 'zod';
import type { ErrorCode, Reply } from './errors';

/** What a client asks over its socket, and how the service acknowledges it. */
export interface AskedEvent {
  /** What it does, and in which order the answer and other messages come. */
  summary: string;
  request: z.ZodObject;
  /** What the acknowledgement holds beside `ok: true`. */
  answer: z.ZodObject;
  /** With which the whole of it can be refused, beside COMMON_EVENT_ERRORS. */
  errors: readonly ErrorCode[];
}

/** What the service says unasked. */
export interface ToldEvent {
  summary: string;
  message: z.ZodObject;
  /** The client acknowledges it, with nothing. */
  acknowledged?: true;
}

/** Any event can be refused with these. */
export const COMMON_EVENT_ERRORS = [
  ...(['invalid_input', 'sign_in_expired', 'too_many_requests'] as const),
  ...(['database_unavailable', 'draining', 'internal'] as const),
] satisfies ErrorCode[];

/** A map of asked events as Socket.IO types them. */
export type Asking<Events extends Record<string, AskedEvent>> = {
  [Name in keyof Events]: (
    request: z.input<Events[Name]['request']>,
    acknowledge: (reply: Reply<z.output<Events[Name]['answer']>>) => void,
  ) => void;
};

/** A map of told events as Socket.IO types them. */
export type Telling<Events extends Record<string, ToldEvent>> = {
  [Name in keyof Events]: Events[Name] extends { acknowledged: true }
    ? (message: z.output<Events[Name]['message']>, acknowledge: () => void) => void
    : (message: z.output<Events[Name]['message']>) => void;
};
