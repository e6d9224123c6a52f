import type { SFTPWrapper } from "ssh2";

type Done<T> = (error: Error | null | undefined, value: T) => void;

/** A call of the library as a promise. */
export function call<T = void>(start: (done: Done<T>) => unknown): Promise<T> {
  return new Promise((resolve, reject) => { start((error, value) => { if (error) reject(error); else resolve(value); }); });
}

/** The same for an extension of the protocol; undefined when the server does not know it. */
export async function callExtension<T>(start: (done: Done<T>) => unknown): Promise<{ value: T } | undefined> {
  try {
    return { value: await call<T>(start) };
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
    await call((done) => sftp.mkdir(folder, { mode: 0o700 }, done));
  } catch (error) {
    if (!await isFolder(sftp, folder)) throw error;
  }
}

async function isFolder(sftp: SFTPWrapper, path: string): Promise<boolean> {
  try {
    return (await call<{ isDirectory(): boolean }>((done) => sftp.stat(path, done))).isDirectory();
  } catch (error) {
    if ((error as { code?: unknown }).code === 2) return false;
    throw error;
  }
}
