import {
  CreateModelCardCommand,
  DescribeModelCardCommand,
  SageMakerClient,
  UpdateModelCardCommand,
} from "@aws-sdk/client-sagemaker";
import lifecycleSettings from "../lifecycle.config.ts";
import { filledContent, firstContent } from "../local/story/content.ts";
import { approveAt } from "../local/story/approver.ts";
import { Announcements } from "./announcements.ts";
import { ApprovalMails } from "./approval-mails.ts";
import { clientConfig } from "./client-config.ts";
import type { Server } from "./server.ts";

/** Takes cards from `Draft` to production as people do it: by the SDK, the mail and the approval page, over HTTP. */
export interface Journeys {
  /**
   * Takes one new card all the way.
   *
   * @returns milliseconds from its creation until production has it.
   */
  play(): Promise<number>;
  /**
   * Takes many new cards all the way.
   *
   * @returns milliseconds until all are there.
   */
  playMany(count: number, atATime: number): Promise<number>;
  close(): Promise<void>;
}

export async function openJourneys(server: Server): Promise<Journeys> {
  const { modelCardAccountId, lifecycles } = lifecycleSettings;
  const [dev, test, prod] = lifecycles[0]?.stages ?? [];
  if (dev === undefined || test === undefined || prod === undefined) {
    throw new TypeError("The journey needs a lifecycle with the stages dev, test and prod");
  }
  const ownerConfig = clientConfig(server, modelCardAccountId);
  const owner = new SageMakerClient(ownerConfig);
  const developer = new SageMakerClient(clientConfig(server, dev.accountId));
  const announcements = await Announcements.open(ownerConfig);
  const mails = new ApprovalMails(server.url, lifecycleSettings.approvers[0]?.address ?? "");
  let cards = 0;

  const play = async (): Promise<number> => {
    cards += 1;
    const name = `Card-${cards}`;
    const startedAt = performance.now();
    const { ModelCardArn: ModelCardName = "" } = await owner.send(
      new CreateModelCardCommand({
        ModelCardName: name,
        Content: JSON.stringify(firstContent),
        ModelCardStatus: "Draft",
      }),
    );
    await announcements.granted(ModelCardName, dev.name);
    await developer.send(
      new UpdateModelCardCommand({ ModelCardName, Content: JSON.stringify(filledContent) }),
    );
    await developer.send(new UpdateModelCardCommand({ ModelCardName, ModelCardStatus: "PendingReview" }));
    await announcements.granted(ModelCardName, test.name);
    await approveAt(await mails.linkAbout(name));
    await announcements.granted(ModelCardName, prod.name);
    const tookMs = performance.now() - startedAt;

    const { ModelCardStatus } = await owner.send(new DescribeModelCardCommand({ ModelCardName }));
    if (ModelCardStatus !== "Approved") throw new Error(`${name} arrived in status ${ModelCardStatus}`);
    return tookMs;
  };

  return {
    play,
    async playMany(count, atATime) {
      const startedAt = performance.now();
      let left = count;
      const playNext = async (): Promise<void> => {
        while (left > 0) {
          left -= 1;
          await play();
        }
      };
      await Promise.all(Array.from({ length: atATime }, playNext));
      return performance.now() - startedAt;
    },
    async close() {
      mails.close();
      await announcements.close();
    },
  };
}
