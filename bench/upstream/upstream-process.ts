import { createServer, type Socket } from "node:net";
import { geminiAnswers, openAiAnswers, type Answers } from "./answers.ts";
import { RequestSkipper } from "./request-skipper.ts";
import { sayListening } from "../process/child-process.ts";

// A process of its own: a provider that costs next to nothing. Raw sockets, answers whose bytes are made beforehand.
// Paths under /paced/ answer with a stream whose first event leaves at once and the others one by one, those under /burst/
// with one that leaves at once; all others whole.

/** Time between two events of a stream, ms: 200 events a second, a fast model. */
const paceMs = 5;

const gemini = geminiAnswers();
const openAi = openAiAnswers();
const bursts = new Map<Answers, Buffer>();

const server = createServer({ noDelay: true }, (socket) => {
  const skipper = new RequestSkipper((path) => {
    const answers = path.includes("/v1beta/") ? gemini : openAi;
    if (path.startsWith("/paced/")) stream(socket, answers);
    else if (path.startsWith("/burst/")) socket.write(burstOf(answers));
    else socket.write(answers.whole);
  });
  socket.on("data", (chunk: Buffer) => skipper.feed(chunk));
  // A caller that goes away is no business of an upstream that counts nothing.
  socket.on("error", () => socket.destroy());
});

server.listen(0, "127.0.0.1", () => sayListening(server));

/** A whole stream in one piece, made when it is first asked for. */
function burstOf(answers: Answers): Buffer {
  const made = bursts.get(answers);
  if (made) return made;
  const burst = Buffer.concat([answers.streamHead, ...answers.frames, answers.streamEnd]);
  bursts.set(answers, burst);
  return burst;
}

function stream(socket: Socket, { streamHead, frames, streamEnd }: Answers): void {
  const [first = streamEnd, ...others] = frames;
  socket.write(Buffer.concat([streamHead, first]));
  let next = 0;
  const timer = setInterval(() => {
    const frame = others[next++];
    if (socket.destroyed) clearInterval(timer);
    else if (frame) socket.write(frame);
    else {
      clearInterval(timer);
      socket.write(streamEnd);
    }
  }, paceMs);
}
