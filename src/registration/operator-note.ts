import { z } from 'zod';

/** Why an operator does something, in their words; kept with what was done. */
export const noteSchema = z.string().trim().min(1).max(200);
