import type { Hono } from "hono";
import * as z from "zod";
import { filesInZip } from "../../queries/evidence/archive.ts";
import { ManifestSchema, manifestName, sha256Of } from "../../queries/evidence/manifest.ts";
import { readCardAudit } from "../../queries/audit.ts";
import { cardArnOf } from "../../queries/card.ts";
import type { QuerySources } from "../../queries/sources.ts";
import { showPage } from "../page.tsx";
import type { ConsoleParts } from "./console-parts.ts";
import type { BehindDoor } from "./console-door.tsx";
import type { ConsoleIdentity } from "./console-identity.ts";
import { showNothing } from "./error-pages.tsx";
import { CollectedPage, CollectingPage } from "./evidence-page.tsx";
import { cardsPath, evidencePath } from "./page-paths.ts";
import { ifItCanBe } from "./named-by-visitor.ts";

/** Largest answer of a function to API Gateway, as bytes of a file: 6 MB of base64, and the rest of the answer. */
const largestInAws = 4_400_000;

/** The record of an act that collects evidence. */
const CollectedSchema = z.object({
  act: z.literal("collect-evidence"),
  operator: z.string(),
  through: z.literal("console"),
  card: z.object({ version: z.int() }),
});

/** What an act has collected, for who asked for it: the page that says so, and the archive itself. */
export function addEvidence(
  app: Hono<BehindDoor>,
  { sources, evidence, inAws, begin, bare }: ConsoleParts,
): void {
  app.get(`${cardsPath}/:name/evidence/:effectId`, async (context) => {
    const visit = await begin(context);
    const { name, effectId } = context.req.param();
    const wanted = await ifItCanBe(() => evidenceWanted(name, effectId, visit.identity, sources));
    if (wanted === undefined) return showNothing(context, visit, "evidence");
    const found = await evidence.archiveOf(wanted, context.req.query("job"));
    const path = evidencePath(wanted.modelCardArn, effectId);
    if ("jobArn" in found) {
      return showPage(
        context,
        <CollectingPage wanted={wanted} path={path} jobArn={found.jobArn} visit={visit} />,
      );
    }
    const manifestBytes = filesInZip(found.archive).get(manifestName) ?? new Uint8Array();
    const manifest = ManifestSchema.parse(JSON.parse(new TextDecoder().decode(manifestBytes)));
    const fits = !inAws || found.archive.byteLength <= largestInAws;
    return showPage(
      context,
      <CollectedPage
        manifest={manifest}
        manifestSha256={sha256Of(manifestBytes)}
        address={found.address}
        downloadPath={fits ? `${path}/${name}-v${wanted.version}.zip` : undefined}
        visit={visit}
      />,
    );
  });

  app.get(`${cardsPath}/:name/evidence/:effectId/:file`, async (context) => {
    const visit = bare(context);
    const { name, effectId } = context.req.param();
    const wanted = await ifItCanBe(() => evidenceWanted(name, effectId, visit.identity, sources));
    const found = wanted && (await evidence.archiveOf(wanted));
    if (found === undefined || !("archive" in found)) return showNothing(context, visit, "evidence");
    return context.body(new Uint8Array(found.archive), 200, {
      "Content-Type": "application/zip",
      "Content-Disposition": `attachment; filename="${name}-v${wanted?.version}.zip"`,
    });
  });
}

/** What is on record as asked for by who looks; `undefined` where they have not asked. */
async function evidenceWanted(
  name: string,
  effectId: string,
  { identity }: ConsoleIdentity,
  sources: QuerySources,
) {
  const modelCardArn = cardArnOf(name, sources);
  const entry = (await readCardAudit(modelCardArn, sources)).find((one) => one.effectId === effectId);
  const { data: act } = CollectedSchema.safeParse(entry?.detail);
  if (act?.operator !== identity) return undefined;
  return { effectId, modelCardArn, version: act.card.version, collectedBy: identity };
}
