import type { MigrationInterface, QueryRunner } from 'typeorm';
import { bigint, createTable, varchar } from '../table';

export class CreateSignInEnds1764000001600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, {
      name: 'sign_in_end',
      columns: [
        varchar('id', 32, { isPrimary: true }),
        varchar('student_id', 64),
        varchar('sign_in', 64, { isNullable: true }),
        bigint('ended_at'),
        bigint('forgotten_at'),
        varchar('ended_by', 80),
        varchar('note', 200, { isNullable: true }),
      ],
      indices: [
        { name: 'sign_in_end_ended_at', columnNames: ['ended_at'] },
        { name: 'sign_in_end_forgotten_at', columnNames: ['forgotten_at'] },
      ],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('sign_in_end');
  }
}
