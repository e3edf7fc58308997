import { useEffect, useState } from 'preact/hooks';
import type { Section } from '../../../src/contract/catalogue';
import type { StudentFile } from '../../../src/contract/operate/console';
import type { FeedState } from '../feed-state';
import { useConsole } from '../console-context';
import { ActDialog, ReasonField } from '../parts/act-dialog';
import { useSay } from '../parts/said';

/** As long as somebody is typing, nothing is asked, ms. */
const TYPING_MS = 250;

function useSections(termId: string, query: string): readonly Section[] {
  const { api } = useConsole();
  const [found, setFound] = useState<readonly Section[]>([]);
  useEffect(() => {
    if (query.trim() === '') return setFound([]);
    let wanted = true;
    const timer = setTimeout(() => {
      api
        .sections(termId, query.trim())
        .then(({ sections }) => wanted && setFound(sections))
        .catch(() => wanted && setFound([]));
    }, TYPING_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [termId, query]);
  return found;
}

/** Something that can be done about a student. */
export interface StudentActProps {
  file: StudentFile;
  /** Looks anew, after something was done. */
  again: () => void;
}

interface EnrolDialogProps extends StudentActProps {
  terms: FeedState['terms'];
  onClose: () => void;
}

/** Gives a student a seat, beyond the capacity if need be. */
export function EnrolDialog({ file: { student }, again, terms, onClose }: EnrolDialogProps) {
  const { api, texts } = useConsole();
  const say = useSay();
  const words = texts.student;
  const [termId, setTermId] = useState(terms[0]?.id ?? '');
  const [query, setQuery] = useState('');
  const [sectionId, setSectionId] = useState('');
  const [note, setNote] = useState('');
  const [exceeds, setExceeds] = useState(false);
  const sections = useSections(termId, query);
  const problem = sectionId === '' ? words.chooseSection : note.trim() === '' ? texts.controls.invalid : undefined;
  const act = async () => {
    await api.enrol(termId, sectionId, { studentId: student.id, note: note.trim(), exceedCreditLimit: exceeds });
    say(words.said.enrol);
    again();
  };
  return (
    <ActDialog
      title={words.enrol}
      effects={[words.enrolEffect(student.name)]}
      confirm={words.enrol.replace('…', '')}
      problem={problem}
      onAct={act}
      onClose={onClose}
    >
      {terms.length > 1 && (
        <label class="field">
          <span>{words.term}</span>
          <select value={termId} onChange={({ currentTarget }) => setTermId(currentTarget.value)}>
            {terms.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <label class="field">
        <span>{words.section}</span>
        <input
          name="section"
          type="search"
          autocomplete="off"
          placeholder={words.sectionHint}
          value={query}
          onInput={({ currentTarget }) => setQuery(currentTarget.value)}
        />
      </label>
      {sections.length > 0 && (
        <fieldset class="choice choice-sections">
          <legend class="visually-hidden">{words.section}</legend>
          {sections.map(({ id, code, title, left }) => (
            <label key={id} class={id === sectionId ? 'choice-option choice-chosen' : 'choice-option'}>
              <input
                type="radio"
                name="sectionId"
                value={id}
                checked={id === sectionId}
                onChange={() => setSectionId(id)}
              />
              <span>
                <b>{code}</b> {title} <span class="choice-meta hint">{words.left(left)}</span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <label class="check">
        <input type="checkbox" checked={exceeds} onChange={({ currentTarget }) => setExceeds(currentTarget.checked)} />
        <span>{words.exceed}</span>
      </label>
      <ReasonField value={note} onValue={setNote} />
    </ActDialog>
  );
}
