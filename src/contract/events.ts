import type { Asking, Telling } from './event';
import { lineAsked, lineTold } from './line';
import { seatsAsked, seatsTold } from './seats';

/**
 * Everything that is said over a socket. Times are ms since the Unix epoch by the server's clock unless they say otherwise.
 *
 * Order on one socket: what an act promises comes after its answer (`line:ticket` after a join, and `line:admitted` after
 * that; `line:left` after leaving or finishing; the counts of `seats:watch`). What tells of changes to all of a student's
 * sockets (`enrolment:changed`, `cart:changed`) may come before the answer to the act that made them, or after it.
 */
export const ASKED = { ...lineAsked, ...seatsAsked };

/** What the service says unasked. */
export const TOLD = { ...lineTold, ...seatsTold };

export type ClientToServerEvents = Asking<typeof ASKED>;

export type ServerToClientEvents = Telling<typeof TOLD>;
