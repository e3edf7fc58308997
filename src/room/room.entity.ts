import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RoomControl } from '../contract/operate/rooms';
import { bigintColumn } from '../database/columns';

/** One waiting line in front of one registration period. The database row is the truth; every pod follows its version. */
@Entity('room')
export class RoomEntity {
  @PrimaryColumn({ type: 'varchar', length: 40 })
  id!: string;

  @Column({ name: 'term_id', type: 'varchar', length: 40 })
  termId!: string;

  /** 1 for a room in front of another site. */
  @Column({ type: 'int' })
  site!: number;

  @Column({ type: 'varchar', length: 200 })
  name!: string;

  /** One more with each change. */
  @Column({ type: 'int' })
  version!: number;

  @Column({ type: 'varchar', length: 16 })
  control!: RoomControl;

  /** ms since the Unix epoch, by the line store's clock. */
  @Column(bigintColumn('opens_at'))
  opensAt!: number;

  /** Most admissions per 1,000 seconds: the rate in steps of 0.001 per second. */
  @Column({ name: 'rate_per_1000_seconds', type: 'int' })
  ratePer1000Seconds!: number;

  @Column({ type: 'int' })
  capacity!: number;

  @Column({ name: 'lease_ms', type: 'int' })
  leaseMs!: number;

  @Column({ name: 'grace_ms', type: 'int' })
  graceMs!: number;

  /** 1 where grace runs before the room has let anybody in, too. */
  @Column({ name: 'grace_before_opening', type: 'int' })
  graceBeforeOpening!: number;

  @Column({ name: 'no_show_ms', type: 'int' })
  noShowMs!: number;

  /** Names this life of the room; '' when a pod made it that knew of none. */
  @Column({ type: 'varchar', length: 32 })
  nonce!: string;

  @Column(bigintColumn('created_at'))
  createdAt!: number;

  /** 0 for a room that is not archived. */
  @Column(bigintColumn('archived_at'))
  archivedAt!: number;

  /** '' for a room without a lottery. */
  @Column({ name: 'lottery_seed', type: 'varchar', length: 64 })
  lotterySeed!: string;

  /** What the operator tells the students; '' for nothing. */
  @Column({ type: 'varchar', length: 500 })
  notice!: string;

  @Column(bigintColumn('updated_at'))
  updatedAt!: number;

  /** Name of the operator, or `system`. */
  @Column({ name: 'updated_by', type: 'varchar', length: 64 })
  updatedBy!: string;
}

/** Every version a room ever had: who changed it, when, to what, also of rooms that were deleted. Append-only. */
@Entity('room_version')
export class RoomVersionEntity {
  @PrimaryColumn({ name: 'room_id', type: 'varchar', length: 40 })
  roomId!: string;

  @PrimaryColumn({ type: 'int' })
  version!: number;

  @Column(bigintColumn('changed_at'))
  changedAt!: number;

  @Column({ name: 'changed_by', type: 'varchar', length: 64 })
  changedBy!: string;

  /** The whole room after the change, as JSON; with the reason, where one was given. */
  @Column({ type: 'text' })
  room!: string;
}
