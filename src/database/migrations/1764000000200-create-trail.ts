import type { MigrationInterface, QueryRunner } from 'typeorm';
import { bigint, createTable, integer, text, varchar } from '../table';

export class CreateTrail1764000000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, {
      name: 'line_epoch',
      columns: [
        varchar('room_id', 40, { isPrimary: true }),
        integer('epoch', { isPrimary: true }),
        varchar('incarnation', 32),
        varchar('phase', 16),
        bigint('first_number'),
        bigint('base_number'),
        bigint('restored_through'),
        bigint('opened_at'),
      ],
    });
    await createTable(runner, {
      name: 'trail_checkpoint',
      columns: [
        varchar('room_id', 40, { isPrimary: true }),
        integer('epoch', { isPrimary: true }),
        bigint('number', { isPrimary: true }),
        integer('ticket_epoch'),
        varchar('student', 32),
        varchar('state', 16),
        bigint('joined_at'),
        bigint('expires_at', { isNullable: true }),
        integer('acknowledged'),
      ],
    });
    await createTable(runner, {
      name: 'trail',
      columns: [
        varchar('room_id', 40, { isPrimary: true }),
        integer('epoch', { isPrimary: true }),
        bigint('sequence', { isPrimary: true }),
        bigint('at'),
        varchar('type', 16),
        bigint('number', { isNullable: true }),
        varchar('student', 32, { isNullable: true }),
        text('data', { isNullable: true }),
      ],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['trail', 'trail_checkpoint', 'line_epoch']) await runner.dropTable(table);
  }
}
