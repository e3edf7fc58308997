import { en } from '../../client/student/text/en';
import { ko } from '../../client/student/text/ko';
import { ERROR_CODES } from '../../src/contract/errors';

/** Codes the browser makes itself, before the service could answer. */
const LOCAL_CODES = ['no_answer', 'offline', 'sign_in_elsewhere', 'unknown'];

describe.each([
  ['English', en],
  ['Korean', ko],
])('the student page in %s', (_, texts) => {
  it('has words for every error that the service can give, and no others', () => {
    expect(Object.keys(texts.errors).sort()).toEqual([...ERROR_CODES, ...LOCAL_CODES].sort());
  });
});
