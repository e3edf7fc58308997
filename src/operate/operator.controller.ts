import { Controller, UseGuards } from '@nestjs/common';
import { Asked, Serves } from '../common/serves';
import type { AnswerOf, AskedOf } from '../contract/call';
import { roomOperatorCalls, type RoomReport, type RoomSettings, type RoomControl } from '../contract/operate/rooms';
import { AdmissionService } from '../admission/admission.service';
import { CurrentOperator, OperatorGuard } from '../identity/operator.guard';
import { LineService } from '../line/line.service';
import { Room } from '../room/room';
import { RoomService } from '../room/room.service';
import { lotteryView } from '../line/lottery';
import { RoomArchive } from './room-archive';

/** What operators do: make, pace, pause, drain, close, archive and delete rooms; admit or remove by hand, with a reason. */
@UseGuards(OperatorGuard)
@Controller()
export class OperatorController {
  constructor(
    private readonly rooms: RoomService,
    private readonly lines: LineService,
    private readonly admissions: AdmissionService,
    private readonly archives: RoomArchive,
  ) {}

  @Serves(roomOperatorCalls.operatorRooms)
  async list(
    @Asked() { query: { archived } }: AskedOf<typeof roomOperatorCalls.operatorRooms>,
  ): Promise<RoomReport[] | RoomSettings[]> {
    if (archived === 'true') return (await this.rooms.archived()).map(settingsOf);
    return this.rooms.list().map((room) => this.report(room));
  }

  @Serves(roomOperatorCalls.operatorRoom)
  get(@Asked() { path: { roomId } }: AskedOf<typeof roomOperatorCalls.operatorRoom>): RoomReport {
    return this.report(this.rooms.get(roomId));
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
    return { studentId, state, number, expiresAt };
  }

  @Serves(roomOperatorCalls.removeStudent)
  async remove(
    @Asked() { path: { roomId, studentId }, body: { note } }: AskedOf<typeof roomOperatorCalls.removeStudent>,
    @CurrentOperator() operator: string,
  ): Promise<AnswerOf<typeof roomOperatorCalls.removeStudent>> {
    const { state, number } = await this.admissions.remove(roomId, studentId, { operator, note });
    return { studentId, state, number };
  }

  private async control(roomId: string, control: RoomControl, operator: string): Promise<RoomReport> {
    return this.inForce(await this.rooms.change(roomId, { control }, operator));
  }

  /** The room as the call has left it, not as it was when the call came. */
  private async inForce(room: Room): Promise<RoomReport> {
    await this.lines.untilInForce(room);
    return this.report(room);
  }

  private report(room: Room): RoomReport {
    const line = this.lines.has(room.id) ? this.lines.line(room.id) : undefined;
    const replica = line?.replica;
    return {
      ...settingsOf(room),
      lottery: lotteryView(room, replica),
      state: line?.available && replica ? replica.state : 'unavailable',
      epoch: line?.ref?.epoch ?? null,
      waiting: line?.counts.waiting ?? 0,
      present: line?.counts.present ?? 0,
      inside: line?.counts.inside ?? 0,
      speed: replica?.speed() ?? 0,
      trailLag: Math.max(0, (replica?.sequence ?? 0) - (line?.durableSequence ?? 0)),
    };
  }
}

function settingsOf({ lotterySeed: _secret, nonce: _life, ...settings }: Room): RoomSettings {
  return settings;
}
