import { describe, expect, test } from "vitest";
import { readBaseUrl } from "./base-url.ts";

const said = (text: string, privateNetwork = false) => {
  const read = readBaseUrl(text, privateNetwork);
  return read.ok ? read.value : `refused: ${read.error.wanted}, ${read.error.actual}`;
};

test("a public https address is taken, without its last slash", () => {
  expect(said("https://openrouter.ai/api/v1/")).toBe("https://openrouter.ai/api/v1");
  expect(said("https://example.com")).toBe("https://example.com");
});

describe("a private address is refused", () => {
  test.each([
    "https://localhost/v1",
    "https://LOCALHOST./v1",
    "https://api.localhost/v1",
    "https://127.0.0.1/v1",
    "https://10.0.0.5/v1",
    "https://169.254.169.254/latest",
    "https://[::1]/v1",
    "https://[fd00::1]/v1",
    "https://[::ffff:10.0.0.5]/v1",
    "https://2130706433/v1",
    "https://0x7f.1/v1",
  ])("%s, unless the provider says private_network", (text) => {
    expect(said(text)).toContain("refused: a public address, or private_network: true");
    expect(said(text, true)).not.toContain("refused");
  });
});

test("http is refused where the network is not private: it would send the key in clear", () => {
  expect(said("http://example.com/v1")).toContain("refused: https, or private_network: true");
  expect(said("http://10.0.0.5:8000/v1", true)).toBe("http://10.0.0.5:8000/v1");
});

test.each(["", "example.com/v1", "ftp://example.com", "file:///etc/passwd"])("%s is no address", (text) => {
  expect(said(text, true)).toContain("refused: an http or https URL");
});

test.each(["https://u:p@example.com", "https://example.com/?key=x", "https://example.com/#x"])(
  "%s holds what an address must not",
  (text) => {
    expect(said(text, true)).toContain("not shown");
  },
);
