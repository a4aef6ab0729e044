import * as z from "zod";
import { type Explanation, type Reason, explainCard } from "../../queries/explain.ts";
import { readCardDetail } from "../../queries/card.ts";
import { noSuchCard } from "../card-words.ts";
import { type Context, type ExitCode, defineCommand } from "../command.ts";
import { paragraph } from "../layout.ts";
import { CardSchema } from "../names.ts";
import type { Screen } from "../screen.ts";
import { withMoments } from "../times.ts";

const OptionsSchema = z.object({ card: CardSchema });

export const explainCommand = defineCommand({
  syntax: "explain <card>",
  summary: "the rule, the setting and the fact behind each access to a card",
  exitsWith1: "access of a stage is not as it should be, or there is no such card",
  schema: OptionsSchema,
  run,
});

async function run({ card }: z.output<typeof OptionsSchema>, context: Context): Promise<ExitCode> {
  const { sources, place } = await context.connect();
  const detail = await readCardDetail(card, sources);
  if (detail === undefined) throw noSuchCard(card, place);
  const explanation = explainCard(detail, sources.settings);
  const { modelCardName, modelCardArn } = detail.card;
  context.answer({ ...place, modelCardArn, ...explanation }, () =>
    explanationWords(modelCardName, explanation, context.screen),
  );
  return explanation.stages.every(({ isAsWanted }) => isAsWanted) ? 0 : 1;
}

/** Why things are as they are: each reason with the setting or the fact that it rests on behind it. */
export function explanationWords(
  modelCardName: string,
  { route, status, stages, next }: Explanation,
  screen: Screen,
): string {
  const blocks = [
    titled(modelCardName, [route, ...status], screen),
    ...stages.map(({ stage, accountId, wanted, isAsWanted, reasons }) => {
      const state = isAsWanted ? "as it is" : "not as it is";
      const title = `${stage} (${accountId}) should have ${wanted === "none" ? "no access" : wanted}, ${state}`;
      return titled(title, reasons, screen);
    }),
    next.length === 0
      ? "The next promotion would do nothing.\n"
      : `${screen.style("strong", "The next promotion would")}\n${next.map((step) => paragraph(step, screen, 4, "- ")).join("")}`,
  ];
  return blocks.join("\n");
}

function titled(title: string, reasons: readonly Reason[], screen: Screen): string {
  return `${screen.style("strong", title)}\n${reasonWords(reasons, screen)}`;
}

/** Reasons in lines, each with its source. */
function reasonWords(reasons: readonly Reason[], screen: Screen): string {
  return reasons
    .map(
      ({ what, source }) =>
        `${paragraph(withMoments(what), screen, 4, "- ")}${paragraph(`[${source}]`, screen, 4)}`,
    )
    .join("");
}
