import { nameOf, type Refusal, type SectionFacts } from './facts';

/** The credits of all sections together stay within the limit. */
export function refuseCredits(
  wanted: SectionFacts,
  enrolled: readonly SectionFacts[],
  limitHundredths: number,
): Refusal | undefined {
  const soFar = enrolled.reduce((sum, { creditsHundredths }) => sum + creditsHundredths, 0);
  if (wanted.creditsHundredths === 0 || soFar + wanted.creditsHundredths <= limitHundredths) return undefined;
  const limit = limitHundredths / 100;
  return {
    code: 'credit_limit',
    message: `${nameOf(wanted)} would take you above ${limit} credits.`,
    details: { limit, enrolled: soFar / 100, credits: wanted.creditsHundredths / 100 },
  };
}
