import { CLASS_YEARS } from '../../contract/fields';
import type {
  TermPolicy,
  TermPolicyView,
  EffectivePolicy,
  SeatPolicy,
  TermPolicyChange,
  EnrolmentWindows,
} from '../../contract/policy';
import { minuteOf } from '../../contract/week-time';

export function termPolicyView(policy: TermPolicy, creditLimitHundredths: number): TermPolicyView {
  const warnings = warnOfFreeYears(policy.windows ?? {});
  return { ...policy, creditLimit: creditLimitHundredths / 100, ...(warnings.length > 0 && { warnings }) };
}

/** Windows for some and none for others leave those others free from the beginning. */
function warnOfFreeYears(windows: EnrolmentWindows): string[] {
  if (Object.keys(windows).length === 0 || windows.other) return [];
  const free = CLASS_YEARS.filter((year) => !windows[year]);
  const years = [...free, 'of another class year, or one that is not known'].join(', ');
  return [`No window is set for whoever is ${years}: they may enrol at any time. Set one for "other" to close that.`];
}

/** At once and to the head of the list; an offer is open for a day. */
export const DEFAULT_POLICY: EffectivePolicy = {
  release: { when: 'at_once' },
  dropBlocked: [],
  dropUntil: null,
  waitlist: 'promote',
  offerSeconds: 24 * 3_600,
};

export function effectivePolicy(section: SeatPolicy, term: SeatPolicy): EffectivePolicy {
  return {
    release: section.release ?? term.release ?? DEFAULT_POLICY.release,
    dropBlocked: section.dropBlocked ?? term.dropBlocked ?? DEFAULT_POLICY.dropBlocked,
    dropUntil: section.dropUntil ?? term.dropUntil ?? DEFAULT_POLICY.dropUntil,
    waitlist: section.waitlist ?? term.waitlist ?? DEFAULT_POLICY.waitlist,
    offerSeconds: section.offerSeconds ?? term.offerSeconds ?? DEFAULT_POLICY.offerSeconds,
  };
}

const minutes = (text: string): number => minuteOf(text) ?? 0;

/** The policy after the change. Hours are read into minutes here; the term's credit limit is kept beside the policy. */
export function changedPolicy(before: TermPolicy, change: TermPolicyChange): TermPolicy {
  const { dropBlocked, windows, creditLimit: _, ...plain } = change;
  const values: Record<string, unknown> = { ...plain };
  if (dropBlocked !== undefined) {
    values.dropBlocked = dropBlocked?.map(({ from, to }) => ({ fromMinute: minutes(from), toMinute: minutes(to) }));
  }
  if (windows !== undefined) values.windows = windows;
  const changed = Object.entries({ ...before, ...values }).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(changed);
}

/** A policy as the database keeps it; we wrote it, checked. */
export function readPolicy(json: string | null): TermPolicy {
  return json === null ? {} : (JSON.parse(json) as TermPolicy);
}

/** Null for one that says nothing. */
export function writePolicy(policy: TermPolicy): string | null {
  return Object.keys(policy).length === 0 ? null : JSON.stringify(policy);
}
