import type { EntityManager } from 'typeorm';

/** Port: the terms whose sections are here, and which are not archived. Bound by the composition root. */
export abstract class KnownTerms {
  /** Whether the term is one; nobody can archive it before the transaction ends. */
  abstract has(manager: EntityManager, termId: string): Promise<boolean>;
}
