import { describe, expect, test } from "vitest";
import { isPrivateAddress } from "./private-address.ts";

describe("private address", () => {
  test.each([
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.0.0.5",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.100.100.200",
    "255.255.255.255",
    "::",
    "::1",
    "[::1]",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "::ffff:10.0.0.5",
    "::ffff:7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::1",
    "ff02::1",
  ])("%s is private", (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  test.each([
    "8.8.8.8",
    "172.15.255.255",
    "172.32.0.1",
    "100.63.255.255",
    "11.0.0.1",
    "2607:f8b0:4004:800::200a",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
  ])("%s is public", (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });

  test.each(["", "localhost", "2130706433", "0x7f.1", "::1::"])(
    "%s is no IP address and is refused",
    (address) => {
      expect(isPrivateAddress(address)).toBe(true);
    },
  );
});
