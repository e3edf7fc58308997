import type { StudentChanges } from './cart';
import type { Route } from './swarm-context';

/** What happens to a student while waiting, so many ms after the place was told; undefined = never. */
export interface Troubles {
  /** The connection is lost; the client comes back by itself. */
  cutAfter?: number;
  /** The page is closed, and loads again. */
  reloadAfter?: number;
  secondTabAfter?: number;
  /** The second tab is one of another device, which remembers nothing of the first. */
  secondIsDevice?: boolean;
  /** Every window is closed, and opened again after `forMs`. */
  away?: { after: number; forMs: number };
  /** The place is given back. */
  leaveAfter?: number;
  /** Inside: the connection is lost just after this request about seats was sent, from 1. */
  cutAtRequest?: number;
}

/** What a student will do, and what will happen to it, decided beforehand. */
export interface StudentPlan {
  /** From 1; what is drawn for a student depends on it and the seed alone. */
  ordinal: number;
  studentId: string;
  token: string;
  wishes: readonly string[];
  /** What is made of the answers; undefined = nothing. */
  changes?: StudentChanges;
  /** After the swarm began, ms. */
  arriveAt: number;
  /** How each tab reaches the service, in turn; by a WebSocket at the common address where none is said. */
  routes?: readonly Route[];
  troubles: Troubles;
}
