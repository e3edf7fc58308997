import { Controller, Delete, Get, HttpCode, Patch, Post, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdmissionService } from '../admission/admission.service';
import { noteBody, roomIdSchema } from '../contract/fields';
import { CheckedBody, CheckedParam } from '../common/validation';
import { CurrentOperator, OperatorGuard } from '../identity/operator.guard';
import { LineService } from '../line/line.service';
import { ChangeRoom, changeRoomSchema, CreateRoom, createRoomSchema, Room } from '../room/room';
import { RoomService } from '../room/room.service';
import { RoomArchive } from './room-archive';
import { RoomReport, roomReport, RoomSettings, settingsOf } from './room-report';

/** As the line has it, however the student's university wrote it then. */
const studentIdSchema = z.string().min(1).max(64).meta({ example: '20261234' });

const archiveBody = noteBody('The term is over');
const restoreBody = noteBody('Archived by mistake: there is one more day for late registration');
const deleteBody = noteBody('Kept for a year, as our data policy asks');
const admitBody = noteBody('Accommodation: cannot wait in line, see the letter of 2 February');
const removeBody = noteBody('Asked for it by phone');

/** What operators do: make, pace, pause, drain, close, archive and delete rooms; admit or remove by hand, with a reason. */
@ApiTags('operator')
@ApiBearerAuth()
@UseGuards(OperatorGuard)
@Controller('api/operator/rooms')
export class OperatorController {
  constructor(
    private readonly rooms: RoomService,
    private readonly lines: LineService,
    private readonly admissions: AdmissionService,
    private readonly archives: RoomArchive,
  ) {}

  @Get()
  @ApiQuery({ name: 'archived', required: false, enum: ['true'] })
  @ApiOperation({ summary: 'All rooms with their settings and live counts; or the archived ones, with their settings' })
  async list(@Query('archived') archived?: string): Promise<RoomReport[] | RoomSettings[]> {
    if (archived === 'true') return (await this.rooms.archived()).map(settingsOf);
    return this.rooms.list().map((room) => this.report(room));
  }

  @Get(':roomId')
  @ApiOperation({ summary: 'One room with its settings and live counts' })
  get(@CheckedParam('roomId', roomIdSchema) roomId: string): RoomReport {
    return this.report(this.rooms.get(roomId));
  }

  @Post()
  @ApiOperation({ summary: 'Make a room' })
  async create(
    @CheckedBody(createRoomSchema) input: CreateRoom,
    @CurrentOperator() operator: string,
  ): Promise<RoomReport> {
    return this.inForce(await this.rooms.create(input, operator));
  }

  @Patch(':roomId')
  @ApiOperation({ summary: 'Change a room: pace, schedule, notice, control; in force on every pod at once' })
  async change(
    @CheckedParam('roomId', roomIdSchema) roomId: string,
    @CheckedBody(changeRoomSchema) change: ChangeRoom,
    @CurrentOperator() operator: string,
  ): Promise<RoomReport> {
    return this.inForce(await this.rooms.change(roomId, change, operator));
  }

  @Post(':roomId/pause')
  @HttpCode(200)
  @ApiOperation({ summary: 'Nobody is let in until the room is resumed; joining goes on' })
  pause(
    @CheckedParam('roomId', roomIdSchema) roomId: string,
    @CurrentOperator() operator: string,
  ): Promise<RoomReport> {
    return this.change(roomId, { control: 'paused' }, operator);
  }

  @Post(':roomId/resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'The room follows its schedule again' })
  resume(
    @CheckedParam('roomId', roomIdSchema) roomId: string,
    @CurrentOperator() operator: string,
  ): Promise<RoomReport> {
    return this.change(roomId, { control: 'auto' }, operator);
  }

  @Post(':roomId/drain')
  @HttpCode(200)
  @ApiOperation({ summary: 'Nobody new may join; those in line are still let in, from the opening on' })
  drain(
    @CheckedParam('roomId', roomIdSchema) roomId: string,
    @CurrentOperator() operator: string,
  ): Promise<RoomReport> {
    return this.change(roomId, { control: 'draining' }, operator);
  }

  @Post(':roomId/close')
  @HttpCode(200)
  @ApiOperation({ summary: 'The room ends: every ticket and admission ends with it' })
  close(
    @CheckedParam('roomId', roomIdSchema) roomId: string,
    @CurrentOperator() operator: string,
  ): Promise<RoomReport> {
    return this.change(roomId, { control: 'closed' }, operator);
  }

  @Post(':roomId/archive')
  @HttpCode(200)
  @ApiOperation({ summary: 'Put a closed room away: nobody sees it any more, its line is freed, its trail stays' })
  async archive(
    @CheckedParam('roomId', roomIdSchema) roomId: string,
    @CheckedBody(archiveBody) { note }: z.infer<typeof archiveBody>,
    @CurrentOperator() operator: string,
  ): Promise<RoomSettings> {
    return settingsOf(await this.archives.archive(roomId, { operator, note }));
  }

  @Post(':roomId/restore')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take an archived room back, closed as it was' })
  async restore(
    @CheckedParam('roomId', roomIdSchema) roomId: string,
    @CheckedBody(restoreBody) { note }: z.infer<typeof restoreBody>,
    @CurrentOperator() operator: string,
  ): Promise<RoomSettings> {
    return settingsOf(await this.rooms.restore(roomId, operator, note));
  }

  @Delete(':roomId')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Delete an archived room with its trail and admissions; who did it, and why, stays on record',
  })
  async delete(
    @CheckedParam('roomId', roomIdSchema) roomId: string,
    @CheckedBody(deleteBody) { note }: z.infer<typeof deleteBody>,
    @CurrentOperator() operator: string,
  ): Promise<object> {
    await this.archives.remove(roomId, { operator, note });
    return { roomId, deleted: true };
  }

  @Post(':roomId/students/:studentId/admit')
  @HttpCode(200)
  @ApiOperation({ summary: 'Let one waiting student in by hand (accommodations); the reason goes to the trail' })
  async admit(
    @CheckedParam('roomId', roomIdSchema) roomId: string,
    @CheckedParam('studentId', studentIdSchema) studentId: string,
    @CheckedBody(admitBody) { note }: z.infer<typeof admitBody>,
    @CurrentOperator() operator: string,
  ): Promise<object> {
    const { state, number, expiresAt } = await this.lines.admitByHand(roomId, studentId, { operator, note });
    return { studentId, state, number, expiresAt };
  }

  @Delete(':roomId/students/:studentId')
  @HttpCode(200)
  @ApiOperation({ summary: "Take a student's place or admission away; the reason goes to the trail" })
  async remove(
    @CheckedParam('roomId', roomIdSchema) roomId: string,
    @CheckedParam('studentId', studentIdSchema) studentId: string,
    @CheckedBody(removeBody) { note }: z.infer<typeof removeBody>,
    @CurrentOperator() operator: string,
  ): Promise<object> {
    const { state, number } = await this.admissions.remove(roomId, studentId, { operator, note });
    return { studentId, state, number };
  }

  /** The room as the call has left it, not as it was when the call came. */
  private async inForce(room: Room): Promise<RoomReport> {
    await this.lines.untilInForce(room);
    return this.report(room);
  }

  private report(room: Room): RoomReport {
    return roomReport(room, this.lines);
  }
}
