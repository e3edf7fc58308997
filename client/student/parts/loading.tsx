/** Waits a moment before it shows, by style, so that fast answers do not flicker. */
export function Loading({ text }: { text: string }) {
  return (
    <p class="loading" role="status">
      <span class="loading-mark" aria-hidden="true" />
      {text}
    </p>
  );
}
