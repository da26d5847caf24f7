// Stops with what to do when an older Node than Signalbox needs runs it. Plain old JavaScript on purpose: this file
// and bin/signalbox.js are the only ones that an old Node must be able to read.

var OLDEST_MAJOR = 24;
var running = process.versions.node;

if (parseInt(running, 10) < OLDEST_MAJOR) {
  process.stderr.write(
    [
      "Cannot run Signalbox on Node " + running + ": Node " + OLDEST_MAJOR + " or newer is needed",
      "",
      "In a clone of the repository, npm brings the right Node; nothing has to be installed by hand:",
      "  npm ci          once. If it ran with --ignore-scripts, run it again without:",
      "                  the Node of this project is put in place by an install script",
      "  npm start       instead of `node bin/signalbox.js up`: npm puts the project's Node first in the PATH",
      "  npm test        instead of `vitest`, for the same reason",
      "",
      "With Signalbox as a package: install a newer Node (https://nodejs.org/), or one beside it:",
      "  npm install node@26 && npx signalbox up",
      "",
    ].join("\n"),
  );
  process.exit(2);
}
