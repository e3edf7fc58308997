import type BetterSqlite3 from 'better-sqlite3';

const NODE_MAJOR = Number.parseInt(process.versions.node, 10);

/**
 * SQLite's driver for the Node that runs this. Version 13 brings its binaries along and crashes on Node 20; version 12 has to
 * be compiled and aborts on the newest Node 24.
 */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- only the one that runs here may be loaded
export const Sqlite = require(NODE_MAJOR >= 22 ? 'better-sqlite3-13' : 'better-sqlite3-12') as typeof BetterSqlite3;
