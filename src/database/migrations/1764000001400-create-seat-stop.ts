import type { MigrationInterface, QueryRunner } from 'typeorm';
import { bigint, createTable, varchar } from '../table';

export class CreateSeatStop1764000001400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, {
      name: 'seat_stop',
      columns: [
        varchar('term_id', 40, { isPrimary: true }),
        varchar('reason', 200),
        varchar('operator', 64),
        bigint('stopped_at'),
      ],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('seat_stop');
  }
}
