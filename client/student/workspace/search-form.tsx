import { useState } from 'preact/hooks';
import { usePage } from '../page-context';
import { WEEK } from './meetings';
import { type Search, useChoices, type Wishes } from './use-search';

/** `07:00` to `22:00`: hours between which classes begin and end. */
const HOURS = Array.from({ length: 16 }, (_, index) => `${String(7 + index).padStart(2, '0')}:00`);

/** What is folded away: few need it, and a small phone has no room for it. */
const FOLDED = ['day', 'credits', 'from', 'until', 'fits'] as const satisfies readonly (keyof Wishes)[];
const FILTERS = [...FOLDED, 'department', 'openOnly'] as const;

export const hasFilters = (wishes: Wishes): boolean => FILTERS.some((name) => wishes[name] !== undefined);

/** The same words, and nothing else that narrows the search. */
export const withoutFilters = ({ query }: Wishes): Wishes => ({ query });

type Choice = 'department' | 'day' | 'credits' | 'from' | 'until';

interface FieldProps {
  search: Search;
  name: Choice;
  label: string;
  /** The words for no choice. */
  any: string;
  options: readonly (string | number)[];
  text?: (option: string) => string;
}

function ChoiceField({ search: { wishes, change }, name, label, any, options, text = (option) => option }: FieldProps) {
  const choose = (value: string) => {
    const chosen = options.find((option) => String(option) === value);
    change({ ...wishes, [name]: chosen });
  };
  return (
    <label class="field">
      <span>{label}</span>
      <select name={name} value={wishes[name] ?? ''} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{any}</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {text(String(option))}
          </option>
        ))}
      </select>
    </label>
  );
}

interface CheckProps {
  search: Search;
  name: 'openOnly' | 'fits';
  label: string;
}

function CheckField({ search: { wishes, change }, name, label }: CheckProps) {
  return (
    <label class="check">
      <input
        type="checkbox"
        name={name}
        checked={wishes[name] ?? false}
        onChange={(event) => change({ ...wishes, [name]: event.currentTarget.checked || undefined })}
      />
      <span>{label}</span>
    </label>
  );
}

/** Days, credits, hours and what fits, behind one line that says how many of them are set. */
function MoreFilters({ search, credits }: { search: Search; credits: readonly number[] }) {
  const { texts } = usePage();
  const words = texts.search;
  const { wishes, change } = search;
  const [open, setOpen] = useState(false);
  const set = FOLDED.filter((name) => wishes[name] !== undefined).length;
  return (
    <details class="filters" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {words.filters}
        {set > 0 && <span class="filters-set"> · {words.filtersOn(set)}</span>}
      </summary>
      {open && (
        <div class="filters-fields">
          <ChoiceField
            {...{ search, name: 'day', label: words.day, any: words.anyDay, options: WEEK }}
            text={(day) => texts.section.days[day as (typeof WEEK)[number]]}
          />
          <ChoiceField
            {...{ search, name: 'credits', label: words.credits, any: words.anyCredits, options: credits }}
            text={(count) => texts.section.credits(Number(count))}
          />
          <ChoiceField {...{ search, name: 'from', label: words.from, any: words.anyTime, options: HOURS }} />
          <ChoiceField {...{ search, name: 'until', label: words.until, any: words.anyTime, options: HOURS }} />
          <CheckField {...{ search, name: 'fits', label: words.fits }} />
          {hasFilters(wishes) && (
            <button type="button" class="button-quiet" onClick={() => change(withoutFilters(wishes))}>
              {words.clear}
            </button>
          )}
        </div>
      )}
    </details>
  );
}

export function SearchForm({ termId, search }: { termId: string; search: Search }) {
  const { texts } = usePage();
  const words = texts.search;
  const { departments, credits = [] } = useChoices(termId);
  const { wishes, change } = search;
  return (
    <form class="search-form" role="search" onSubmit={(event) => event.preventDefault()}>
      <label class="field field-query">
        <span>{words.query}</span>
        <input
          type="search"
          name="query"
          value={wishes.query ?? ''}
          maxLength={100}
          autocomplete="off"
          onInput={(event) => change({ ...wishes, query: event.currentTarget.value })}
        />
      </label>
      <ChoiceField
        {...{ search, name: 'department', label: words.department, any: words.allDepartments, options: departments }}
      />
      <CheckField {...{ search, name: 'openOnly', label: words.openOnly }} />
      <MoreFilters search={search} credits={credits} />
    </form>
  );
}
