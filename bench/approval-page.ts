import { CreateModelCardCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import lifecycleSettings from "../lifecycle.config.ts";
import { formOf } from "../local/story/approver.ts";
import { filledContent } from "../local/story/content.ts";
import { ApprovalMails } from "./approval-mails.ts";
import { clientConfig } from "./client-config.ts";
import { type Figure, medianOf, rounded } from "./figure.ts";
import { startServer } from "./server.ts";

/** A link takes 240 uses at once, so the pages are spread over several. */
const largeCards = 3;
const pagesEach = 150;
const warmUpPages = 20;
const decisions = 60;

/** SageMaker takes this many characters of content. */
const mostCharacters = 100_000;

/** How fast the approval page shows the largest card there can be, and how long an approver waits for an answer. */
export const approvalPage: Figure = {
  name: "approval-page",
  async measure() {
    const server = await startServer();
    const owner = new SageMakerClient(clientConfig(server, lifecycleSettings.modelCardAccountId));
    const mails = new ApprovalMails(server.url, lifecycleSettings.approvers[0]?.address ?? "");
    const linkOfNew = async (name: string, content: string): Promise<string> => {
      await owner.send(
        new CreateModelCardCommand({
          ModelCardName: name,
          Content: content,
          ModelCardStatus: "PendingReview",
        }),
      );
      return mails.linkAbout(name);
    };

    const links: string[] = [];
    for (let card = 0; card < largeCards; card += 1)
      links.push(await linkOfNew(`Large-${card}`, largestContent()));
    let bytes = 0;
    const pagesASecond: number[] = [];
    for (const link of links) {
      for (let page = 0; page < warmUpPages; page += 1) bytes = await open(link);
      const startedAt = performance.now();
      for (let page = 0; page < pagesEach; page += 1) await open(link);
      pagesASecond.push((pagesEach * 1_000) / (performance.now() - startedAt));
    }

    const decisionMs: number[] = [];
    for (let card = 0; card < decisions; card += 1) {
      const link = await linkOfNew(`Decided-${card}`, JSON.stringify(filledContent));
      const body = await formOf(link, { decision: "approve", comment: "Measured." });
      const startedAt = performance.now();
      const answer = await fetch(link, { method: "POST", ...(body && { body }) });
      await answer.arrayBuffer();
      decisionMs.push(performance.now() - startedAt);
      if (answer.status !== 200) throw new Error(`The page answered a decision with ${answer.status}`);
    }
    mails.close();
    await server.stop();
    return [
      {
        what: `approval pages a second, card of ${mostCharacters.toLocaleString("en-US")} characters (page of ${rounded(bytes / 1_024)} kB)`,
        result: medianOf(pagesASecond, ""),
      },
      { what: "decision, from its POST to the answer", result: medianOf(decisionMs, "ms") },
    ];
  },
};

async function open(link: string): Promise<number> {
  const answer = await fetch(link);
  const page = await answer.text();
  if (answer.status !== 200) throw new Error(`The page answered ${answer.status}`);
  return page.length;
}

/** The story's card, filled up with evaluations like its own until SageMaker takes no more. */
function largestContent(): string {
  const [evaluation] = filledContent.evaluation_details;
  const evaluations: object[] = [];
  const contentWith = (more: object[]): string =>
    JSON.stringify({ ...filledContent, evaluation_details: more });
  for (;;) {
    const next = [...evaluations, { ...evaluation, name: `Hold-out ${evaluations.length + 1}` }];
    if (contentWith(next).length > mostCharacters) return contentWith(evaluations);
    evaluations.push(...next.slice(-1));
  }
}
