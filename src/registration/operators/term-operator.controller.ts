import { Controller, Req, StreamableFile, UseGuards } from '@nestjs/common';
import type { Request } from 'express';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { Asked, Serves } from '../../common/serves';
import type { AskedOf } from '../../contract/call';
import { termOperatorCalls, type ImportReport } from '../../contract/operate/terms';
import { CurrentOperator, OperatorGuard } from '../../identity/operator.guard';
import { readCsvBody } from './csv-body';
import { TermOperatorService } from './term-operator.service';

/** What operators do to a term: bring its catalogue in, take its enrolments and waitlists out. */
@UseGuards(OperatorGuard)
@Controller()
export class TermOperatorController {
  constructor(private readonly terms: TermOperatorService) {}

  @Serves(termOperatorCalls.importTerm)
  async import(
    @Asked() { path: { termId }, query: options }: AskedOf<typeof termOperatorCalls.importTerm>,
    @CurrentOperator() operator: string,
    @Req() request: Request,
  ): Promise<ImportReport> {
    return this.terms.import(termId, await readCsvBody(request), options, operator);
  }

  @Serves(termOperatorCalls.exportEnrolments)
  async enrolments(
    @Asked() { path: { termId }, query: options }: AskedOf<typeof termOperatorCalls.exportEnrolments>,
  ): Promise<StreamableFile> {
    return csvFile(await this.terms.enrolments(termId, options), `enrolments-${termId}`);
  }

  @Serves(termOperatorCalls.exportWaitlists)
  async waitlists(
    @Asked() { path: { termId }, query: options }: AskedOf<typeof termOperatorCalls.exportWaitlists>,
  ): Promise<StreamableFile> {
    return csvFile(await this.terms.waitlists(termId, options), `waitlists-${termId}`);
  }
}

/** What fails before the first row is an error like any other, and no file. */
async function csvFile(csv: Readable, name: string): Promise<StreamableFile> {
  const disposition = `attachment; filename="${name}.csv"`;
  const file = new StreamableFile(csv, { type: 'text/csv; charset=utf-8', disposition });
  await once(csv, 'readable');
  return file;
}
