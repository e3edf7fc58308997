import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumn } from '../table';

export class CreateLottery1764000000900 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await addColumn(runner, 'room', 'lottery_seed', `VARCHAR(64) NOT NULL DEFAULT ''`);
    await addColumn(runner, 'line_epoch', 'drawn', 'INT NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE line_epoch DROP COLUMN drawn');
    await runner.query('ALTER TABLE room DROP COLUMN lottery_seed');
  }
}
