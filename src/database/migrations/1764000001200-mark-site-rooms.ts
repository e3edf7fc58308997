import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumn } from '../table';

export class MarkSiteRooms1764000001200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await addColumn(runner, 'room', 'site', 'INT NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE room DROP COLUMN site');
  }
}
