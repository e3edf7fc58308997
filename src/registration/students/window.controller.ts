import { Controller, Get, Header, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { termIdSchema } from '../../contract/fields';
import { CheckedParam } from '../../common/validation';
import type { SignedInStudent } from '../../identity/student';
import { CurrentStudent, StudentGuard } from '../../identity/student.guard';
import { CatalogueService } from '../catalogue/catalogue.service';
import type { StudentWindowView } from '../catalogue/window-view';

/** When the signed-in student may enrol. */
@ApiTags('enrolments')
@ApiBearerAuth()
@UseGuards(StudentGuard)
@Controller('api/terms/:termId/window')
export class WindowController {
  constructor(private readonly catalogue: CatalogueService) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'When the student’s class year may enrol; null where the time is free' })
  window(
    @CurrentStudent() student: SignedInStudent,
    @CheckedParam('termId', termIdSchema) termId: string,
  ): Promise<StudentWindowView> {
    return this.catalogue.window(termId, student.id);
  }
}
