import { Controller, UseGuards } from '@nestjs/common';
import type { SignedInStudent } from '../contract/identity';
import { Serves } from '../common/serves';
import { roomCalls, type HeldPlace } from '../contract/rooms';
import { DomainError } from '../common/domain-error';
import { CurrentStudent, StudentGuard } from '../identity/student.guard';
import { LineService } from '../line/line.service';

/** Where a student has a place, for a device that does not know of it. */
@UseGuards(StudentGuard)
@Controller()
export class PlacesController {
  constructor(private readonly lines: LineService) {}

  @Serves(roomCalls.places)
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
