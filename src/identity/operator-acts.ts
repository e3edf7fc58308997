import { Injectable, Logger } from '@nestjs/common';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { OperatorActKind } from '../contract/operate/console';
import { randomId } from '../common/ids';
import { bigintColumn } from '../database/columns';
import { Database } from '../database/database';

/** What an operator did that neither the versions of a room nor the acts on seats say; never changed. */
@Entity('operator_act')
export class OperatorActEntity {
  /** Random. */
  @PrimaryColumn({ type: 'varchar', length: 22 })
  id!: string;

  /** ms since the Unix epoch, by the database's clock. */
  @Index('operator_act_at')
  @Column(bigintColumn('at'))
  at!: number;

  /** Who. */
  @Column({ type: 'varchar', length: 64 })
  operator!: string;

  @Column({ type: 'varchar', length: 16 })
  act!: OperatorActKind;

  @Column({ name: 'room_id', type: 'varchar', length: 40, nullable: true })
  roomId!: string | null;

  @Index('operator_act_student')
  @Column({ name: 'student_id', type: 'varchar', length: 64, nullable: true })
  studentId!: string | null;

  /** Why, in the operator's words; '' where nobody asks for a reason. */
  @Column({ type: 'varchar', length: 200 })
  note!: string;

  /** What exactly, as JSON. */
  @Column({ type: 'text' })
  details!: string;
}

export interface NotedAct {
  operator: string;
  act: OperatorActKind;
  roomId?: string;
  studentId?: string;
  note?: string;
  details?: object;
}

/** Writes down who did what, beside the trail and the records of rooms and seats, for the audit. */
@Injectable()
export class OperatorActs {
  private readonly logger = new Logger('Operators');

  constructor(private readonly database: Database) {}

  /** What was done stays done when it cannot be written down: then the log alone says so. */
  async note({ operator, act, roomId, studentId, note = '', details = {} }: NotedAct): Promise<void> {
    const row = { id: randomId(), operator, act, roomId: roomId ?? null, studentId: studentId ?? null, note };
    try {
      await this.database.write(async (manager) => {
        const at = await this.database.now(manager);
        await manager.insert(OperatorActEntity, { ...row, at, details: JSON.stringify(details) });
      });
    } catch (error) {
      const fields = {
        code: 'operator_act_unrecorded',
        operator,
        act,
        room: roomId,
        student: studentId,
        note,
        err: error,
      };
      this.logger.error(fields, 'What an operator did is in no record but this');
    }
  }
}
