/** Port: the terms whose sections are here. Bound by the composition root. */
export abstract class KnownTerms {
  /** @throws DomainError `database_unavailable` */
  abstract has(termId: string): Promise<boolean>;
}
