import { graceFloorMs } from '../../../src/config/config';

/** The clients' own ceiling between two tries to reconnect, as the service is told, ms. */
export const LONGEST_BACKOFF_MS = 400;

const live = { pingIntervalMs: 600, pingTimeoutMs: 1_500, reconnectDelayMaxMs: LONGEST_BACKOFF_MS };

/** What makes a pod notice faults fast enough for rounds of a quarter of a minute. */
export const POD_ENVIRONMENT = {
  /** The service insists on a grace longer than this, ms. */
  graceFloorMs: graceFloorMs(live),
  variables: {
    PING_INTERVAL_MS: String(live.pingIntervalMs),
    PING_TIMEOUT_MS: String(live.pingTimeoutMs),
    RECONNECT_DELAY_MAX_MS: String(live.reconnectDelayMaxMs),
    LINE_GRACE_SECONDS: String(Math.ceil((graceFloorMs(live) + 1) / 1_000)),
    DRAIN_SECONDS: '6',
    CONNECT_TIMEOUT_MS: '3000',
    // The students of a round are few, and all come from one place.
    HANDSHAKES_PER_SECOND: '2000',
  },
};
