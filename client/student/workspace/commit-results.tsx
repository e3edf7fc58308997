import { useLayoutEffect, useRef } from 'preact/hooks';
import { usePage } from '../page-context';
import { CheckIcon, CrossIcon } from '../parts/icons';
import { errorText } from '../text/error-text';
import { sectionCode } from '../text/section-code';
import { useSeats } from './seats-context';
import { classInTheWay, SwapForThis } from './swap-for-this';
import type { Commit, CommitResult } from './use-commit';
import { WaitlistButton } from './waitlist-button';

/** Refusals that end with a seat that becomes free, and those that end with giving up another class. */
const WAIT_HELPS = new Set(['section_full', 'class_year_full']);
const SWAP_HELPS = new Set(['same_course', 'time_conflict', 'credit_limit']);

/** What the student can do about a refusal at once. */
function WayOut({ section, outcome: { error } }: CommitResult) {
  const { enrolledIds, mayTake } = useSeats();
  if (!error || !mayTake || enrolledIds.has(section.id)) return null;
  if (WAIT_HELPS.has(error.code)) return <WaitlistButton section={section} />;
  if (!SWAP_HELPS.has(error.code) || enrolledIds.size === 0) return null;
  return <SwapForThis section={section} giveId={classInTheWay(section, error, enrolledIds)} />;
}

function ResultRow({ section, outcome }: CommitResult) {
  const { client, texts } = usePage();
  const refused = outcome.outcome === 'refused';
  return (
    <li class="result" data-outcome={outcome.outcome} data-section={section.id}>
      <span class="result-mark">{refused ? <CrossIcon /> : <CheckIcon />}</span>
      <span>
        <strong>{sectionCode(section)}</strong> <span>{section.title}</span>
        <span class="result-reason">
          {outcome.error ? errorText(texts, outcome.error, client.clock.now()) : texts.cart.outcomes[outcome.outcome]}
        </span>
        <WayOut section={section} outcome={outcome} />
      </span>
    </li>
  );
}

/** What became of each class of the last commit. Takes the focus when it appears. */
export function CommitResults({ commit }: { commit: Commit }) {
  const { texts } = usePage();
  const heading = useRef<HTMLHeadingElement>(null);
  const { results } = commit;
  useLayoutEffect(() => {
    if (results.length > 0) heading.current?.focus();
  }, [results]);
  if (results.length === 0) return null;
  const refused = results.filter(({ outcome }) => outcome.outcome === 'refused').length;
  const granted = results.length - refused;
  return (
    <div class="results" data-granted={granted} data-refused={refused}>
      <h3 ref={heading} tabIndex={-1}>
        {[granted > 0 ? texts.cart.enrolled(granted) : '', refused > 0 ? texts.cart.refused(refused) : '']
          .filter(Boolean)
          .join(' · ')}
      </h3>
      <ul>
        {results.map((result) => (
          <ResultRow key={result.section.id} {...result} />
        ))}
      </ul>
      {refused > 0 && <p class="hint">{texts.cart.refusedKept}</p>}
      <button type="button" class="button button-small" onClick={commit.dismiss}>
        {texts.common.close}
      </button>
    </div>
  );
}
