import { describe, expect, test } from "vitest";
import { foreignness } from "./addressed-here.ts";

describe("a gateway that needs no key", () => {
  test.each([
    "localhost",
    "localhost:8080",
    "LOCALHOST.:8080",
    "127.0.0.1:8080",
    "127.1.2.3",
    "[::1]:8080",
    "app.localhost:8080",
    "my-machine:8080",
  ])("takes requests addressed to %s", (host) => {
    expect(foreignness({ host }, "my-machine")).toBeUndefined();
  });

  test.each([
    "evil.example",
    "evil.example:8080",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "127.0.0.1@evil.example",
    "evil.example#127.0.0.1",
    "192.168.0.7:8080",
    "[::ffff:10.0.0.1]",
    "",
    "a b",
    "]",
  ])('refuses requests addressed to "%s"', (host) => {
    expect(foreignness({ host }, "127.0.0.1")).toContain("addressed to another name");
  });

  test.each(["http://localhost:3000", "http://127.0.0.1:8080", "https://[::1]"])(
    "takes requests from pages of %s",
    (origin) => {
      expect(foreignness({ host: "localhost", origin }, "127.0.0.1")).toBeUndefined();
    },
  );

  test.each(["https://evil.example", "null", "http://localhost.evil.example", "file://"])(
    "refuses requests from pages of %s",
    (origin) => {
      expect(foreignness({ host: "localhost", origin }, "127.0.0.1")).toContain("from another site");
    },
  );

  test("takes what names no host: HTTP/1.0 clients, no browser", () => {
    expect(foreignness({}, "127.0.0.1")).toBeUndefined();
  });
});
