import { CreateResourceShareCommand } from "@aws-sdk/client-ram";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateModelCardExportJobCommand,
  DescribeModelCardExportJobCommand,
  ListModelCardExportJobsCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, describe, expect, it } from "vitest";
import { defineSettings } from "../../../functions/lifecycle/settings.ts";
import lifecycleSettings from "../../../lifecycle.config.ts";
import type { LocalCloudOptions } from "../../../local/cloud.ts";
import { evidenceBucket } from "../../../stacks/definitions/evidence-bucket.ts";
import { type Restart, accounts, createTestCloud, region } from "../../workflow/test-cloud.ts";
import { errorOf } from "../identity/local-identity.ts";
import { journalDirectories } from "../journal-directory.ts";
import { pdfText } from "./pdf/pdf-text.ts";
// Loading it takes real time, which virtual time would run away from.
import "../../../local/sagemaker/pdf/model-card-pdf.ts";

const { policyVersion: _derived, ...input } = lifecycleSettings;
const settings = defineSettings({
  ...input,
  deployment: { ...input.deployment, personas: { exportBuckets: ["devs-exports"] } },
});
const evidence = evidenceBucket({ modelCardAccountId: accounts.owner, region }).bucketName;
const allowExport = "arn:aws:ram::aws:permission/AWSRAMPermissionSageMakerModelCardsAllowExport";

const directories = journalDirectories();
afterAll(() => directories.removeAll());

/** All services, with the clients of accounts and of the data scientists' role in dev. */
function startCloud(options: Partial<LocalCloudOptions> & { restart?: Restart } = {}) {
  const test = createTestCloud({ settings, ...options });
  const config = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) => ({
    endpoint: "http://aws.test",
    region,
    credentials,
    requestHandler: test.cloud.requestHandler,
    maxAttempts: 1,
  });
  const administrator = (accountId: string) => config({ accessKeyId: accountId, secretAccessKey: "any" });
  const jobOf = (ModelCardExportJobArn: string, by: SageMakerClient) =>
    by.send(new DescribeModelCardExportJobCommand({ ModelCardExportJobArn }));
  return {
    ...test,
    jobOf,
    s3: (accountId: string) => new S3Client(administrator(accountId)),
    async dataScientist(): Promise<SageMakerClient> {
      const { Credentials } = await new STSClient(administrator(accounts.dev)).send(
        new AssumeRoleCommand({
          RoleArn: `arn:aws:iam::${accounts.dev}:role/cardway-data-scientist`,
          RoleSessionName: "test",
        }),
      );
      return new SageMakerClient(
        config({
          accessKeyId: Credentials?.AccessKeyId ?? "",
          secretAccessKey: Credentials?.SecretAccessKey ?? "",
          sessionToken: Credentials?.SessionToken ?? "",
        }),
      );
    },
    /** Shares a card with dev so that it can export it. */
    shareForExport: (modelCardArn: string) =>
      test.ram(accounts.owner).send(
        new CreateResourceShareCommand({
          name: "export",
          principals: [accounts.dev],
          resourceArns: [modelCardArn],
          permissionArns: [allowExport],
        }),
      ),
    async export(by: SageMakerClient, modelCardArn: string, bucket: string, name = "first"): Promise<string> {
      const { ModelCardExportJobArn = "" } = await by.send(
        new CreateModelCardExportJobCommand({
          ModelCardName: modelCardArn,
          ModelCardExportJobName: name,
          OutputConfig: { S3OutputPath: `s3://${bucket}/exports` },
        }),
      );
      return ModelCardExportJobArn;
    },
    ended: (arn: string, by: SageMakerClient) =>
      test.until("the export is over", async () => {
        const job = await jobOf(arn, by);
        return job.Status === "InProgress" ? undefined : job;
      }),
  };
}

describe("an export", () => {
  it("goes to the bucket for evidence, which is there from the start", async () => {
    const { createCard, owner, export: exported, ended, s3 } = startCloud();
    const card = await createCard("churn");

    const { ExportArtifacts } = await ended(await exported(owner, card, evidence), owner);
    const { Buckets } = await s3(accounts.owner).send(new ListBucketsCommand({}));
    const { Contents } = await s3(accounts.owner).send(new ListObjectsV2Command({ Bucket: evidence }));

    expect(Buckets?.map(({ Name }) => Name)).toStrictEqual([evidence]);
    expect(ExportArtifacts?.S3ExportArtifacts).toBe(`s3://${evidence}/exports/churn/first.pdf`);
    expect(Contents?.map(({ Key }) => Key)).toStrictEqual(["exports/churn/first.pdf"]);
  });

  it("of a shared card belongs to the card's account, and goes to the bucket of who asked for it", async () => {
    const { createCard, owner, shareForExport, dataScientist, export: exported, ended, s3 } = startCloud();
    const card = await createCard("churn");
    await shareForExport(card);
    await s3(accounts.dev).send(new CreateBucketCommand({ Bucket: "devs-exports" }));
    const scientist = await dataScientist();

    const arn = await exported(scientist, card, "devs-exports");
    const job = await ended(arn, scientist);
    const { ModelCardExportJobSummaries } = await owner.send(
      new ListModelCardExportJobsCommand({ ModelCardName: "churn" }),
    );
    const { Body } = await s3(accounts.dev).send(
      new GetObjectCommand({ Bucket: "devs-exports", Key: "exports/churn/first.pdf" }),
    );

    expect(arn).toBe(`${card}/export-job/first`);
    expect(job.Status).toBe("Completed");
    expect(ModelCardExportJobSummaries).toMatchObject([{ ModelCardExportJobArn: arn, Status: "Completed" }]);
    expect(pdfText((await Body?.transformToByteArray()) ?? new Uint8Array())).toContain(card.split("/")[0]);
  });

  it("needs a share that allows exporting, to ask for it and to see it", async () => {
    const { createCard, owner, shareByHand, sageMaker, export: exported, ended, jobOf } = startCloud();
    const card = await createCard("churn");
    const arn = await exported(owner, card, evidence);
    await ended(arn, owner);
    await shareByHand([card], [accounts.stranger]);
    const dev = sageMaker(accounts.dev);

    for (const call of [exported(dev, card, "devs-exports", "second"), jobOf(arn, dev)]) {
      expect(await errorOf(call)).toMatchObject({
        name: "AccessDeniedException",
        message: expect.stringMatching(
          /because no resource-based policy allows the sagemaker:\w+ExportJob action/,
        ),
      });
    }
  });

  it("fails where who asked for it may not write there themselves, and says so", async () => {
    const {
      createCard,
      shareForExport,
      dataScientist,
      sageMaker,
      export: exported,
      ended,
      s3,
    } = startCloud();
    const card = await createCard("churn");
    await shareForExport(card);
    await s3(accounts.dev).send(new CreateBucketCommand({ Bucket: "other-exports" }));
    const scientist = await dataScientist();
    const dev = sageMaker(accounts.dev);

    const unmentioned = await ended(await exported(scientist, card, "other-exports", "one"), scientist);
    const owners = await ended(await exported(dev, card, evidence, "two"), dev);

    expect(unmentioned).toMatchObject({
      Status: "Failed",
      FailureReason: expect.stringContaining(
        "because no identity-based policy allows the s3:PutObject action",
      ),
    });
    expect(owners).toMatchObject({
      Status: "Failed",
      FailureReason: expect.stringContaining(
        "because no resource-based policy allows the s3:PutObject action",
      ),
    });
  });

  it("goes on after a restart, with the rest of its time", async () => {
    const behaviour = { modelCardBehaviour: { exportingMs: 60_000 } };
    const directory = directories.make();
    const before = startCloud({
      ...behaviour,
      restart: {
        journal: directories.open(directory),
        generation: 0,
        now: new Date("2026-01-01T00:00:00.000Z"),
      },
    });
    const card = await before.createCard("churn");
    const arn = await before.export(before.owner, card, evidence);
    await before.clock.advance(40_000);

    const { journal } = directories.kill(directory);
    const after = startCloud({ ...behaviour, restart: { journal, generation: 1, now: before.clock.now() } });
    const still = await after.jobOf(arn, after.owner);
    const begun = after.clock.now().getTime();
    const job = await after.ended(arn, after.owner);

    expect(still.Status).toBe("InProgress");
    expect(job.Status).toBe("Completed");
    expect((job.LastModifiedAt?.getTime() ?? 0) - begun).toBeLessThan(25_000);
  });
});
