import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumn } from '../table';

/** Mails that are there already came of requests whose names nobody noted. */
export class NoteRequestOfMail1764000002300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await addColumn(runner, 'outbox', 'request_ids', 'TEXT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outbox DROP COLUMN request_ids');
  }
}
