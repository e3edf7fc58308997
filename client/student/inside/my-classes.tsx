import { useState } from 'preact/hooks';
import { asSunbeonError, type Section } from '../../sdk';
import { usePage } from '../page-context';
import { ConfirmDialog } from '../parts/confirm-dialog';
import { errorText } from '../text/error-text';
import { sectionCode } from './section-code';
import { MeetingTimes } from './section-facts';
import { Timetable } from './timetable';
import type { Enrolments } from './use-enrolments';

interface MyClassesProps {
  termId: string;
  enrolments: Enrolments;
  /** In the cart: drawn into the timetable, dashed. */
  planned: Section[];
}

function ClassRow({ section, onDrop }: { section: Section; onDrop: () => void }) {
  const { texts } = usePage();
  const code = sectionCode(section);
  return (
    <li class="class-row" data-section={section.id}>
      <div>
        <p>
          <strong>{code}</strong> <span>{section.title}</span>
        </p>
        <p class="section-meta">
          <MeetingTimes meetings={section.meetings} />
        </p>
        <p class="section-meta">
          {texts.section.credits(section.credits)} · {section.instructors.join(', ') || texts.section.noInstructor}
        </p>
      </div>
      <button type="button" class="button button-small" aria-label={texts.classes.dropLabel(code)} onClick={onDrop}>
        {texts.classes.drop}
      </button>
    </li>
  );
}

/** Asks first, drops, and says how it went. */
function useDrop(termId: string) {
  const { client, texts } = usePage();
  const [asking, setAsking] = useState<Section>();
  const [said, setSaid] = useState({ text: '', bad: false });
  const drop = async (section: Section) => {
    setAsking(undefined);
    try {
      await client.drop(termId, section.id);
      setSaid({ text: texts.classes.dropped(sectionCode(section)), bad: false });
    } catch (thrown) {
      setSaid({ text: errorText(texts, asSunbeonError(thrown), client.clock.now()), bad: true });
    }
  };
  const dialog = asking && (
    <ConfirmDialog
      title={texts.classes.dropTitle(sectionCode(asking))}
      text={texts.classes.dropText}
      stay={texts.classes.dropStay}
      go={texts.classes.dropGo}
      danger
      onStay={() => setAsking(undefined)}
      onGo={() => void drop(asking)}
    />
  );
  return { ask: setAsking, said, dialog };
}

export function MyClasses({ termId, enrolments, planned }: MyClassesProps) {
  const { texts } = usePage();
  const { ask, said, dialog } = useDrop(termId);
  const sections = enrolments.list.map(({ section }) => section);
  const credits = sections.reduce((sum, section) => sum + Math.max(0, section.credits), 0);
  return (
    <section class="panel panel-classes" data-panel="classes" aria-labelledby="classes-title">
      <h2 id="classes-title">{texts.classes.title}</h2>
      <div role="status">{said.text && <p class={said.bad ? 'message message-bad' : 'message'}>{said.text}</p>}</div>
      {enrolments.loaded && sections.length === 0 && <p class="empty">{texts.classes.empty}</p>}
      {sections.length > 0 && (
        <>
          <p class="hint">{texts.classes.total(credits)}</p>
          <ul class="class-list">
            {sections.map((section) => (
              <ClassRow key={section.id} section={section} onDrop={() => ask(section)} />
            ))}
          </ul>
        </>
      )}
      <Timetable enrolled={sections} planned={planned} />
      {dialog}
    </section>
  );
}
