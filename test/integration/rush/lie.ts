/** The one promise that is broken. */
export type Lie =
  | 'a position that rises'
  | 'an overtake'
  | 'a number given twice'
  | 'another number in the second tab'
  | 'another number after a reconnect'
  | 'somebody never let in'
  | 'a seat too many'
  | 'a seat refused'
  | 'an enrolment lost';
