import { z } from 'zod';

export type Language = 'ko' | 'en';

export const languageSchema = z.enum(['ko', 'en']);

export const nameSchema = z.string().trim().min(1).max(200);

export const classYearSchema = z.string().trim().min(1).max(16);

export const emailSchema = z.string().trim().max(320).pipe(z.email());

/** Who somebody is, by the identity provider, the roster or, in the demo, their own word. */
export interface Student {
  id: string;
  name: string;
  /** As the roster or the provider writes it: `1` to `4`, `senior`, … */
  classYear?: string;
  email?: string;
  language: Language;
}

/** A student with a sign-in of ours that still holds. */
export interface SignedInStudent extends Student {
  /** ms since the Unix epoch. */
  issuedAt: number;
  /** ms since the Unix epoch. */
  expiresAt: number;
}
