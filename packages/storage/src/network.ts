/** What the network says of a server, as the end of a sentence that begins with its address. */
export const NETWORK: Record<string, string> = {
  ENOTFOUND: "cannot be found: no such host", EAI_AGAIN: "cannot be found at the moment: the name server does not answer",
  ECONNREFUSED: "refuses connections", EHOSTUNREACH: "cannot be reached", ENETUNREACH: "cannot be reached",
  ETIMEDOUT: "does not answer in time", ESOCKETTIMEDOUT: "does not answer in time", TimeoutError: "does not answer in time",
  ECONNRESET: "cut the connection", EPIPE: "cut the connection", ERR_STREAM_PREMATURE_CLOSE: "cut the connection",
};
