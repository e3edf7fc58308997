const PATHS = {
  today: 'M3 16V9M8 16V4M13 16v-6M17 16V7',
  students: 'M9 3a6 6 0 1 0 0 12a6 6 0 0 0 0-12M13.500 13.500L17.500 17.500',
  audit: 'M5 3h10v14H5zM8 7h4M8 10h4M8 13h2',
  outbox: 'M3 5h14v10H3zM3 6l7 5 7-5',
  pods: 'M3 4h14v5H3zM3 11h14v5H3zM6 6.500h.01M6 13.500h.01',
};

/** Stands beside its word, never for it. */
export function NavIcon({ view }: { view: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path
        d={PATHS[view]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.75"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
