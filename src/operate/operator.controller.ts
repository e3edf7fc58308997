import { Controller, UseGuards } from '@nestjs/common';
import { Asked, Serves } from '../common/serves';
import type { AnswerOf, AskedOf } from '../contract/call';
import { roomOperatorCalls, type RoomReport, type RoomSettings, type RoomControl } from '../contract/operate/rooms';
import { AdmissionService } from '../admission/admission.service';
import { OperatorActs } from '../identity/operator-acts';
import { CurrentOperator, OperatorGuard } from '../identity/operator.guard';
import { LineService } from '../line/line.service';
import { Room } from '../room/room';
import { RoomService } from '../room/room.service';
import { RoomArchive } from './room-archive';
import { RoomReports, settingsOf } from './room-reports';

/** What operators do: make, pace, pause, drain, close, archive and delete rooms; admit or remove by hand, with a reason. */
@UseGuards(OperatorGuard)
@Controller()
export class OperatorController {
  constructor(
    private readonly rooms: RoomService,
    private readonly lines: LineService,
    private readonly admissions: AdmissionService,
    private readonly archives: RoomArchive,
    private readonly acts: OperatorActs,
    private readonly reports: RoomReports,
  ) {}

  @Serves(roomOperatorCalls.operatorRooms)
  async list(
    @Asked() { query: { archived } }: AskedOf<typeof roomOperatorCalls.operatorRooms>,
  ): Promise<RoomReport[] | RoomSettings[]> {
    if (archived === 'true') return (await this.rooms.archived()).map(settingsOf);
    return this.rooms.list().map((room) => this.reports.of(room));
  }

  @Serves(roomOperatorCalls.operatorRoom)
  get(@Asked() { path: { roomId } }: AskedOf<typeof roomOperatorCalls.operatorRoom>): RoomReport {
    return this.reports.of(this.rooms.get(roomId));
  }

  @Serves(roomOperatorCalls.createRoom)
  async create(
    @Asked() { body: input }: AskedOf<typeof roomOperatorCalls.createRoom>,
    @CurrentOperator() operator: string,
  ): Promise<RoomReport> {
    return this.inForce(await this.rooms.create(input, operator));
  }

  @Serves(roomOperatorCalls.changeRoom)
  async change(
    @Asked() { path: { roomId }, body: change }: AskedOf<typeof roomOperatorCalls.changeRoom>,
    @CurrentOperator() operator: string,
  ): Promise<RoomReport> {
    return this.inForce(await this.rooms.change(roomId, change, operator));
  }

  @Serves(roomOperatorCalls.pauseRoom)
  pause(
    @Asked() { path: { roomId } }: AskedOf<typeof roomOperatorCalls.pauseRoom>,
    @CurrentOperator() operator: string,
  ): Promise<RoomReport> {
    return this.control(roomId, 'paused', operator);
  }

  @Serves(roomOperatorCalls.resumeRoom)
  resume(
    @Asked() { path: { roomId } }: AskedOf<typeof roomOperatorCalls.resumeRoom>,
    @CurrentOperator() operator: string,
  ): Promise<RoomReport> {
    return this.control(roomId, 'auto', operator);
  }

  @Serves(roomOperatorCalls.drainRoom)
  drain(
    @Asked() { path: { roomId } }: AskedOf<typeof roomOperatorCalls.drainRoom>,
    @CurrentOperator() operator: string,
  ): Promise<RoomReport> {
    return this.control(roomId, 'draining', operator);
  }

  @Serves(roomOperatorCalls.closeRoom)
  close(
    @Asked() { path: { roomId } }: AskedOf<typeof roomOperatorCalls.closeRoom>,
    @CurrentOperator() operator: string,
  ): Promise<RoomReport> {
    return this.control(roomId, 'closed', operator);
  }

  @Serves(roomOperatorCalls.archiveRoom)
  async archive(
    @Asked() { path: { roomId }, body: { note } }: AskedOf<typeof roomOperatorCalls.archiveRoom>,
    @CurrentOperator() operator: string,
  ): Promise<RoomSettings> {
    return settingsOf(await this.archives.archive(roomId, { operator, note }));
  }

  @Serves(roomOperatorCalls.restoreRoom)
  async restore(
    @Asked() { path: { roomId }, body: { note } }: AskedOf<typeof roomOperatorCalls.restoreRoom>,
    @CurrentOperator() operator: string,
  ): Promise<RoomSettings> {
    return settingsOf(await this.rooms.restore(roomId, operator, note));
  }

  @Serves(roomOperatorCalls.deleteRoom)
  async delete(
    @Asked() { path: { roomId }, body: { note } }: AskedOf<typeof roomOperatorCalls.deleteRoom>,
    @CurrentOperator() operator: string,
  ): Promise<AnswerOf<typeof roomOperatorCalls.deleteRoom>> {
    await this.archives.remove(roomId, { operator, note });
    return { roomId, deleted: true };
  }

  @Serves(roomOperatorCalls.admitStudent)
  async admit(
    @Asked() { path: { roomId, studentId }, body: { note } }: AskedOf<typeof roomOperatorCalls.admitStudent>,
    @CurrentOperator() operator: string,
  ): Promise<AnswerOf<typeof roomOperatorCalls.admitStudent>> {
    const { state, number, expiresAt } = await this.lines.admitByHand(roomId, studentId, { operator, note });
    await this.acts.note({ operator, act: 'admit', roomId, studentId, note, details: { number } });
    return { studentId, state, number, expiresAt };
  }

  @Serves(roomOperatorCalls.removeStudent)
  async remove(
    @Asked() { path: { roomId, studentId }, body: { note } }: AskedOf<typeof roomOperatorCalls.removeStudent>,
    @CurrentOperator() operator: string,
  ): Promise<AnswerOf<typeof roomOperatorCalls.removeStudent>> {
    const { state, number } = await this.admissions.remove(roomId, studentId, { operator, note });
    await this.acts.note({ operator, act: 'remove', roomId, studentId, note, details: { number } });
    return { studentId, state, number };
  }

  private async control(roomId: string, control: RoomControl, operator: string): Promise<RoomReport> {
    return this.inForce(await this.rooms.change(roomId, { control }, operator));
  }

  /** The room as the call has left it, not as it was when the call came. */
  private async inForce(room: Room): Promise<RoomReport> {
    await this.lines.untilInForce(room);
    return this.reports.of(room);
  }
}
