import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleClientsOnly, importTimes } from "../scripts/bundle-cost.ts";
import { bundleFunction } from "../scripts/bundle.ts";
import { functions } from "../stacks/definitions/functions.ts";
import { type Figure, type Row, medianOf } from "./figure.ts";

const rounds = 11;

/** What a cold start of each function loads: how much it is, and how long that takes beside its AWS clients alone. */
export const bundles: Figure = {
  name: "bundles",
  async measure() {
    const folder = await mkdtemp(join(tmpdir(), "cardway-bench-"));
    const rows: Row[] = [];
    for (const { functionName, handlerPath } of functions) {
      const { out, sourcemaps } = await bundleFunction(handlerPath, join(folder, functionName));
      const bundle = join(out, "bundle.cjs");
      const clients = await bundleClientsOnly(sourcemaps[0] ?? "", join(folder, `${functionName}-clients`));
      const [whole = [], alone = []] = await importTimes([bundle, clients], rounds);
      const wall = (times: typeof whole) =>
        medianOf(
          times.map(({ wallMs }) => wallMs),
          "ms",
        );
      rows.push({
        what: `bundle of ${functionName}, ${Math.round((await stat(bundle)).size / 1000)} kB: import`,
        result: `${wall(whole)}; its AWS clients alone ${wall(alone)}`,
      });
    }
    await rm(folder, { recursive: true });
    return rows;
  },
};
