#!/usr/bin/env node
// Starts Cardway's command line on the Node.js that Lambda runs, after installing what is missing.
// npm notes where it was called; the program itself runs in this package's folder.
process.env.INIT_CWD ??= process.cwd();
process.argv.splice(2, 0, "--import", "tsx", "cli/cardway.ts");
await import("../scripts/run.mjs");
