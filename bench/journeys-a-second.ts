import { type Figure, type Row, rounded } from "./figure.ts";
import { openJourneys } from "./journeys.ts";
import { startServer } from "./server.ts";

const warmUpJourneys = 20;
const loads = [
  { atATime: 1, journeys: 30 },
  { atATime: 10, journeys: 80 },
  { atATime: 100, journeys: 200 },
];

/** How many cards arrive in production each second while so many are on their way. */
export const journeysASecond: Figure = {
  name: "journeys",
  async measure() {
    const server = await startServer();
    const journeys = await openJourneys(server);
    await journeys.playMany(warmUpJourneys, 3);
    const rows: Row[] = [];
    for (const load of loads) {
      const tookMs = await journeys.playMany(load.journeys, load.atATime);
      rows.push({
        what: `cards a second, ${load.atATime} at a time`,
        result: `${rounded((load.journeys * 1000) / tookMs)} (${load.journeys} cards)`,
      });
    }
    await journeys.close();
    await server.stop();
    return rows;
  },
};
