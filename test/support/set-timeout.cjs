/* global jest, testTimeoutMs */
jest.setTimeout(testTimeoutMs);
