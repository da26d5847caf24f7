import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

/** Runs a script beside this module in a process of its own: the test's own listens for such errors, too. */
function script(text: string): ReturnType<typeof run> {
  const address = JSON.stringify(new URL("module-code.ts", import.meta.url).href);
  const source = `import { hearModules, runModuleCode } from ${address};
    const hearing = hearModules((module, error) => console.log(module, error.message));
    ${text}`;
  return run(process.execPath, ["--input-type=module", "--eval", source]);
}

test("a promise of a module that fails unheard is told, also behind timers and other promises", async () => {
  const { stdout } = await script(`
    runModuleCode("one", () => void Promise.reject(new Error("at once")));
    runModuleCode("two", () => setTimeout(async () => { throw new Error("later"); }, 1));
    setTimeout(() => hearing[Symbol.dispose](), 50);
  `);
  expect(stdout).toBe("one at once\ntwo later\n");
});

test("one that no module left behind ends the process, as everywhere", async () => {
  const ended = script('void Promise.reject(new TypeError("ours"));');
  await expect(ended).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("TypeError: ours") });
});

test("nobody hears any more once it is disposed of", async () => {
  const ended = script(`
    hearing[Symbol.dispose]();
    runModuleCode("one", () => void Promise.reject(new Error("unheard")));
  `);
  await expect(ended).rejects.toMatchObject({ code: 1, stdout: "" });
});
