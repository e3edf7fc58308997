import type { Section } from '../../sdk';

/** `MATH 252 B`: what students call a class. */
export function sectionCode({ code, section }: Pick<Section, 'code' | 'section'>): string {
  return section ? `${code} ${section}` : code;
}
