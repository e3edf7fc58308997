import { Controller, Get, Header, HttpCode, Post, Req, StreamableFile, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { termIdSchema } from '../../contract/fields';
import { CheckedParam, CheckedQuery } from '../../common/validation';
import { CurrentOperator, OperatorGuard } from '../../identity/operator.guard';
import type { ImportReport } from '../catalogue/import/catalogue-report';
import { CATALOGUE_EXAMPLE } from '../catalogue/import/catalogue-rows';
import { readCsvBody } from './term-operator-body';
import { creditLimitSchema } from '../seats/seat-policy';
import { TermOperatorService } from './term-operator.service';

const importSchema = z.strictObject({
  dryRun: z.stringbool().default(false),
  closeMissing: z.stringbool().default(false),
  force: z.stringbool().default(false),
  name: z.string().trim().min(1).max(200).optional(),
  creditLimit: z.coerce.number().pipe(creditLimitSchema).optional(),
});

const exportSchema = z.strictObject({ bom: z.stringbool().default(false) });

/** What operators do to a term: bring its catalogue in, take its enrolments and waitlists out. */
@ApiTags('operator')
@ApiBearerAuth()
@UseGuards(OperatorGuard)
@Controller('api/operator/terms/:termId')
export class TermOperatorController {
  constructor(private readonly terms: TermOperatorService) {}

  @Post('import')
  @HttpCode(200)
  @ApiOperation({ summary: 'Import a catalogue (CSV, UTF-8, up to 8 MB), also while it runs; says what differs' })
  @ApiConsumes('text/csv')
  @ApiBody({ schema: { type: 'string', example: CATALOGUE_EXAMPLE } })
  @ApiQuery({ name: 'dryRun', required: false, type: Boolean, description: 'Only say what would happen' })
  @ApiQuery({
    name: 'closeMissing',
    required: false,
    type: Boolean,
    description: 'Close the sections that the file lacks: nobody new gets in, and waits for them end',
  })
  @ApiQuery({
    name: 'force',
    required: false,
    type: Boolean,
    description: 'Also a file that has hardly any section of the term',
  })
  @ApiQuery({
    name: 'name',
    required: false,
    type: String,
    description: 'Name of a term that is new, such as `Spring 2026`',
  })
  @ApiQuery({
    name: 'creditLimit',
    required: false,
    type: Number,
    description: 'Most credits of one student; left out: as it is, and 6 in a term that is new',
  })
  async import(
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedQuery(importSchema) options: z.infer<typeof importSchema>,
    @CurrentOperator() operator: string,
    @Req() request: Request,
  ): Promise<ImportReport> {
    return this.terms.import(termId, await readCsvBody(request), options, operator);
  }

  @Get('enrolments.csv')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'All enrolments of the term as CSV' })
  @ApiProduces('text/csv')
  @ApiQuery({ name: 'bom', required: false, type: Boolean, description: 'Byte order mark, for spreadsheet programs' })
  async enrolments(
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedQuery(exportSchema) options: z.infer<typeof exportSchema>,
  ): Promise<StreamableFile> {
    return csvFile(await this.terms.enrolments(termId, options), `enrolments-${termId}`);
  }

  @Get('waitlists.csv')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'All waitlists of the term as CSV, in order, also the entries that ended' })
  @ApiProduces('text/csv')
  @ApiQuery({ name: 'bom', required: false, type: Boolean, description: 'Byte order mark, for spreadsheet programs' })
  async waitlists(
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedQuery(exportSchema) options: z.infer<typeof exportSchema>,
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
