import { DomainError } from '../common/domain-error';
import type { EndReason } from './ticket';

/** What has become of an admission; `unknown`: there is none such, or it is another student's. */
export type AdmissionLife = 'live' | 'unknown' | EndReason;

/** Why an admission counts no more. Undefined while it lives. Nobody hears of an end that was another one's. */
export function admissionRefusal(life: AdmissionLife): DomainError | undefined {
  switch (life) {
    case 'live':
      return undefined;
    case 'unknown':
      return new DomainError('admission_invalid', 'This admission is not valid.');
    case 'expired':
      return new DomainError('admission_expired', 'Your time inside is over.');
    case 'no_show':
      return new DomainError('admission_missed', 'You were let in, but nothing was heard of you in time.');
    case 'removed':
      return new DomainError('admission_removed', 'Your time inside was ended by an operator.');
    case 'closed':
      return new DomainError('room_closed', 'This room is closed.');
    default:
      return new DomainError('admission_finished', 'You have finished; join the line again to enrol.');
  }
}
