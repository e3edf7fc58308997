import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumn } from '../table';

export class ChooseEarlyGrace1764000001210 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await addColumn(runner, 'room', 'grace_before_opening', 'INT NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE room DROP COLUMN grace_before_opening');
  }
}
