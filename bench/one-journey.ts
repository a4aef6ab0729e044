import { type Figure, medianOf } from "./figure.ts";
import { openJourneys } from "./journeys.ts";
import { startServer } from "./server.ts";

const servers = 3;
const warmUpJourneys = 5;
const journeysEach = 10;

/** How long one card takes from `Draft` to production: the first of a new process, and later ones. */
export const oneJourney: Figure = {
  name: "journey",
  async measure() {
    const firstMs: number[] = [];
    const warmMs: number[] = [];
    for (let count = 0; count < servers; count += 1) {
      const server = await startServer();
      const journeys = await openJourneys(server);
      firstMs.push(await journeys.play());
      await journeys.playMany(warmUpJourneys, 1);
      for (let journey = 0; journey < journeysEach; journey += 1) warmMs.push(await journeys.play());
      await journeys.close();
      await server.stop();
    }
    return [
      { what: "one card from Draft to production, the first of a process", result: medianOf(firstMs, "ms") },
      { what: "one card from Draft to production, warm", result: medianOf(warmMs, "ms") },
    ];
  },
};
