import type { MigrationInterface, QueryRunner } from 'typeorm';
import { bigint, createTable, integer, text, varchar } from '../table';

export class CreateRooms1764000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, {
      name: 'room',
      columns: [
        varchar('id', 40, { isPrimary: true }),
        varchar('term_id', 40),
        varchar('name', 200),
        integer('version'),
        varchar('control', 16),
        bigint('opens_at'),
        integer('rate_per_1000_seconds'),
        integer('capacity'),
        integer('lease_ms'),
        integer('grace_ms'),
        integer('no_show_ms'),
        varchar('notice', 500),
        bigint('updated_at'),
        varchar('updated_by', 64),
      ],
    });
    await createTable(runner, {
      name: 'room_version',
      columns: [
        varchar('room_id', 40, { isPrimary: true }),
        integer('version', { isPrimary: true }),
        bigint('changed_at'),
        varchar('changed_by', 64),
        text('room'),
      ],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('room_version');
    await runner.dropTable('room');
  }
}
