import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../../database/columns';

/** One registration period with its catalogue, and the limits that hold for every student in it. */
@Entity('term')
export class TermEntity {
  @PrimaryColumn({ type: 'varchar', length: 40 })
  id!: string;

  @Column({ type: 'varchar', length: 200 })
  name!: string;

  /** SHA-256 (hex) of the catalogue file that was imported last, and of the way in which it was read. */
  @Column({ name: 'content_hash', type: 'varchar', length: 64 })
  contentHash!: string;

  @Column(bigintColumn('imported_at'))
  importedAt!: number;

  /** Most credits one student may be enrolled for, in hundredths of a credit. */
  @Column({ name: 'credit_limit_hundredths', type: 'int' })
  creditLimitHundredths!: number;

  /** What holds for all sections that say nothing else, as JSON of `TermPolicy`; null = the defaults. */
  @Column({ type: 'text', nullable: true })
  policy!: string | null;

  /** ms since the Unix epoch by the database's clock; 0: not archived. Of an archived term no seat changes. */
  @Column(bigintColumn('archived_at', { default: 0 }))
  archivedAt!: number;

  /** Since when it is being deleted, like `archivedAt`: only a part of it may be left. */
  @Column(bigintColumn('deleting_since', { default: 0 }))
  deletingSince!: number;
}
