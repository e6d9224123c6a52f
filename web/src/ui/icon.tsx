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
  bell: "M6 10a6 6 0 0 1 12 0c0 6 2 7 2 7H4s2-1 2-7m4 10.5a2.2 2.2 0 0 0 4 0",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  pin: "M9 3h6l-1 7 4 4H6l4-4zM12 14v7",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5m4-5v5",
  edit: "m4 20 1-4L16.5 4.5l3 3L8 19zM14 7l3 3",
  more: "M12 5v.01M12 12v.01M12 19v.01",
  restore: "M4 5v5h5M4.6 10A8 8 0 1 1 4 13",
  calendar: "M4 6h16v14H4zM4 10.5h16M8 3v4m8-4v4",
  executors: "M7 7h10v10H7zM10 3v4m4-4v4m-4 10v4m4-4v4M3 10h4m-4 4h4m10-4h4m-4 4h4",
  storage: "M3 5h18v6H3zm0 8h18v6H3zM7 8v.01M7 16v.01",
  key: "M15 3a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM10.5 13.5 3 21m3-3 2.5 2.5M15.5 8.5v.01",
  users: "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2 20c0-3.5 3-5.5 7-5.5s7 2 7 5.5M16 5.3a3.5 3.5 0 0 1 0 6.5M18.5 15c2.2.7 3.5 2.4 3.5 5",
  gear: "M12 8.500a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM12 2v3.500m0 13V22M2 12h3.500m13 0H22M4.9 4.900l2.5 2.500m9.2 9.2 2.5 2.500m0-14.2-2.5 2.500m-9.2 9.2-2.5 2.5",
  list: "M8 6h13M8 12h13M8 18h13M3.5 6v.01M3.5 12v.01M3.5 18v.01",
  server: "M4 4h16v7H4zm0 9h16v7H4zM8 7.500v.01M8 16.500v.01",
  link: "M10 14a4.5 4.5 0 0 0 6.4 0l3-3A4.5 4.5 0 0 0 13 4.600l-1 1M14 10a4.5 4.5 0 0 0-6.4 0l-3 3A4.5 4.5 0 0 0 11 19.400l1-1",
  eye: "M2 12s3.6-7 10-7 10 7 10 7-3.6 7-10 7-10-7-10-7zm10-3a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
  eyeOff: "M4 4l16 16M9.9 5.200A10 10 0 0 1 12 5c6.4 0 10 7 10 7a17 17 0 0 1-3 3.800M6.500 6.700A17 17 0 0 0 2 12s3.6 7 10 7a9.700 9.700 0 0 0 5-1.400M10 10a3 3 0 0 0 4 4",
  bolt: "M13 2 4 14h7l-1 8 9-12h-7z",
  mail: "M3 5h18v14H3zm0 1 9 7.500L21 6",
  chat: "M4 4h16v12H11l-5 4.500V16H4zM8 8.500h8M8 12h5",
  send: "M21 3 3 10.500l7 3.500 3.500 7zM10 14l4.500-4.500",
  pulse: "M2.500 12H7l3-7 4.500 14 3-7h4",
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
