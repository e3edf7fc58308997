import type { StudentWindow } from '../../contract/catalogue';
import type { SignedInStudent } from '../../contract/identity';
import { Controller, UseGuards } from '@nestjs/common';
import { Asked, Serves } from '../../common/serves';
import type { AskedOf } from '../../contract/call';
import { enrolmentCalls } from '../../contract/enrolments';
import { CurrentStudent, StudentGuard } from '../../identity/student.guard';
import { CatalogueService } from '../catalogue/catalogue.service';

/** When the signed-in student may enrol. */
@UseGuards(StudentGuard)
@Controller()
export class WindowController {
  constructor(private readonly catalogue: CatalogueService) {}

  @Serves(enrolmentCalls.studentWindow)
  window(
    @CurrentStudent() student: SignedInStudent,
    @Asked() { path: { termId } }: AskedOf<typeof enrolmentCalls.studentWindow>,
  ): Promise<StudentWindow> {
    return this.catalogue.window(termId, student.id);
  }
}
