import type { SFTPWrapper } from "ssh2";

type Done<T> = (error: Error | null | undefined, value: T) => void;

/** Who waits for answers of a connection, and that it is gone: the library leaves those waiting who ask after that. */
const waiting = new WeakMap<SFTPWrapper, { reject: Set<(error: Error) => void>; gone?: Error }>();

/** From now on, calls over this connection fail. */
export function markGone(sftp: SFTPWrapper, error: Error): void {
  const state = stateOf(sftp);
  state.gone ??= error;
  for (const reject of state.reject) reject(error);
}

/** A call of the library as a promise. */
export function call<T = void>(sftp: SFTPWrapper, start: (done: Done<T>) => unknown): Promise<T> {
  const state = stateOf(sftp);
  return new Promise<T>((resolve, reject) => {
    if (state.gone) return reject(state.gone);
    state.reject.add(reject);
    start((error, value) => {
      state.reject.delete(reject);
      if (error) reject(error);
      else resolve(value);
    });
  });
}

function stateOf(sftp: SFTPWrapper): { reject: Set<(error: Error) => void>; gone?: Error } {
  let state = waiting.get(sftp);
  if (state === undefined) waiting.set(sftp, state = { reject: new Set() });
  return state;
}

/** The same for an extension of the protocol; undefined when the server does not know it. */
export async function callExtension<T>(sftp: SFTPWrapper, start: (done: Done<T>) => unknown): Promise<{ value: T } | undefined> {
  try {
    return { value: await call<T>(sftp, start) };
  } catch (error) {
    if ((error as Error).message.includes("does not support this extended request")) return undefined;
    throw error;
  }
}

/** Makes a folder and whatever is missing above it. That one is there already is not told apart from other failures, so the last word is a look. */
export async function makeFolder(sftp: SFTPWrapper, folder: string): Promise<void> {
  if (await isFolder(sftp, folder)) return;
  const above = folder.slice(0, Math.max(0, folder.replace(/\/+$/, "").lastIndexOf("/")));
  if (above !== "") await makeFolder(sftp, above);
  try {
    await call(sftp, (done) => sftp.mkdir(folder, { mode: 0o700 }, done));
  } catch (error) {
    if (!await isFolder(sftp, folder)) throw error;
  }
}

async function isFolder(sftp: SFTPWrapper, path: string): Promise<boolean> {
  try {
    return (await call<{ isDirectory(): boolean }>(sftp, (done) => sftp.stat(path, done))).isDirectory();
  } catch (error) {
    if ((error as { code?: unknown }).code === 2) return false;
    throw error;
  }
}
