/** What decides how durable a COMMIT of the session is, as the server names it. */
const VARIABLES = [
  'version',
  'innodb_flush_log_at_trx_commit',
  'innodb_flush_method',
  'innodb_doublewrite',
  'log_bin',
  'sync_binlog',
  'transaction_isolation',
  'tx_isolation',
  'autocommit',
  'innodb_lock_wait_timeout',
];

/** The durability variables of a session, for people. */
export async function durability(
  query: (sql: string) => Promise<{ Variable_name: string; Value: string }[]>,
): Promise<string> {
  const names = VARIABLES.map((name) => `'${name}'`).join(', ');
  const rows = await query(`SHOW SESSION VARIABLES WHERE Variable_name IN (${names})`);
  return rows.map((row) => `${row.Variable_name}=${row.Value}`).join(' ');
}
