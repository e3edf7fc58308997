import { databaseFaults } from './database';
import type { Fault } from './fault';
import { forgedFaults } from './forged';
import { hostileFaults } from './hostile';
import { podFaults } from './pods';
import { redisFaults } from './redis';

export const FAULTS: readonly Fault[] = [
  ...podFaults,
  ...redisFaults,
  ...databaseFaults,
  ...hostileFaults,
  ...forgedFaults,
];

/** @throws Error when there is none of this name */
export function findFault(name: string): Fault {
  const fault = FAULTS.find((one) => one.name === name);
  if (fault) return fault;
  throw new Error(`There is no fault "${name}"; there are: ${FAULTS.map((one) => one.name).join(', ')}`);
}
