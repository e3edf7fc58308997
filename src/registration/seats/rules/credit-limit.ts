import type { ClassYear } from '../../../contract/fields';
import { nameOf, type Refusal, type SectionFacts } from './facts';

/** What may limit the credits of one student. */
export interface CreditLimits {
  /** Hundredths of a credit. */
  ofTerm: number;
  /** In credits, as operators say it. */
  ofClassYears: Readonly<Partial<Record<ClassYear, number>>> | undefined;
  /** The student's own, in hundredths. */
  own: number | undefined;
}

/** Credits as operators say them, in hundredths. */
export const hundredths = (credits: number): number => Math.round(credits * 100);

/** The most credits for a student, in hundredths: the student's own limit, else that of the class year, else the term's. */
export function creditLimitOf({ ofTerm, ofClassYears, own }: CreditLimits, classYear: ClassYear | undefined): number {
  if (own !== undefined) return own;
  const ofClassYear = classYear && ofClassYears?.[classYear];
  return ofClassYear === undefined ? ofTerm : hundredths(ofClassYear);
}

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
