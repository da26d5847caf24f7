import { expect, test } from "vitest";
import { pseudonym, pseudonymLength } from "./pseudonym.ts";

test("the same name has the same pseudonym, however Unicode writes it", () => {
  expect(pseudonym("secret", "unit", "Zo\u00eb")).toBe(pseudonym("secret", "unit", "Zoe\u0308"));
  expect(pseudonym("secret", "unit", "Zo\u00eb")).toMatch(
    new RegExp(String.raw`^[\w-]{${pseudonymLength}}$`),
  );
});

test("another name, kind or secret has another", () => {
  const all = [
    pseudonym("secret", "unit", "ann"),
    pseudonym("secret", "unit", "bob"),
    pseudonym("secret", "conversation", "ann"),
    pseudonym("other", "unit", "ann"),
  ];
  expect(new Set(all).size).toBe(all.length);
});

test("no two characters below U+0300 are another form of one", () => {
  const below = Array.from({ length: 0x300 }, (_, code) => String.fromCharCode(code)).join("");
  expect(below.normalize("NFC")).toBe(below);
});
