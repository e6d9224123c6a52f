import type { Readable } from "node:stream";

const KEEP_BYTES = 64 * 1024;
const LINE_MAX_CHARS = 500;

/** The last of what a process wrote to stderr, however much it was. */
export class BoundedTail {
  #kept: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    stream.on("data", (chunk: Buffer) => {
      const all = Buffer.concat([this.#kept, chunk]);
      this.#kept = all.length > KEEP_BYTES ? Buffer.from(all.subarray(-KEEP_BYTES)) : all;
    });
    stream.on("error", () => {}); // A pipe that breaks while we listen ends the process too, which is reported.
  }

  /** As text, each line cut at 500 characters: clients print whole statements with the data in them. */
  text(): string {
    const lines = this.#kept.toString("utf8").split("\n");
    return lines.map((line) => (line.length > LINE_MAX_CHARS ? `${line.slice(0, LINE_MAX_CHARS)}…` : line)).join("\n");
  }
}
