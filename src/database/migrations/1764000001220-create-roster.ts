import type { MigrationInterface, QueryRunner } from 'typeorm';
import { bigint, createTable, integer, varchar } from '../table';

export class CreateRoster1764000001220 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const type = runner.dataSource.options.type === 'mysql' ? 'longblob' : 'blob';
    await createTable(runner, {
      name: 'roster_version',
      columns: [
        integer('version', { isPrimary: true }),
        varchar('hash', 64),
        // The file, gzipped; only of the version in force.
        { name: 'content', type, isNullable: true },
        bigint('loaded_at'),
      ],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('roster_version');
  }
}
