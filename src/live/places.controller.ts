import { Controller, Get, Header, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DomainError } from '../common/domain-error';
import type { SignedInStudent } from '../identity/student';
import { CurrentStudent, StudentGuard } from '../identity/student.guard';
import { LineService } from '../line/line.service';

/** One room in which a student waits, or is inside. */
export interface HeldPlace {
  roomId: string;
  state: 'waiting' | 'admitted';
}

/** Where a student has a place, for a device that does not know of it. */
@ApiTags('rooms')
@ApiBearerAuth()
@UseGuards(StudentGuard)
@Controller('api/places')
export class PlacesController {
  constructor(private readonly lines: LineService) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'The rooms in which the signed-in student has a place; `line:join` with `resume` comes back to it',
  })
  async list(@CurrentStudent() student: SignedInStudent): Promise<{ places: HeldPlace[] }> {
    const open = [...this.lines.all()].filter(({ replica }) => replica?.state !== 'closed');
    const looks = await Promise.allSettled(open.map(({ room }) => this.look(room.id, student.id)));
    const places = looks.flatMap((look) => (look.status === 'fulfilled' && look.value ? [look.value] : []));
    // What one line knows is worth more than that another one could not be asked.
    const failed = looks.find((look) => look.status === 'rejected');
    if (failed && places.length === 0) {
      throw failed.reason instanceof DomainError ? failed.reason : new DomainError('line_unavailable', 'Ask again.');
    }
    return { places };
  }

  private async look(roomId: string, studentId: string): Promise<HeldPlace | undefined> {
    const ticket = await this.lines.find(roomId, studentId);
    if (ticket?.state !== 'waiting' && ticket?.state !== 'admitted') return undefined;
    return { roomId, state: ticket.state };
  }
}
