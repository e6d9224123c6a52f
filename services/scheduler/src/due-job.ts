/** What Bree runs in a thread when a plan's time has come: tells the main thread which time that is. */
import { parentPort, workerData } from "node:worker_threads";

const { planned_at } = workerData as { planned_at: string };
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
parentPort?.postMessage({ planned_at });
