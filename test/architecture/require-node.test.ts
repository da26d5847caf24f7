import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const guard = fileURLToPath(new URL("../../bin/require-node.js", import.meta.url));
const launcher = fileURLToPath(new URL("../../bin/signalbox.js", import.meta.url));

/** Runs a script on this Node, which says of itself that it is another version. */
function runAs(version: string, script: string): { readonly status: number | null; readonly stderr: string } {
  const pretend = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`;
  const result = spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(pretend)}`, script],
    {
      encoding: "utf8",
    },
  );
  return { status: result.status, stderr: result.stderr };
}

test.each(["18.0.0", "20.20.2", "23.11.1"])("Node %s is told what to do", (version) => {
  const { status, stderr } = runAs(version, guard);
  expect(status).toBe(2);
  expect(stderr).toContain(`Cannot run Signalbox on Node ${version}: Node 24 or newer is needed`);
  expect(stderr).toContain("npm ci");
  expect(stderr).toContain("--ignore-scripts");
  expect(stderr).toContain("npm start");
});

test.each(["24.0.0", "24.21.0", "26.10.0"])("Node %s passes", (version) => {
  expect(runAs(version, guard)).toEqual({ status: 0, stderr: "" });
});

test("the launcher stops an old Node before it loads any TypeScript", () => {
  const { status, stderr } = runAs("20.20.2", launcher);
  expect(status).toBe(2);
  expect(stderr).not.toContain("ERR_UNKNOWN_FILE_EXTENSION");
});
