import type { MigrationInterface, QueryRunner } from 'typeorm';
import { bigint, createTable, integer, text, varchar } from '../table';

export class CreateCart1764000000700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, {
      name: 'cart',
      columns: [
        varchar('student_id', 64, { isPrimary: true }),
        varchar('term_id', 40, { isPrimary: true }),
        integer('version'),
        text('section_ids'),
        bigint('changed_at'),
      ],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('cart');
  }
}
