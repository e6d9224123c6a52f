/** Bytes from `start` to `end`, both included. */
export interface ByteRange { readonly start: number; readonly end: number }

/**
 * The part that a Range header asks for (RFC 9110, one range of bytes): undefined for all of it, also when the header
 * is none that we know; "unsatisfiable" when nothing of it lies within `size_bytes`.
 */
export function parseRange(header: string | undefined, size_bytes: number): ByteRange | "unsatisfiable" | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/i.exec(header?.trim() ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  if (first === "") {
    const length = Math.min(Number(last), size_bytes);
    return length === 0 ? "unsatisfiable" : { start: size_bytes - length, end: size_bytes - 1 };
  }
  const start = Number(first);
  const end = last === "" ? size_bytes - 1 : Math.min(Number(last), size_bytes - 1);
  if (last !== "" && Number(last) < start) return undefined;
  return start >= size_bytes ? "unsatisfiable" : { start, end };
}

/** The range that holds: with If-Range only while the client's version is ours. */
export function rangeFor(headers: { range?: string | undefined; if_range?: string | undefined }, etag: string, size_bytes: number): ReturnType<typeof parseRange> {
  return headers.if_range !== undefined && headers.if_range !== etag ? undefined : parseRange(headers.range, size_bytes);
}
