import type { MigrationInterface, QueryRunner } from 'typeorm';
import { MysqlKeys } from '../alter-table';
import { addColumn } from '../table';

const COLUMNS = ['archived_at', 'deleting_since'];

export class ArchiveTerms1764000001420 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const name of COLUMNS) await addColumn(runner, 'term', name, 'BIGINT NOT NULL DEFAULT 0');
    if (runner.dataSource.options.type === 'mysql')
      await new MysqlKeys(runner).index('cart', 'cart_by_term', ['term_id']);
    else await runner.query('CREATE INDEX IF NOT EXISTS cart_by_term ON cart (term_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX cart_by_term${runner.dataSource.options.type === 'mysql' ? ' ON cart' : ''}`);
    for (const name of COLUMNS) await runner.query(`ALTER TABLE term DROP COLUMN ${name}`);
  }
}
