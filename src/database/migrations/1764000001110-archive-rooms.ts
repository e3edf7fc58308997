import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumn } from '../table';

export class ArchiveRooms1764000001110 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await addColumn(runner, 'room', 'archived_at', 'BIGINT NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE room DROP COLUMN archived_at');
  }
}
