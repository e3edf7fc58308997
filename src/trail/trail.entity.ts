import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintColumn, bigintKey } from '../database/columns';

/** One event of one line. Append-only; names students by pseudonym only. */
@Entity('trail')
export class TrailEntity {
  @PrimaryColumn({ name: 'room_id', type: 'varchar', length: 40 })
  roomId!: string;

  @PrimaryColumn({ type: 'int' })
  epoch!: number;

  @PrimaryColumn(bigintKey('sequence'))
  sequence!: number;

  /** Store time, ms. */
  @Column(bigintColumn('at'))
  at!: number;

  /** As in `LineEvent`, or of a version newer than this one. */
  @Column({ type: 'varchar', length: 16 })
  type!: string;

  @Column(bigintColumn('number', { nullable: true }))
  number!: number | null;

  /** Pseudonym; forgetting its mapping forgets the person. */
  @Column({ type: 'varchar', length: 32, nullable: true })
  student!: string | null;

  /** What else the event says, as JSON. */
  @Column({ type: 'text', nullable: true })
  data!: string | null;
}

/** One life of one room's line. The highest epoch of a room is the current one. */
@Entity('line_epoch')
export class LineEpochEntity {
  @PrimaryColumn({ name: 'room_id', type: 'varchar', length: 40 })
  roomId!: string;

  @PrimaryColumn({ type: 'int' })
  epoch!: number;

  @Column({ type: 'varchar', length: 32 })
  incarnation!: string;

  /** `building` until the store holds every ticket of the checkpoint; `lost` once another epoch has begun. */
  @Column({ type: 'varchar', length: 16 })
  phase!: 'building' | 'ready' | 'lost';

  /** First number that this epoch issues. */
  @Column(bigintColumn('first_number'))
  firstNumber!: number;

  /** Lowest number of the checkpoint. */
  @Column(bigintColumn('base_number'))
  baseNumber!: number;

  /**
   * Highest number that the trail knew when the epoch began; a presented ticket above it comes back, unless the
   * checkpoint has it.
   */
  @Column(bigintColumn('restored_through'))
  restoredThrough!: number;

  /** 1 when the room's lottery, if it has one, was settled before the epoch began. */
  @Column({ type: 'int' })
  drawn!: number;

  /** Database time, ms. */
  @Column(bigintColumn('opened_at'))
  openedAt!: number;
}

/**
 * A ticket that lived when an epoch began: together with the epoch's trail, everything that is known of the line. When
 * the epoch before it was lost while it was still being recovered, also those that had `ended` in it, for a ticket of
 * the time before may still be presented, but none twice.
 */
@Entity('trail_checkpoint')
export class TrailCheckpointEntity {
  @PrimaryColumn({ name: 'room_id', type: 'varchar', length: 40 })
  roomId!: string;

  @PrimaryColumn({ type: 'int' })
  epoch!: number;

  @PrimaryColumn(bigintKey('number'))
  number!: number;

  @Column({ name: 'ticket_epoch', type: 'int' })
  ticketEpoch!: number;

  /** Pseudonym. */
  @Column({ type: 'varchar', length: 32 })
  student!: string;

  @Column({ type: 'varchar', length: 16 })
  state!: 'waiting' | 'admitted' | 'ended';

  @Column(bigintColumn('joined_at'))
  joinedAt!: number;

  @Column(bigintColumn('expires_at', { nullable: true }))
  expiresAt!: number | null;

  @Column({ type: 'int' })
  acknowledged!: number;
}
