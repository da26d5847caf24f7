import { parentPort, workerData } from "node:worker_threads";
import type { WorkerCommand, WorkerReply } from "./start-in-worker.ts";
import type { EmulatorOptions } from "./start-emulator.ts";
import { startEmulator } from "./start-emulator.ts";

/** The emulator in a worker thread: workerData are its options; it posts its address and answers commands. */
if (parentPort === null)
  throw new Error("Cannot start the emulator's worker: it must run in a worker thread");
const port = parentPort;
// start-in-worker.ts is the only one that starts this file, with EmulatorOptions as data.
const emulator = await startEmulator(workerData as EmulatorOptions);
port.on("message", (command: WorkerCommand) => void answer(command));
port.postMessage({ kind: "ready", url: emulator.url, port: emulator.port } satisfies WorkerReply);

async function answer(command: WorkerCommand): Promise<void> {
  switch (command.kind) {
    case "ledger":
      return reply({ kind: "answer", id: command.id, value: emulator.ledger.rows(command.filter) });
    case "summary":
      return reply({ kind: "answer", id: command.id, value: emulator.ledger.summary() });
    case "clear-ledger":
      emulator.ledger.clear();
      return reply({ kind: "answer", id: command.id, value: undefined });
    case "clear-faults":
      emulator.faults.clear();
      return reply({ kind: "answer", id: command.id, value: undefined });
    case "add-fault":
      return reply(answered(command.id, () => emulator.faults.add(command.fault)));
    case "report-version":
      return reply(answered(command.id, () => emulator.versions.report(command.model, command.version)));
    case "clear-versions":
      emulator.versions.clear();
      return reply({ kind: "answer", id: command.id, value: undefined });
    case "close":
      await emulator.close();
      reply({ kind: "answer", id: command.id, value: undefined });
      port.close();
  }
}

function answered(id: number, act: () => unknown): WorkerReply {
  try {
    return { kind: "answer", id, value: act() };
  } catch (error) {
    return { kind: "refused", id, message: error instanceof Error ? error.message : String(error) };
  }
}

function reply(message: WorkerReply): void {
  port.postMessage(message);
}
