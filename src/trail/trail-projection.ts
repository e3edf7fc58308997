import type { EntityManager } from 'typeorm';
import type { LineEvent, LineRef } from '../line/line-store';

export const TRAIL_PROJECTIONS = Symbol('TRAIL_PROJECTIONS');

/**
 * Keeps another table in step with the trail, inside the transaction that writes it. Events may be given more than once
 * and by several pods at the same time, so applying them again must change nothing.
 */
export interface TrailProjection {
  apply(manager: EntityManager, line: LineRef, events: LineEvent[]): Promise<void>;
}
