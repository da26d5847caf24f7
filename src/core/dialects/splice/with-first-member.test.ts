import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { RequestBody } from "#core/dialects/dialect.ts";
import { withFirstMember } from "./with-first-member.ts";

function text(body: RequestBody): string {
  if (typeof body === "string") return body;
  return Buffer.concat(body instanceof Uint8Array ? [body] : body).toString("utf8");
}

test("a member is put before the others, and every other byte stays", () => {
  const written = `{"token":"t\\"1",  "a" : 1.50, "b":"ä{"}\n`;
  expect(text(withFirstMember(`\n {  "a" : 1.50, "b":"ä{"}\n`, "token", 't"1'))).toBe(written);
});

test("of text, bytes and pieces alike, the same JSON with one member more", () => {
  const documents = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 });
  fc.assert(
    fc.property(documents, fc.string(), fc.nat(), (document, value, cut) => {
      const body = JSON.stringify(document);
      const bytes = Buffer.from(body);
      const at = 1 + (cut % bytes.length);
      for (const form of [body, bytes, [bytes.subarray(0, at), bytes.subarray(at)]]) {
        const found: unknown = JSON.parse(text(withFirstMember(form, "our member", value)));
        expect(found).toEqual({ "our member": value, ...(JSON.parse(body) as object) });
      }
    }),
  );
});
