import { type Figure, medianOf } from "./figure.ts";
import { startServer } from "./server.ts";

const starts = 5;

/** How long `npm start` takes until the endpoint and the pages answer. */
export const startUp: Figure = {
  name: "start-up",
  async measure() {
    const readyMs: number[] = [];
    for (let start = 0; start < starts; start += 1) {
      const server = await startServer();
      readyMs.push(server.readyMs);
      await server.stop();
    }
    return [{ what: "start-up, from spawn to ready", result: medianOf(readyMs, "ms") }];
  },
};
