import { describe, expect, it } from "vitest";
import { placeOf } from "./place.ts";

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
const CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";

describe("a place", () => {
  it.each([
    ["192.0.2.77", FIREFOX, "192.0.2.0/24 Firefox/Linux"],
    ["2001:db8:1:2::5", CHROME, "2001:db8:1::/48 Chrome/Windows"],
    ["2001:0db8:0001:ffff:1:2:3:4", `${CHROME} Edg/126.0.0.0`, "2001:db8:1::/48 Edge/Windows"],
    ["2001:db8::1", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1", "2001:db8:0::/48 Safari/iOS"],
    ["::1", "curl/8.5.0", "0:0:0::/48 curl/other"],
    ["fe80::1%eth0", "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15", "fe80:0:0::/48 Safari/macOS"],
    [null, null, "unknown unknown/other"],
    ["not an address", "", "unknown unknown/other"],
  ])("%s with %s is %s", (ip, user_agent, place) => {
    expect(placeOf({ ip, user_agent })).toBe(place);
  });

  it("stays the same through an update and another address of the same network", () => {
    expect(placeOf({ ip: "192.0.2.1", user_agent: FIREFOX })).toBe(placeOf({ ip: "192.0.2.254", user_agent: FIREFOX.replaceAll("128", "140") }));
    expect(placeOf({ ip: "192.0.3.1", user_agent: FIREFOX })).not.toBe(placeOf({ ip: "192.0.2.1", user_agent: FIREFOX }));
    expect(placeOf({ ip: "192.0.2.1", user_agent: CHROME })).not.toBe(placeOf({ ip: "192.0.2.1", user_agent: FIREFOX }));
  });
});
