import { type Figure, type Row, rounded } from "./figure.ts";
import { openJourneys } from "./journeys.ts";
import { memoryProbe, startServer } from "./server.ts";

const atATime = 10;
const checkpoints = [500, 1_000, 1_500, 2_000];

/** What the process holds while it moves many cards, and whether that levels off. */
export const memory: Figure = {
  name: "memory",
  async measure() {
    const server = await startServer(memoryProbe);
    const idle = await server.memory();
    const journeys = await openJourneys(server);
    const rows: Row[] = [
      {
        what: "memory when ready",
        result: `RSS ${rounded(idle.rssMb)} MB, heap ${rounded(idle.heapMb)} MB`,
      },
    ];
    const held: { journeys: number; heapMb: number }[] = [];
    let played = 0;
    let peakRssMb = 0;
    for (const checkpoint of checkpoints) {
      const count = checkpoint - played;
      const tookMs = await journeys.playMany(count, atATime);
      played = checkpoint;
      const { rssMb, heapMb, peakRssMb: peak } = await server.memory();
      held.push({ journeys: played, heapMb });
      peakRssMb = peak;
      rows.push({
        what: `memory after ${rounded(played)} cards, garbage collected`,
        result: `RSS ${rounded(rssMb)} MB, heap ${rounded(heapMb)} MB; the last ${count} at ${rounded((count * 1000) / tookMs)} a second`,
      });
    }
    await journeys.close();
    await server.stop();

    const [before, last] = held.slice(-2);
    if (before !== undefined && last !== undefined) {
      const perCardKb = ((last.heapMb - before.heapMb) * 1024) / (last.journeys - before.journeys);
      rows.push({ what: "heap that one more card keeps", result: `${rounded(perCardKb)} kB` });
    }
    rows.push({ what: `peak RSS over ${rounded(played)} cards`, result: `${rounded(peakRssMb)} MB` });
    return rows;
  },
};
