import { useState } from 'preact/hooks';
import type { Enrolment, Section } from '../../sdk';
import { usePage, useServerSeconds } from '../page-context';
import { AskingButton } from '../parts/asking-button';
import { MailIcon } from '../parts/icons';
import { type Act, useAct } from '../parts/use-act';
import { errorText } from '../text/error-text';
import { formatTime } from '../text/language';
import { sectionCode } from '../text/section-code';
import { MailsDialog } from './mails-dialog';
import { MyWaitlists, Offers } from './my-waitlists';
import { isClosed, SectionHead } from './section-facts';
import { useSeats } from './seats-context';
import { Timetable } from './timetable';

function DropButton({ section, act }: { section: Section; act: Act }) {
  const { client, texts } = usePage();
  const { termId } = useSeats();
  const words = texts.classes;
  const code = sectionCode(section);
  const drop = async () => {
    await client.drop(termId, section.id);
    return words.dropped(code);
  };
  const question = {
    title: words.dropTitle(code),
    text: words.dropText,
    stay: words.dropStay,
    go: words.dropGo,
    danger: true,
  };
  return (
    <AskingButton
      class="button button-small button-drop"
      label={words.dropLabel(code)}
      disabled={act.working}
      question={question}
      onGo={() => act.run(drop)}
    >
      {words.drop}
    </AskingButton>
  );
}

/** Until when the class can be given back, and that nobody new gets in, where that is so. */
function ClassNotes({ enrolment: { section, dropUntil } }: { enrolment: Enrolment }) {
  const { state, texts } = usePage();
  const now = useServerSeconds();
  const words = texts.classes;
  return (
    <>
      {dropUntil !== undefined && (
        <p class="section-meta class-deadline" data-over={dropUntil <= now}>
          {(dropUntil <= now ? words.dropOver : words.dropUntil)(formatTime(texts, dropUntil, now))}
        </p>
      )}
      {isClosed(section, state.seats) && <p class="class-closed">{words.closed}</p>}
    </>
  );
}

function ClassRow({ enrolment, act }: { enrolment: Enrolment; act: Act }) {
  const { texts } = usePage();
  const { mayTake, askToSwap } = useSeats();
  const { section } = enrolment;
  return (
    <li class="class-row" data-section={section.id}>
      <div>
        <SectionHead section={section} />
        <p class="section-meta">
          {texts.section.credits(section.credits)} · {section.instructors.join(', ') || texts.section.noInstructor}
        </p>
        <ClassNotes enrolment={enrolment} />
      </div>
      <div class="class-tools">
        {mayTake && (
          <button
            type="button"
            class="button button-small button-swap"
            aria-label={texts.swap.openLabel(sectionCode(section))}
            onClick={() => askToSwap({ giveId: section.id })}
          >
            {texts.swap.open}
          </button>
        )}
        <DropButton section={section} act={act} />
      </div>
    </li>
  );
}

function MailsButton() {
  const { texts } = usePage();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="button-quiet button-mails" onClick={() => setOpen(true)}>
        <MailIcon /> {texts.classes.mails}
      </button>
      {open && <MailsDialog onClose={() => setOpen(false)} />}
    </>
  );
}

/** What the student has, is offered and waits for. Giving back needs no admission, so it is the same everywhere. */
export function MyClasses() {
  const { client, texts } = usePage();
  const { cart, enrolments, enrolled, waitlists } = useSeats();
  const act = useAct();
  const credits = enrolled.reduce((sum, section) => sum + Math.max(0, section.credits), 0);
  const problem = enrolments.error ?? waitlists.error;
  const nothing = enrolments.loaded && waitlists.loaded && enrolled.length + waitlists.list.length === 0;
  return (
    <section class="panel panel-classes" data-panel="classes" aria-labelledby="classes-title">
      <div class="panel-head">
        <h2 id="classes-title">{texts.classes.title}</h2>
        <MailsButton />
      </div>
      <div role="alert">
        {problem && <p class="message message-bad">{errorText(texts, problem, client.clock.now())}</p>}
      </div>
      <div role="status">
        {act.said.text && <p class={act.said.bad ? 'message message-bad' : 'message'}>{act.said.text}</p>}
      </div>
      <Offers act={act} />
      {nothing && <p class="empty">{texts.classes.empty}</p>}
      {enrolled.length > 0 && (
        <div>
          <p class="hint">{texts.classes.total(credits)}</p>
          <ul class="class-list">
            {enrolments.list.map((enrolment) => (
              <ClassRow key={enrolment.section.id} enrolment={enrolment} act={act} />
            ))}
          </ul>
        </div>
      )}
      <MyWaitlists act={act} />
      <Timetable enrolled={enrolled} planned={cart.sections} />
    </section>
  );
}
