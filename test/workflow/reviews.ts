import { createTestCloud } from "./test-cloud.ts";

export type TestCloud = ReturnType<typeof createTestCloud>;

export const approver = "model-approver@example.com";
export const officer = "risk-officer@example.com";
export const deputy = "head-of-models@example.com";
export const authors = "data-science@example.com";

export const mediumRisk = { intended_uses: { risk_rating: "Medium" } };
export const highRisk = { intended_uses: { risk_rating: "High" } };

/** A card in review whose mails are out and whose execution waits. */
export async function inReview(
  content: object,
  mails: number,
  options: Parameters<typeof createTestCloud>[0],
): Promise<{ test: TestCloud; modelCardArn: string }> {
  const test = createTestCloud(options);
  const modelCardArn = await test.createCard("churn", "PendingReview", content);
  await test.until("the mails", () => (test.links("churn").length >= mails ? true : undefined));
  await atRest(test, 1);
  return { test, modelCardArn };
}

/** Waits until no more executions run than those that wait for approvers. */
export async function atRest(test: TestCloud, waiting = 0): Promise<void> {
  await test.until("rest", async () => {
    const running = (await test.executions()).filter(({ status }) => status === "RUNNING");
    return running.length === waiting ? true : undefined;
  });
}

/** Waits for an effect, for example `AccessGranted prod`. */
export async function happened(
  test: TestCloud,
  modelCardArn: string,
  effect: string,
  times = 1,
): Promise<void> {
  await test.until(effect, async () => {
    const story = await test.story(modelCardArn);
    return story.filter((one) => one === effect).length >= times ? true : undefined;
  });
}

/** The details of a card's effects of one kind, oldest first. */
export async function detailsOf(test: TestCloud, modelCardArn: string, kind: string) {
  const effects = await test.records.effectsOf(modelCardArn);
  return effects.filter(({ detailType }) => detailType === kind).map(({ detail }) => detail);
}

/** Addresses of all mails, oldest first. */
export function recipients(test: TestCloud): string[] {
  return test.cloud.ses.messages().flatMap(({ Destination }) => Destination.ToAddresses);
}

/** Subjects of the mails to an address, oldest first. */
export function subjectsTo(test: TestCloud, address: string): string[] {
  return test.cloud.ses
    .messages()
    .filter(({ Destination }) => Destination.ToAddresses.includes(address))
    .map(({ Subject }) => Subject);
}

/** Path of the link in the newest mail with a link to an address. */
export function linkOf(test: TestCloud, address: string): string {
  const links = test.cloud.ses
    .messages()
    .filter(({ Destination }) => Destination.ToAddresses.includes(address))
    .flatMap(
      ({ Body }) => /http:\/\/approvals\.test(\/approvals\/\S+)/.exec(Body.text_part ?? "")?.[1] ?? [],
    );
  return links.at(-1) ?? "";
}
