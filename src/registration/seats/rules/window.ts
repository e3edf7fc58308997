import type { EnrolmentWindows, EnrolmentWindow } from '../../../contract/policy';
import type { ClassYear } from '../../../contract/fields';
import type { Refusal } from './facts';

/** The window that holds for a class year. */
export function windowOf(windows: EnrolmentWindows, classYear: ClassYear | undefined): EnrolmentWindow {
  return (classYear && windows[classYear]) ?? windows.other ?? {};
}

/** Whose window is not open enrols in nothing. Without any window for a student, the time is free. */
export function refuseWindow(
  windows: EnrolmentWindows,
  classYear: ClassYear | undefined,
  now: number,
): Refusal | undefined {
  const { from, until } = windowOf(windows, classYear);
  const details = { classYear: classYear ?? null, ...(from === undefined ? {} : { opensAt: from }) };
  if (from !== undefined && now < from) {
    return { code: 'window_not_open', message: 'Registration has not opened for your class year yet.', details };
  }
  if (until === undefined || now < until) return undefined;
  return {
    code: 'window_closed',
    message: 'Registration is over for your class year.',
    details: { ...details, closedAt: until },
  };
}
