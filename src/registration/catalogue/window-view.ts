import { CLASS_YEARS, type ClassYear, type EnrolmentWindow, type EnrolmentWindows, windowOf } from '../seats/rules';

/** When one may enrol; ms since the Unix epoch. */
export interface WindowView {
  /** Null: from the beginning. */
  opensAt: number | null;
  /** Exclusive; null: without an end. */
  closesAt: number | null;
}

/** `other`: for everyone whose class year has no window of its own, or is not known. */
export interface ClassYearWindowView extends WindowView {
  classYear: ClassYear | 'other';
}

export interface StudentWindowView extends WindowView {
  /** Null: not known. */
  classYear: ClassYear | null;
}

/** The windows that there are, from the first year to the last, and then that of all others. */
export function windowViews(windows: EnrolmentWindows): ClassYearWindowView[] {
  return [...CLASS_YEARS, 'other' as const].flatMap((classYear) => {
    const window = windows[classYear];
    return window ? [{ classYear, ...toView(window) }] : [];
  });
}

/** The window that holds for a student; without any, the time is free. */
export function studentWindow(windows: EnrolmentWindows, classYear: ClassYear | undefined): StudentWindowView {
  return { classYear: classYear ?? null, ...toView(windowOf(windows, classYear)) };
}

const toView = ({ from, until }: EnrolmentWindow): WindowView => ({ opensAt: from ?? null, closesAt: until ?? null });
