import * as fc from "fast-check";
import { expect, test } from "vitest";
import { RequestSkipper } from "./request-skipper.ts";

const requests = [
  "POST /one HTTP/1.1\r\nhost: a\r\nContent-Length: 3\r\n\r\nabc",
  "POST /two?x=1 HTTP/1.1\r\ncontent-length:0\r\n\r\n",
  "GET /models HTTP/1.1\r\nhost: a\r\n\r\n",
  "POST /three HTTP/1.1\r\ncontent-length: 4\r\n\r\n\r\n\r\n",
].join("");

test("law: each request is seen once, in order, however the bytes are cut", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (lengths) => {
      const seen: string[] = [];
      const skipper = new RequestSkipper((path) => void seen.push(path));
      const bytes = Buffer.from(requests);
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const length = lengths[turn % lengths.length] ?? 1;
        skipper.feed(bytes.subarray(at, at + length));
        at += length;
      }
      expect(seen).toEqual(["/one", "/two?x=1", "/models", "/three"]);
    }),
  );
});

test("a body of unknown length is refused: it would be measured wrongly", () => {
  const skipper = new RequestSkipper(() => undefined);
  expect(() => skipper.feed(Buffer.from("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n"))).toThrow(
    "a content-length is wanted",
  );
});
