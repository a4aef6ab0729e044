import { createQuerySources } from "../../queries/sources.ts";
import lifecycleSettings from "../../lifecycle.config.ts";
import { functionNameOf } from "../../stacks/definitions/functions.ts";
import { atRest, happened, mediumRisk } from "../workflow/reviews.ts";
import { createTestCloud, region } from "../workflow/test-cloud.ts";

/** Cards in several states: approved here, approved outside, in review, draft, and one whose promotion failed. */
export async function organisation() {
  const test = createTestCloud({ settings: lifecycleSettings });
  const approved = await test.createCard("approved", "PendingReview", mediumRisk);
  await test.until("the mail", () => (test.links("approved").length > 0 ? true : undefined));
  await test.post(test.links("approved")[0] ?? "", "approve");
  await happened(test, approved, "AccessGranted prod");
  const outside = await test.createCard("outside", "Approved", mediumRisk);
  await happened(test, outside, "AccessGranted prod");
  const review = await test.createCard("review", "PendingReview", mediumRisk);
  await test.until("the mail", () => (test.links("review").length > 0 ? true : undefined));
  const draft = await test.createCard("draft");
  await happened(test, draft, "AccessGranted dev");
  await atRest(test, 1);
  const broken = await test.breakFunction(functionNameOf("grant-access"));
  const failed = await test.createCard("failed");
  await happened(test, failed, "PromotionFailed");
  await atRest(test, 1);
  const sources = createQuerySources(test.cloud.administratorRuntime(region), region);
  return { test, sources, broken, arns: { approved, outside, review, draft, failed } };
}
