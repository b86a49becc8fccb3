/** Two circles that meet: what two strangers share is the part in gold. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 24" aria-hidden="true">
      <path class="logo-shared" d="M16 4.7a8.5 8.5 0 0 1 0 14.6a8.5 8.5 0 0 1 0-14.6" />
      <circle cx="11.6" cy="12" r="8.5" />
      <circle cx="20.4" cy="12" r="8.5" />
    </svg>
  );
}
