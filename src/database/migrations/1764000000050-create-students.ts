import type { MigrationInterface, QueryRunner } from 'typeorm';
import { bigint, createTable, varchar } from '../table';

export class CreateStudents1764000000050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, {
      name: 'student',
      columns: [
        varchar('id', 64, { isPrimary: true }),
        varchar('pseudonym', 32),
        varchar('name', 200),
        varchar('email', 320, { isNullable: true }),
        varchar('class_year', 16, { isNullable: true }),
        varchar('language', 8),
        bigint('created_at'),
      ],
      indices: [{ name: 'student_pseudonym', columnNames: ['pseudonym'], isUnique: true }],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('student');
  }
}
