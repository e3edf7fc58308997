import { Controller, Delete, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { noteBody, termIdSchema } from '../../contract/fields';
import { CheckedBody, CheckedParam } from '../../common/validation';
import { CurrentOperator, OperatorGuard } from '../../identity/operator.guard';
import { TermArchive, type TermCounts, type TermLifeView } from './term-archive';

const archiveBody = noteBody('The term is over');
const restoreBody = noteBody('Archived by mistake: late registration goes on');
const deleteBody = noteBody('Kept for five years, as our data policy asks');

/** Puts terms away that are over, takes them back, and deletes them. */
@ApiTags('operator')
@ApiBearerAuth()
@UseGuards(OperatorGuard)
@Controller('api/operator/terms')
export class TermArchiveController {
  constructor(private readonly archives: TermArchive) {}

  @Get()
  @ApiOperation({ summary: 'All terms, also the archived ones' })
  async list(): Promise<{ terms: TermLifeView[] }> {
    return { terms: await this.archives.list() };
  }

  @Post(':termId/archive')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Put a term away whose rooms are archived: students do not find it, no seat changes, exports go on',
  })
  archive(
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedBody(archiveBody) { note }: z.infer<typeof archiveBody>,
    @CurrentOperator() operator: string,
  ): Promise<TermLifeView> {
    return this.archives.archive(termId, { operator, note });
  }

  @Post(':termId/restore')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take an archived term back as it was' })
  restore(
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedBody(restoreBody) { note }: z.infer<typeof restoreBody>,
    @CurrentOperator() operator: string,
  ): Promise<TermLifeView> {
    return this.archives.restore(termId, { operator, note });
  }

  @Delete(':termId')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Delete an archived term with its sections, enrolments, waitlists and carts; export them before',
    description:
      'Who did it, why, and how many rows there were stays on record, as does what operators did to its seats. When it ' +
      'is broken off, ask again: the term stays archived, and cannot be restored.',
  })
  async delete(
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedBody(deleteBody) { note }: z.infer<typeof deleteBody>,
    @CurrentOperator() operator: string,
  ): Promise<{ termId: string; deleted: TermCounts }> {
    return { termId, deleted: await this.archives.remove(termId, { operator, note }) };
  }
}
