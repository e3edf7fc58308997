/** Drawn with the text's colour and size; never the only carrier of meaning. */
function Icon({ path }: { path: string }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path
        d={path}
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

export const CheckIcon = () => <Icon path="M4 10.5l4 4 8-9" />;
export const CrossIcon = () => <Icon path="M5 5l10 10M15 5L5 15" />;
export const PlusIcon = () => <Icon path="M10 4v12M4 10h12" />;
export const UpIcon = () => <Icon path="M10 16V4M5 9l5-5 5 5" />;
export const DownIcon = () => <Icon path="M10 4v12M5 11l5 5 5-5" />;
export const MailIcon = () => <Icon path="M3 5h14v10H3zM3 6l7 5 7-5" />;
export const BackIcon = () => <Icon path="M16 10H4M9 5l-5 5 5 5" />;

/** A number slip with the figure one. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <path
        fill="currentColor"
        fill-rule="evenodd"
        d="M10 8h44a4 4 0 0 1 4 4v14a6 6 0 0 0 0 12v14a4 4 0 0 1-4 4H10a4 4 0 0 1-4-4V38a6 6 0 0 0 0-12V12a4 4 0 0 1 4-4zM30.500 46h6.100V18H33l-8.800 3.800v5l6.300-2.200z"
      />
    </svg>
  );
}
