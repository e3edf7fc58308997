import { Metrics } from './metrics';

describe('the metrics of a load script', () => {
  const metrics = new Metrics();
  const crossed = (name: string, text: string): boolean | undefined =>
    metrics.thresholds({ [name]: [text] })[0]?.isCrossed();

  beforeAll(() => {
    const waits = metrics.metric('wait_ms', 'trend');
    for (const wait of [40, 10, 30, 20]) waits.add(wait);
    const rose = metrics.metric('rose', 'rate');
    for (const one of [false, false, true, false]) rose.add(one);
    const lost = metrics.metric('lost', 'counter');
    metrics.thresholds({ 'lost{reason:late}': ['count==1'] });
    lost.add(2, { reason: 'refused' });
    lost.add(1, { reason: 'late' });
    metrics.metric('never', 'trend');
  });

  it.each([
    ['wait_ms', 'min==10', 'max>40'],
    ['wait_ms', 'avg==25', 'avg<25'],
    ['wait_ms', 'med==25', 'med!=25'],
    ['wait_ms', 'p(95)<=38.5', 'p(95)<38.5'],
    ['wait_ms', 'count>=4', 'count>4'],
    ['rose', 'rate<0.26', 'rate==0'],
    ['lost', 'count == 3', 'count < 3'],
  ])('of %s keep %s and cross %s', (name, kept, broken) => {
    expect(crossed(name, kept)).toBe(false);
    expect(crossed(name, broken)).toBe(true);
  });

  it('are judged by a tag where the threshold names one', () => {
    const part = metrics.all().find(({ name }) => name === 'lost{reason:late}');
    expect(part?.figure('count')).toBe(1);
  });

  it('break no limit that nothing was measured for', () => {
    expect(crossed('never', 'p(95)<1')).toBe(false);
  });

  it.each([
    ['unheard_of', 'count>0'],
    ['lost', 'p(95)<3'],
    ['wait_ms', 'rate<1'],
    ['wait_ms', 'p(95)'],
    ['wait_ms', 'p(95)<fast'],
  ])('refuse the threshold %s: %s', (name, text) => {
    expect(() => metrics.thresholds({ [name]: [text] })).toThrow(name);
  });

  it('refuse one name for two kinds, and what is no number', () => {
    expect(() => metrics.metric('lost', 'trend')).toThrow('lost is a counter already');
    expect(() => metrics.metric('wait_ms', 'trend').add(NaN)).toThrow('no number');
  });
});
