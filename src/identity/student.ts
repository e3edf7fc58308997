import { z } from 'zod';
import type { SignedInStudent } from '../contract/identity';

export const emailSchema = z.string().trim().max(320).pipe(z.email());

/** Who somebody is, by the identity provider, the roster or, in the demo, their own word. */
export type Student = Omit<SignedInStudent, 'issuedAt' | 'expiresAt'>;
