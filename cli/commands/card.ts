import * as z from "zod";
import { type CardDetail, readCardDetail } from "../../queries/card.ts";
import { type Explanation, explainCard } from "../../queries/explain.ts";
import {
  accessTable,
  cardExecutions,
  cardHead,
  cardHistory,
  cardMatters,
  cardWhy,
  noSuchCard,
} from "../card-words.ts";
import { type Context, type ExitCode, defineCommand } from "../command.ts";
import { needsPerson } from "../matters.ts";
import { CardSchema } from "../names.ts";
import { LimitSchema } from "../paging.ts";
import type { Screen } from "../screen.ts";
import { requestWords } from "./requests.ts";

const OptionsSchema = z.object({ card: CardSchema, history: LimitSchema.default(10) });

export const cardCommand = defineCommand({
  syntax: "card <card>",
  summary: "all about one card: access wanted and live with its proof, request, executions, history, and why",
  exitsWith1: "the card needs a person, access is not as it should be, or there is no such card",
  options: [["--history <n>", "so many entries of its audit (10)"]],
  schema: OptionsSchema,
  run,
});

async function run({ card, history }: z.output<typeof OptionsSchema>, context: Context): Promise<ExitCode> {
  const { sources, place } = await context.connect();
  const detail = await readCardDetail(card, sources);
  if (detail === undefined) throw noSuchCard(card, place);
  const why = explainCard(detail, sources.settings);
  const { record: _own, plan: _next, ...seen } = detail;
  context.answer({ ...place, ...seen, why }, () =>
    cardWords(detail, why, { history, screen: context.screen, now: context.now() }),
  );
  return detail.matters.some(needsPerson) || detail.access.some(({ isAsWanted }) => !isAsWanted) ? 1 : 0;
}

/** All about one card, from what it is to why. */
export function cardWords(
  detail: CardDetail,
  why: Explanation,
  { history, screen, now }: { history: number; screen: Screen; now: Date },
): string {
  const section = (title: string, words: string): string => `\n${screen.style("strong", title)}\n${words}`;
  return [
    cardHead(detail, screen, now),
    ...(detail.matters.length === 0 ? [] : [section("Needs somebody", cardMatters(detail, screen, now))]),
    section("Access", accessTable(detail, screen, now)),
    ...(detail.request?.status === "open"
      ? [section("Open request", requestWords(detail.request, screen, now))]
      : []),
    section("Last executions", cardExecutions(detail, screen, now)),
    section("History", cardHistory(detail, history, screen)),
    section("Why", cardWhy(why, screen)),
    `\nnpx cardway explain ${detail.card.modelCardName} has the facts behind it.\n`,
  ].join("");
}
