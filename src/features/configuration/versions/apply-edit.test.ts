import { expect, test } from "vitest";
import { AppError } from "#core/kernel/app-error.ts";
import { applyEdit } from "./apply-edit.ts";
import { ConfigurationService } from "./service.ts";
import { memoryConfigurationStore } from "./store.memory.ts";
import { loadConfiguration } from "../load-configuration.ts";

const first = "version: 1\n";

/** Two processes on one store, both on its first version. */
async function processes(): Promise<readonly [ConfigurationService, ConfigurationService]> {
  const ports = {
    store: memoryConfigurationStore(),
    load: (text: string) => loadConfiguration(text, () => undefined, { chains: [] }),
    prepare: async () => undefined,
    clock: { nowMs: () => 0 },
    onEvent: () => undefined,
  };
  const [one, other] = [new ConfigurationService(ports), new ConfigurationService(ports)];
  const loaded = ports.load(first);
  if (!loaded.ok) expect.unreachable();
  await one.applyFile(first, loaded.value, { key: "file", value: {}, changedAtMs: 0 });
  await other.startWithNewest();
  return [one, other];
}

const adding = (holdout: string) => (text: string) => ({ text: `${text}${holdout}\n`, comment: "more" });

test("a change is made again on the text of another process that was faster", async () => {
  const [one, other] = await processes();
  await applyEdit(one, "admin", adding("holdout: 2%"));
  const applied = await applyEdit(other, "admin", adding("experiments: {}"));
  expect(applied.version).toMatchObject({ number: 3, appliedBy: "admin", comment: "more" });
  expect((await other.version("3")).text).toBe("version: 1\nholdout: 2%\nexperiments: {}\n");
});

test("what the change itself refuses is not tried again", async () => {
  const [one] = await processes();
  let tries = 0;
  const edit = (): never => {
    tries += 1;
    throw new AppError("conflict", "Cannot add it: there is one");
  };
  await expect(applyEdit(one, "admin", edit)).rejects.toMatchObject({
    message: "Cannot add it: there is one",
  });
  expect(tries).toBe(1);
});

test("a conflict that stays is told in the end", async () => {
  const [one] = await processes();
  let tries = 0;
  const always = {
    inForce: one.inForce,
    version: (name: string) => one.version(name),
    follow: () => one.follow(),
    apply: () => {
      tries += 1;
      return Promise.reject(new AppError("conflict", "Cannot apply: another one is the newest"));
    },
  };
  await expect(applyEdit(always, "admin", adding("holdout: 2%"))).rejects.toMatchObject({ code: "conflict" });
  expect(tries).toBe(5);
});
