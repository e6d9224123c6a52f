import { createSignal, onCleanup } from "solid-js";
import { f } from "../i18n/use-format.ts";

const EVERY_MS = 15_000;

/** A time as seen from now, which stays true while it is looked at; the exact one when pointed at. `words`: what stands around it. */
export function Ago(props: { at: string; words?: (time: string) => string }) {
  const [ticks, setTicks] = createSignal(0);
  const timer = setInterval(() => setTicks((count) => count + 1), EVERY_MS);
  onCleanup(() => clearInterval(timer));
  const ago = (): string => { ticks(); return f().ago(props.at); }; // now is asked whenever the time changes, too
  return <time datetime={props.at} title={f().exact(props.at)}>{(props.words ?? ((time) => time))(ago())}</time>;
}

/** A time as it is. */
export function Moment(props: { at: string }) {
  return <time datetime={props.at} title={f().exact(props.at)}>{f().moment(props.at)}</time>;
}
