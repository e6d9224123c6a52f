import "./switch.css";

/** On or off, at once. */
export function Switch(props: { label: string; on: boolean; disabled?: boolean; busy?: boolean; shown?: boolean; name?: string; onChange: (on: boolean) => void }) {
  return (
    <label class="switch">
      <input type="checkbox" role="switch" name={props.name} checked={props.on} disabled={props.disabled} aria-busy={props.busy}
        onChange={(event) => { const wanted = event.currentTarget.checked; event.currentTarget.checked = props.on; props.onChange(wanted); }} />
      <span class="switch-track" aria-hidden="true" /><span class={props.shown === true ? "" : "hidden"}>{props.label}</span>
    </label>
  );
}
