import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { FaultEffect } from "./faults/catalog.ts";
import type { Timers } from "./timers.ts";

type ListenerEffect = Extract<FaultEffect, { kind: "listener" }>;

/** Opens and closes the door to a server, also for the faults that refuse or reset connections. */
export interface ListenerGate {
  /** Listens and resolves to the port. */
  open(server: Server, address: { readonly host: string; readonly port: number }): Promise<number>;
  /** Refuses or resets new connections for the time of the fault; undefined ends that at once. */
  apply(effect: ListenerEffect | undefined): void;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

interface Door {
  readonly server: Server;
  readonly host: string;
  readonly port: number;
}

/** A gate for one server. */
export function createListenerGate(timers: Timers): ListenerGate {
  let door: Door | undefined;
  let mode: "open" | "reset" | "refuse" | "closed" = "closed";
  let waiting = new AbortController();

  function reopen(): void {
    if (door === undefined || mode === "closed") return;
    if (mode === "refuse") door.server.listen(door.port, door.host);
    mode = "open";
  }

  return {
    async open(server, { host, port }) {
      server.on("connection", (socket: Socket) => {
        if (mode === "reset") socket.resetAndDestroy();
      });
      server.listen(port, host);
      await once(server, "listening");
      const address = server.address();
      // A server that listens on host and port has an address object, never a pipe name.
      door = { server, host, port: (address as AddressInfo).port };
      mode = "open";
      server.on("error", (error) => process.stderr.write(`emulator: ${error.message}\n`));
      return door.port;
    },
    apply(effect) {
      waiting.abort();
      if (effect === undefined || door === undefined || mode === "closed") return reopen();
      if (effect.mode === "refuse" && mode !== "refuse") door.server.close();
      if (effect.mode === "reset") reopen();
      mode = effect.mode;
      door.server.closeIdleConnections();
      const controller = new AbortController();
      waiting = controller;
      void timers
        .sleep(effect.ms, controller.signal)
        .then(() => (controller.signal.aborted ? undefined : reopen()));
    },
    async close() {
      waiting.abort();
      if (door === undefined || mode === "closed") return;
      const { server } = door;
      const wasListening = server.listening;
      mode = "closed";
      const closed = once(server, "close");
      if (wasListening) server.close();
      server.closeAllConnections();
      if (wasListening) await closed;
    },
  };
}
