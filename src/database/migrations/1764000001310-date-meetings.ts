import type { MigrationInterface, QueryRunner } from 'typeorm';
import { sectionSearchText } from '../../common/search-text';
import { addColumn } from '../table';

interface SearchRow {
  term_id: string;
  id: string;
  department: string;
  number: string;
  section: string;
  title: string;
  instructors: string;
  search_text: string;
}

/** Meetings of a part of the term; longer section codes; and sections found without accents, by id and by joined code. */
export class DateMeetings1764000001310 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const isMysql = runner.dataSource.options.type === 'mysql';
    const charset = isMysql ? ' CHARACTER SET utf8mb4 COLLATE utf8mb4_bin' : '';
    await addColumn(runner, 'meeting', 'first_day', `VARCHAR(10)${charset} NULL`);
    await addColumn(runner, 'meeting', 'last_day', `VARCHAR(10)${charset} NULL`);
    await addColumn(runner, 'meeting', 'half', 'INT NULL');
    // SQLite keeps texts of any length.
    if (isMysql) await runner.query(`ALTER TABLE section MODIFY COLUMN section VARCHAR(16)${charset} NOT NULL`);
    const rows = await runner.manager.query<SearchRow[]>(
      'SELECT term_id, id, department, number, section, title, instructors, search_text FROM section',
    );
    for (const row of rows) {
      const text = sectionSearchText(row);
      if (text === row.search_text) continue;
      const values = [text, row.term_id, row.id];
      await runner.query('UPDATE section SET search_text = ? WHERE term_id = ? AND id = ?', values);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['half', 'last_day', 'first_day']) await runner.query(`ALTER TABLE meeting DROP COLUMN ${name}`);
  }
}
