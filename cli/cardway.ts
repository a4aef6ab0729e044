import { commands } from "./commands.ts";
import { runCardway } from "./program.ts";
import { processWorld } from "./world.ts";

process.exitCode = await runCardway(process.argv.slice(2), processWorld(process), commands);
