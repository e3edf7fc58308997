import { PodWitness } from './pod-witness';

const LINE = { roomId: 'room', epoch: 1, incarnation: 'life' };

describe('what a pod has seen', () => {
  let witness: PodWitness;

  beforeEach(() => {
    witness = new PodWitness();
    witness.begin(LINE);
    witness.foundOn('old');
    witness.see(7);
  });

  it('is said of the server on which it was found', () => {
    expect(witness.testify(LINE, 'pod')).toEqual({ podId: 'pod', sequence: 7, server: 'old', number: 0, latest: 0 });
  });

  it('is not said of the old server when it was seen after the pod had asked', () => {
    witness.testify(LINE, 'pod');
    witness.see(9);
    expect(witness.hasSeenMoreThan(8)).toBe(true);
    expect(witness.testify(LINE, 'pod')).toMatchObject({ sequence: 7, server: 'old', latest: 9 });
  });

  it('is said of the new server as a whole once the line was found there', () => {
    witness.testify(LINE, 'pod');
    witness.see(9);
    witness.foundOn('new');
    witness.see(10);
    expect(witness.testify(LINE, 'pod')).toMatchObject({ sequence: 10, server: 'new', latest: 0 });
  });

  it('is nothing of another life', () => {
    const other = { ...LINE, incarnation: 'another' };
    expect(witness.testify(other, 'pod')).toMatchObject({ sequence: 0, server: '', latest: 0 });
    witness.begin(other);
    expect(witness.hasSeenMoreThan(0)).toBe(false);
  });

  it('counts a signed ticket of this epoch only', () => {
    witness.seeTicket({ epoch: 2, number: 12, joinedAt: 0 });
    witness.seeTicket({ epoch: 1, number: 4, joinedAt: 0 });
    expect(witness.testify(LINE, 'pod')).toMatchObject({ number: 4 });
  });
});
