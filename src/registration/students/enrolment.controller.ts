import { Controller, Delete, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { sectionIdSchema, termIdSchema } from '../../contract/fields';
import { CheckedBody, CheckedParam } from '../../common/validation';
import type { SignedInStudent } from '../../identity/student';
import { CurrentStudent, StudentGuard } from '../../identity/student.guard';
import { CatalogueService, type EnrolmentView } from '../catalogue/catalogue.service';
import { EnrolmentService } from './enrolment.service';
import { AdmissionToken, IdempotencyKey, OptionalIdempotencyKey } from './request-headers';
import type { SectionOutcome } from '../../contract/seats';

const commitSchema = z
  .strictObject({ sectionIds: z.array(sectionIdSchema).min(1).max(20) })
  .meta({ example: { sectionIds: ['0000162389', '0000162390'] } });

const swapSchema = z
  .strictObject({ dropSectionId: sectionIdSchema, takeSectionId: sectionIdSchema })
  .meta({ example: { dropSectionId: '0000162389', takeSectionId: '0000162390' } });

/** The signed-in student's enrolments. */
@ApiTags('enrolments')
@ApiBearerAuth()
@UseGuards(StudentGuard)
@Controller('api/terms/:termId/enrolments')
export class EnrolmentController {
  constructor(
    private readonly catalogue: CatalogueService,
    private readonly enrolments: EnrolmentService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What the student is enrolled in' })
  async list(
    @CurrentStudent() student: SignedInStudent,
    @CheckedParam('termId', termIdSchema) termId: string,
  ): Promise<{ enrolments: EnrolmentView[] }> {
    return { enrolments: await this.catalogue.enrolments(termId, student.id) };
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Take seats, in order of preference; answers per section' })
  async commit(
    @CurrentStudent() student: SignedInStudent,
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedBody(commitSchema) { sectionIds }: z.infer<typeof commitSchema>,
    @IdempotencyKey() key: string,
    @AdmissionToken() admission: string,
  ): Promise<{ results: SectionOutcome[] }> {
    return { results: await this.enrolments.commit(student.id, termId, sectionIds, admission, key) };
  }

  @Post('swap')
  @HttpCode(200)
  @ApiOperation({ summary: 'Give one seat back for another: both, or neither' })
  async swap(
    @CurrentStudent() student: SignedInStudent,
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedBody(swapSchema) sections: z.infer<typeof swapSchema>,
    @IdempotencyKey() key: string,
    @AdmissionToken() admission: string,
  ): Promise<{ results: SectionOutcome[] }> {
    return { results: await this.enrolments.swap(student.id, termId, sections, admission, key) };
  }

  @Delete(':sectionId')
  @ApiOperation({ summary: 'Give a seat back' })
  async drop(
    @CurrentStudent() student: SignedInStudent,
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedParam('sectionId', sectionIdSchema) id: string,
    @OptionalIdempotencyKey() key: string,
  ): Promise<{ results: SectionOutcome[] }> {
    return { results: await this.enrolments.drop(student.id, termId, id, key) };
  }
}
