import { expect, test } from "vitest";
import { readEnvironment } from "./environment.ts";

test("an empty environment gives the defaults", () => {
  const read = readEnvironment({});
  expect(read.ok && read.value).toMatchObject({
    host: "127.0.0.1",
    port: 8080,
    configurationFile: undefined,
    dataDirectory: ".signalbox",
    adminKey: undefined,
    databaseUrl: undefined,
    redisUrl: undefined,
  });
});

test("every variable is read", () => {
  const read = readEnvironment({
    SIGNALBOX_HOST: "0.0.0.0",
    SIGNALBOX_PORT: "0",
    SIGNALBOX_CONFIG: "/etc/signalbox.yaml",
    SIGNALBOX_DATA_DIR: "/var/lib/signalbox",
    SIGNALBOX_ADMIN_KEY: "0123456789abcdef",
    DATABASE_URL: "postgres://u:p@db/signalbox",
    REDIS_URL: "redis://cache:6379",
    GEMINI_API_KEY: "  key  ",
    EMPTY: " ",
  });
  if (!read.ok) expect.unreachable();
  const { value } = read;
  expect(value).toMatchObject({
    host: "0.0.0.0",
    port: 0,
    configurationFile: "/etc/signalbox.yaml",
    dataDirectory: "/var/lib/signalbox",
  });
  expect(value.adminKey?.reveal()).toBe("0123456789abcdef");
  expect(value.databaseUrl?.reveal()).toBe("postgres://u:p@db/signalbox");
  expect(value.redisUrl?.reveal()).toBe("redis://cache:6379");
  expect(value.variable("GEMINI_API_KEY")).toBe("key");
  expect(value.variable("EMPTY")).toBeUndefined();
  expect(value.variable("ABSENT")).toBeUndefined();
});

test("all wrong variables are named at once, secret values are not shown", () => {
  const read = readEnvironment({
    SIGNALBOX_HOST: "no host!",
    SIGNALBOX_PORT: "70000",
    SIGNALBOX_ADMIN_KEY: "hunter2",
    DATABASE_URL: "mysql://root:hunter2@db",
    REDIS_URL: "hunter2",
  });
  if (read.ok) expect.unreachable();
  expect(read.error.map((problem) => problem.message)).toEqual([
    'Cannot read environment variable "SIGNALBOX_HOST": wanted an address such as 127.0.0.1 or ::1, got "no host!"',
    'Cannot read environment variable "SIGNALBOX_PORT": wanted a whole number from 0 to 65535, got "70000"',
    'Cannot read environment variable "SIGNALBOX_ADMIN_KEY": wanted at least 16 characters, got 7',
    'Cannot read environment variable "DATABASE_URL": wanted a URL that begins with postgres://, got something else (not shown)',
    'Cannot read environment variable "REDIS_URL": wanted a URL that begins with redis://, got something else (not shown)',
  ]);
});

test.each(["-1", "80.5", "0x50", "1e3", "abc"])("port %s is refused", (port) => {
  expect(readEnvironment({ SIGNALBOX_PORT: port }).ok).toBe(false);
});
