import type { ClassYearWindow, StudentWindow } from '../../contract/catalogue';
import { CLASS_YEARS, type ClassYear } from '../../contract/fields';
import type { EnrolmentWindow, EnrolmentWindows } from '../../contract/policy';
import { windowOf } from '../seats/rules';

/** The windows that there are, from the first year to the last, and then that of all others. */
export function windowViews(windows: EnrolmentWindows): ClassYearWindow[] {
  return [...CLASS_YEARS, 'other' as const].flatMap((classYear) => {
    const window = windows[classYear];
    return window ? [{ classYear, ...toView(window) }] : [];
  });
}

/** The window that holds for a student; without any, the time is free. */
export function studentWindow(windows: EnrolmentWindows, classYear: ClassYear | undefined): StudentWindow {
  return { classYear: classYear ?? null, ...toView(windowOf(windows, classYear)) };
}

const toView = ({ from, until }: EnrolmentWindow) => ({ opensAt: from ?? null, closesAt: until ?? null });
