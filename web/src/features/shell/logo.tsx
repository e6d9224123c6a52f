/** Who we are. */
export function Logo() {
  return (
    <span class="logo">
      <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
        <path fill="currentColor" d="M16 2 4 6.5v9C4 22.6 9 27.9 16 30c7-2.1 12-7.4 12-14.5v-9z" />
        <path class="logo-mark" fill="none" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" d="m10.5 16 4 4 7.5-8" />
      </svg>
      SafeBase
    </span>
  );
}
