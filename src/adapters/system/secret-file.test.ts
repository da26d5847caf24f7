import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { secretFile } from "./secret-file.ts";
import { systemRandom } from "./system-random.ts";

function path(): string {
  return join(mkdtempSync(join(tmpdir(), "signalbox-secret-")), "data", "pepper");
}

test("the first start makes a secret that only its owner reads, later starts find it", () => {
  const file = path();
  const secret = secretFile(file, systemRandom);
  expect(secret).toMatch(/^[0-9a-f]{64}$/);
  expect(secretFile(file, systemRandom)).toBe(secret);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("a damaged secret stops the start and stays as it is", () => {
  const file = path();
  secretFile(file, systemRandom);
  writeFileSync(file, "short\n");
  expect(() => secretFile(file, systemRandom)).toThrow(/at least 32 characters are wanted, it has 5/);
  expect(readFileSync(file, "utf8")).toBe("short\n");
});
