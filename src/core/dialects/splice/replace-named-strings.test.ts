import * as fc from "fast-check";
import { expect, test } from "vitest";
import { namedStrings, replaceNamedStrings } from "./replace-named-strings.ts";

const upper = (value: string): string => value.toUpperCase();

test("strings under a name are replaced at any depth, and nothing else is touched", () => {
  const text =
    '{ "name" : "a",\n "list":[{"name":"b","other":"name"}], "names":"c", "name":1, "x":{"name":{}} }';
  expect(replaceNamedStrings(text, ["name"], upper)).toBe(
    '{ "name" : "A",\n "list":[{"name":"B","other":"name"}], "names":"c", "name":1, "x":{"name":{}} }',
  );
});

test("what only looks like a member inside of a string stays", () => {
  const text = JSON.stringify({ text: '{"name":"a"} \\"name\\":"b"', name: 'q"uote' });
  expect(JSON.parse(replaceNamedStrings(text, ["name"], upper))).toEqual({
    text: '{"name":"a"} \\"name\\":"b"',
    name: 'Q"UOTE',
  });
});

test("undefined leaves a string as it is written", () => {
  const text = '{"name":"\\u0061"}';
  expect(replaceNamedStrings(text, ["name"], () => undefined)).toBe(text);
  expect(replaceNamedStrings(text, ["name"], (value) => `${value}b`)).toBe('{"name":"ab"}');
});

test("strings are found once each, under any of the names", () => {
  expect(namedStrings('[{"a":"1","b":"2"},{"a":"2","c":"3"}]', ["a", "b"])).toEqual(["1", "2"]);
});

test("law: replacing a string by itself, the text means what it meant", () => {
  fc.assert(
    fc.property(fc.json(), fc.string(), (json, name) => {
      const text = JSON.stringify({ name, inner: [JSON.parse(json), { name: json }] });
      expect(JSON.parse(replaceNamedStrings(text, ["name"], (value) => value))).toEqual(JSON.parse(text));
    }),
  );
});
