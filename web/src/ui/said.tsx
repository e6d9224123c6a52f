import { said } from "../i18n/said.ts";

/** What the API says, in the reader's language where we know the sentence; a server's own words stay as they are. */
export function Said(props: { text: string }) {
  return <span lang={said(props.text).lang} class="wrap">{said(props.text).text}</span>;
}
