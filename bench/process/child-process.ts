import type { Server } from "node:net";

/** What a server process tells its parent once it can be reached. */
export interface ListeningMessage {
  readonly kind: "listening";
  readonly port: number;
}

/** Tells the parent where a server of this process listens; when the parent goes, so does the process. */
export function sayListening(server: Server): void {
  const address = server.address();
  if (address === null || typeof address === "string" || !process.send)
    throw new Error("Cannot serve: a TCP port and a parent process are wanted");
  process.once("disconnect", () => process.exit());
  process.send({ kind: "listening", port: address.port } satisfies ListeningMessage);
}
