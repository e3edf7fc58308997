import type { Bench } from './bench';
import { seatsBench } from './seats/seats';

/** All benches, by the order of their names. */
export const BENCHES: readonly Bench[] = [seatsBench];
