import pino from "pino";

export type Log = pino.Logger;

const SECRET_FIELDS = ["password", "password_sealed", "token", "authorization", "cookie", "secret"];

/** JSON lines on stderr. Fields that hold secrets are cut wherever they stand, up to two levels deep. */
export function createLog(service: string, level: string): Log {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  return pino({ level, base: { service }, redact: { paths, censor: "[cut]" }, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: 2, sync: true }));
}
