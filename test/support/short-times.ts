/**
 * Short pings and delays, so that the shortest grace that is allowed, and with it the recovery window, is short; but not
 * so short that a machine with both cores taken loses sockets by itself: it lets a process wait for seconds.
 */
export const SHORT_TIMES = {
  PING_INTERVAL_MS: '500',
  PING_TIMEOUT_MS: '6000',
  RECONNECT_DELAY_MAX_MS: '200',
};

/** The shortest that these times allow. */
export const SHORT_GRACE_SECONDS = 12;
