import { verifyTrail } from '../../../src/trail/verify';
import type { RoundRecord } from './record';

/** What the product's own checker finds in the trail. */
export function trailProblems({ epochs }: RoundRecord): string[] {
  return verifyTrail(epochs).violations.map(
    ({ rule, epoch, sequence, text }) => `${rule} at ${epoch}/${sequence}: ${text}`,
  );
}
