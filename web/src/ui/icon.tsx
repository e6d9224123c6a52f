const PATHS = {
  dashboard: "M4 13h6V4H4zm10 7h6v-9h-6zM4 20h6v-3H4zM14 4v3h6V4z",
  database: "M4 6c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3zm0 0v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3",
  archive: "M3 4h18v4H3zm2 4v12h14V8M10 12h4",
  shield: "M12 2 4 5v6c0 5 3.4 9 8 11 4.6-2 8-6 8-11V5z",
  check: "m5 12.5 4.5 4.5L19 7.5",
  shieldCheck: "M12 2 4 5v6c0 5 3.4 9 8 11 4.6-2 8-6 8-11V5zm-3.5 9.5 2.5 2.5 4.5-4.5",
  alert: "M12 3 2 20h20zM12 10v4m0 3v.01",
  cross: "m6 6 12 12M18 6 6 18",
  plus: "M12 5v14M5 12h14",
  menu: "M4 7h16M4 12h16M4 17h16",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zm5 12 4.5 4.5",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 4v5l3.5 2",
  play: "M7 4.5v15l12-7.5z",
  download: "M12 4v11m-4.5-4 4.5 4.5 4.5-4.5M4 20h16",
  left: "m14.5 6-6 6 6 6",
  right: "m9.5 6 6 6-6 6",
  down: "m6 9.5 6 6 6-6",
  user: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21c0-4 3.6-6 8-6s8 2 8 6",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 8v5m0-8.5v.01",
  bolt: "M13 2 4 14h7l-1 8 9-12h-7z",
} as const;

export type IconName = keyof typeof PATHS;

/** A drawing beside words, thus silent. */
export function Icon(props: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={props.size ?? 16} height={props.size ?? 16} viewBox="0 0 24 24" aria-hidden="true"
      fill="none" stroke="currentColor" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round">
      <path d={PATHS[props.name]} />
    </svg>
  );
}
