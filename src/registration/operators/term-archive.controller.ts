import { Controller, UseGuards } from '@nestjs/common';
import { Asked, Serves } from '../../common/serves';
import type { AskedOf } from '../../contract/call';
import { termOperatorCalls, type TermCounts, type TermLife } from '../../contract/operate/terms';
import { CurrentOperator, OperatorGuard } from '../../identity/operator.guard';
import { TermArchive } from './term-archive';

/** Puts terms away that are over, takes them back, and deletes them. */
@UseGuards(OperatorGuard)
@Controller()
export class TermArchiveController {
  constructor(private readonly archives: TermArchive) {}

  @Serves(termOperatorCalls.operatorTerms)
  async list(): Promise<{ terms: TermLife[] }> {
    return { terms: await this.archives.list() };
  }

  @Serves(termOperatorCalls.archiveTerm)
  archive(
    @Asked() { path: { termId }, body: { note } }: AskedOf<typeof termOperatorCalls.archiveTerm>,
    @CurrentOperator() operator: string,
  ): Promise<TermLife> {
    return this.archives.archive(termId, { operator, note });
  }

  @Serves(termOperatorCalls.restoreTerm)
  restore(
    @Asked() { path: { termId }, body: { note } }: AskedOf<typeof termOperatorCalls.restoreTerm>,
    @CurrentOperator() operator: string,
  ): Promise<TermLife> {
    return this.archives.restore(termId, { operator, note });
  }

  @Serves(termOperatorCalls.deleteTerm)
  async delete(
    @Asked() { path: { termId }, body: { note } }: AskedOf<typeof termOperatorCalls.deleteTerm>,
    @CurrentOperator() operator: string,
  ): Promise<{ termId: string; deleted: TermCounts }> {
    return { termId, deleted: await this.archives.remove(termId, { operator, note }) };
  }
}
