import { connect, createServer, type Socket } from "node:net";

/** A way to a server that can be closed: those on it are cut off, and nobody new gets through. */
export class Gate implements AsyncDisposable {
  readonly #target: { readonly host: string; readonly port: number };
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((client) => this.#pass(client));
  #isOpen = true;
  #port = 0;

  private constructor(target: { readonly host: string; readonly port: number }) {
    this.#target = target;
  }

  /** Opens one to a Postgres database, and gives the address that leads through it. */
  static async to(databaseUrl: string): Promise<{ readonly gate: Gate; readonly databaseUrl: string }> {
    const url = new URL(databaseUrl);
    const gate = new Gate({ host: url.hostname, port: Number(url.port) });
    await gate.#listen();
    url.port = String(gate.#port);
    return { gate, databaseUrl: url.href };
  }

  close(): void {
    this.#isOpen = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  open(): void {
    this.#isOpen = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(0, "127.0.0.1", () => {
        const address = this.#server.address();
        if (typeof address === "object" && address !== null) this.#port = address.port;
        resolve();
      });
    });
  }

  #pass(client: Socket): void {
    if (!this.#isOpen) {
      client.destroy();
      return;
    }
    const server = connect(this.#target);
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      // Being cut off is an error to the socket, and the purpose here.
      socket.on("error", () => undefined);
      socket.once("close", () => {
        this.#sockets.delete(socket);
        (socket === client ? server : client).destroy();
      });
    }
    client.pipe(server).pipe(client);
  }
}
