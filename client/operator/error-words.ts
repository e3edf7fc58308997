import type { SunbeonError } from '../sdk';
import type { ConsoleTexts } from './text/texts';

/** An error in words; what has none of its own shows its code, for whoever is asked about it. */
export function errorWords(texts: ConsoleTexts, { code }: Pick<SunbeonError, 'code'>): string {
  const known = texts.errors[code];
  return known ?? `${texts.errors['unknown'] ?? ''} (${code})`;
}
