import type { EntityManager, QueryRunner } from 'typeorm';
import type { Database } from '../../../src/database/database';

/** What `database` is asked from now on, each statement with the values of its first use. */
export function recordStatements(database: Database): ReadonlyMap<string, unknown[]> {
  const statements = new Map<string, unknown[]>();
  const listened = new WeakSet<QueryRunner>();
  const listen = (manager: EntityManager): void => {
    // SQLite has one runner for each of its two connections, MySQL one for each use.
    const runner = manager.queryRunner ?? manager.dataSource.createQueryRunner();
    if (listened.has(runner)) return;
    listened.add(runner);
    const query = runner.query.bind(runner) as (...given: unknown[]) => Promise<never>;
    runner.query = (sql: string, values: unknown[] = [], ...rest: unknown[]): Promise<never> => {
      if (!statements.has(sql)) statements.set(sql, values);
      return query(sql, values, ...rest);
    };
  };
  for (const way of ['read', 'write'] as const) {
    const run: Database['write'] = database[way].bind(database);
    database[way] = (work) =>
      run((manager) => {
        listen(manager);
        return work(manager);
      });
  }
  return statements;
}

/** What grows with every event. */
const GROWING = /\b(trail|trail_checkpoint|admission|student)\b/;
/** A plan that reads fewer rows than this one by one may do so, for that is cheaper than an index. */
const FEW_ROWS = 1_000;

type PlanRow = Record<string, string | number | null>;

/**
 * Those of the statements that would go through a whole growing table, or sort it, by the database's own plans: each with
 * what the plan says. None of them is run; MySQL looks anew at how large its tables are.
 */
export async function wholeTableReads(
  database: Database,
  statements: ReadonlyMap<string, unknown[]>,
): Promise<string[]> {
  const asked = [...statements].filter(([sql]) => /^\s*(SELECT|UPDATE|DELETE)\b/i.test(sql) && GROWING.test(sql));
  const isMysql = database.kind === 'mysql';
  return database.read(async (manager) => {
    const bad: string[] = [];
    if (isMysql) await manager.query('ANALYZE TABLE trail, trail_checkpoint, admission, student');
    for (const [sql, values] of asked) {
      const explain = `${isMysql ? 'EXPLAIN FORMAT=TRADITIONAL' : 'EXPLAIN QUERY PLAN'} ${sql}`;
      const plan = await manager.query<PlanRow[]>(explain, values);
      const fault = plan.map(isMysql ? mysqlFault : sqliteFault).find(Boolean);
      if (fault) bad.push(`${fault}: ${sql.replace(/\s+/g, ' ').slice(0, 300)}`);
    }
    return bad;
  });
}

function mysqlFault({ table, type, rows, Extra }: PlanRow): string {
  const isWhole = (type === 'ALL' || type === 'index') && Number(rows) > FEW_ROWS;
  if (isWhole) return `reads all ${rows} rows of ${table}`;
  return Number(rows) > FEW_ROWS && String(Extra).includes('filesort') ? `sorts ${rows} rows of ${table}` : '';
}

function sqliteFault({ detail }: PlanRow): string {
  const text = String(detail);
  return /^SCAN (?!CONSTANT)|USE TEMP B-TREE FOR ORDER BY/.test(text) ? text : '';
}
