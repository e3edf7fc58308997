import { useState } from 'preact/hooks';
import { useConsole } from '../console-context';
import { ErrorNote, useAsked, ViewTitle } from '../parts/bits';
import { go } from '../router';
import { StudentDetails } from '../student/student-details';

function Search({ studentId = '' }: { studentId?: string }) {
  const { texts } = useConsole();
  const [id, setId] = useState(studentId);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (id.trim() !== '') go({ view: 'students', studentId: id.trim() });
  };
  return (
    <form class="find" role="search" onSubmit={submit}>
      <label class="field">
        <span>{texts.student.id}</span>
        <input
          name="studentId"
          type="search"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          maxLength={64}
          value={id}
          onInput={({ currentTarget }) => setId(currentTarget.value)}
        />
      </label>
      <button class="button button-primary">{texts.student.find}</button>
    </form>
  );
}

function Found({ studentId }: { studentId: string }) {
  const { api, texts } = useConsole();
  const file = useAsked(() => api.student(studentId), [studentId]);
  const acts = useAsked(() => api.audit({ studentId, limit: 50 }), [studentId]);
  const again = () => {
    file.again();
    acts.again();
  };
  if (file.error?.code === 'not_found') return <p class="empty">{texts.student.notFound}</p>;
  if (file.error) return <ErrorNote error={file.error} />;
  if (!file.found) return <p class="loading">{texts.common.loading}</p>;
  return <StudentDetails file={file.found} acts={acts.found?.entries ?? []} again={again} />;
}

/** For whoever answers the telephone. */
export function StudentsView({ studentId }: { studentId?: string }) {
  const { texts } = useConsole();
  return (
    <>
      <div class="view-head">
        <div>
          <ViewTitle title={texts.student.title}>{texts.student.title}</ViewTitle>
          <p class="lead">{texts.student.lead}</p>
        </div>
      </div>
      <Search key={studentId ?? ''} studentId={studentId} />
      {studentId && <Found key={studentId} studentId={studentId} />}
    </>
  );
}
