import type { MigrationInterface, QueryRunner } from 'typeorm';
import { bigint, createTable, integer } from '../table';

/** One row, by which the pods see how far a read replica has come. */
export class CreateReplicaBeat1764000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, { name: 'replica_beat', columns: [integer('id', { isPrimary: true }), bigint('beat')] });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('replica_beat');
  }
}
