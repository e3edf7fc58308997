/** COM_QUERY with nothing but COMMIT, after the packet's length and number (0). */
const PLAIN = Buffer.from('\x07\0\0\0\x03COMMIT', 'latin1');
/** The same to a server that takes query attributes (MySQL 8.0.25 on): no attributes, in one set. */
const WITH_ATTRIBUTES = Buffer.from('\x09\0\0\0\x03\x00\x01COMMIT', 'latin1');

/** Whether what a client sends to MySQL or MariaDB has a COMMIT in it. */
export const hasCommit = (data: Buffer): boolean => data.includes(PLAIN) || data.includes(WITH_ATTRIBUTES);
