import type { Client, Json } from "../client.ts";

export interface Heard {
  readonly event: string;
  readonly data: Json;
  readonly at_ms: number;
}

/** The events that a user is shown; all that was heard so far, and the text as it came. */
export interface EventStream extends AsyncDisposable {
  readonly heard: readonly Heard[];
  readonly text: () => string;
}

/** Listens on /api/events; resolves once the stream is open. */
export async function listen(client: Client, path = "/api/events"): Promise<EventStream> {
  const response = await client.fetch("GET", path);
  if (response.status !== 200 || response.body === null) throw new Error(`the event stream answers ${response.status}`);
  const heard: Heard[] = [];
  let text = "";
  let rest = "";
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const take = (chunk: string): void => {
    text += chunk;
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = /^event: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (event !== undefined && data !== undefined) heard.push({ event, data: JSON.parse(data) as Json, at_ms: performance.now() });
    }
  };
  const first = await reader.read();
  take(first.value ?? "");
  const reading = (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) take(part.value);
  })().catch(() => { /* the program may end first: its tests look at what was heard */ });
  return { heard, text: () => text, [Symbol.asyncDispose]: async () => { await reader.cancel().catch(() => {}); await reading; } };
}
