import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateModelCardCommand,
  CreateModelCardExportJobCommand,
  type CreateModelCardExportJobCommandInput,
  DeleteModelCardCommand,
  DescribeModelCardExportJobCommand,
  ListModelCardExportJobsCommand,
  type ListModelCardExportJobsCommandInput,
  paginateListModelCardExportJobs,
  UpdateModelCardCommand,
} from "@aws-sdk/client-sagemaker";
import { describe, expect, it } from "vitest";
import { type ModelCardBehaviour, defaultModelCardBehaviour } from "../../../local/sagemaker/sagemaker.ts";
import { collect, errorOf } from "../identity/local-identity.ts";
import { sdkClientSettings } from "../sdk-request-handler.ts";
import { calledAs, userOf } from "./callers.ts";
import { pdfText } from "./pdf/pdf-text.ts";
import { ownerAccountId, region, startSageMaker } from "./sagemaker-in-process.ts";

const bucket = "exported-cards";
const jobArn = (name: string, card = "churn") =>
  `arn:aws:sagemaker:${region}:${ownerAccountId}:model-card/${card}/export-job/${name}`;

/** SageMaker with the card `churn` and a bucket for it. */
async function startWithCard(behaviour: Partial<ModelCardBehaviour> = {}) {
  const started = startSageMaker(behaviour);
  const { client, context, s3 } = started;
  s3.putBucket({ name: bucket, accountId: ownerAccountId, region });
  const create = (ModelCardName: string) =>
    client.send(new CreateModelCardCommand({ ModelCardName, Content: "{}", ModelCardStatus: "Draft" }));
  await create("churn");
  const describe = (ModelCardExportJobArn: string) =>
    client.send(new DescribeModelCardExportJobCommand({ ModelCardExportJobArn }));
  return {
    ...started,
    create,
    describe,
    start: async (input: Partial<CreateModelCardExportJobCommandInput> = {}) => {
      const { ModelCardExportJobArn = "" } = await client.send(
        new CreateModelCardExportJobCommand({
          ModelCardName: "churn",
          ModelCardExportJobName: "first",
          OutputConfig: { S3OutputPath: `s3://${bucket}/exports/` },
          ...input,
        }),
      );
      return ModelCardExportJobArn;
    },
    /** The job once it is over. */
    ended: async (arn: string) => {
      await context.clock.advance(started.behaviour.exportingMs);
      for (;;) {
        const job = await describe(arn);
        if (job.Status !== "InProgress") return job;
        await context.clock.advance(0);
      }
    },
    list: async (input: Partial<ListModelCardExportJobsCommandInput> = {}) => {
      const { ModelCardExportJobSummaries = [] } = await client.send(
        new ListModelCardExportJobsCommand({ ModelCardName: "churn", ...input }),
      );
      return ModelCardExportJobSummaries.map(({ ModelCardExportJobName }) => ModelCardExportJobName);
    },
    /** The text of an exported PDF. */
    read: async (uri = "") => {
      const [, , Bucket, ...key] = uri.split("/");
      const { Body, ContentType } = await new S3Client(
        sdkClientSettings(calledAs(s3.service, userOf(ownerAccountId)), { region }),
      ).send(new GetObjectCommand({ Bucket, Key: key.join("/") }));
      expect(ContentType).toBe("application/pdf");
      return pdfText((await Body?.transformToByteArray()) ?? new Uint8Array());
    },
  };
}

describe("CreateModelCardExportJob", () => {
  it("is in progress until its time has come, and then tells where the PDF is", async () => {
    const { start, describe, ended, read, context } = await startWithCard({ exportingMs: 5_000 });
    const created = context.clock.now();

    const arn = await start();
    const before = await describe(arn);
    await context.clock.advance(4_999);
    const still = await describe(arn);
    await context.clock.advance(1);
    const after = await ended(arn);

    expect(arn).toBe(jobArn("first"));
    expect(before).toMatchObject({
      ModelCardExportJobName: "first",
      ModelCardExportJobArn: arn,
      Status: "InProgress",
      ModelCardName: "churn",
      ModelCardVersion: 1,
      OutputConfig: { S3OutputPath: `s3://${bucket}/exports/` },
      CreatedAt: created,
      LastModifiedAt: created,
    });
    expect(before.ExportArtifacts).toBeUndefined();
    expect(still.Status).toBe("InProgress");
    expect(after).toMatchObject({
      Status: "Completed",
      CreatedAt: created,
      ExportArtifacts: { S3ExportArtifacts: `s3://${bucket}/exports/churn/first.pdf` },
    });
    expect(after.LastModifiedAt?.getTime()).toBeGreaterThanOrEqual(created.getTime() + 5_000);
    expect(after.FailureReason).toBeUndefined();
    expect(await read(after.ExportArtifacts?.S3ExportArtifacts)).toContain(
      "churn\nStatus\nDraft\nVersion\n1\n",
    );
  });

  it("exports the latest version, or the one that is asked for, by name or by ARN", async () => {
    const { client, start, ended, read } = await startWithCard();
    await client.send(
      new UpdateModelCardCommand({
        ModelCardName: "churn",
        Content: '{"model_overview":{"model_owner":"the second version"}}',
      }),
    );

    const latest = await ended(await start());
    const first = await ended(
      await start({
        ModelCardName: `arn:aws:sagemaker:${region}:${ownerAccountId}:model-card/churn`,
        ModelCardExportJobName: "old",
        ModelCardVersion: 1,
        OutputConfig: { S3OutputPath: `s3://${bucket}` },
      }),
    );

    expect([latest.ModelCardVersion, first.ModelCardVersion]).toStrictEqual([2, 1]);
    expect(first.ExportArtifacts?.S3ExportArtifacts).toBe(`s3://${bucket}/churn/old.pdf`);
    expect(await read(latest.ExportArtifacts?.S3ExportArtifacts)).toContain("the second version");
    expect(await read(first.ExportArtifacts?.S3ExportArtifacts)).not.toContain("the second version");
  });

  it("fails, and says why, where the PDF cannot be written", async () => {
    const { start, ended } = await startWithCard();

    const job = await ended(await start({ OutputConfig: { S3OutputPath: "s3://nobody-has-this/exports" } }));

    const long = `s3://${bucket}/${"x".repeat(1_000)}`;
    const tooLong = await ended(
      await start({ ModelCardExportJobName: "x".repeat(63), OutputConfig: { S3OutputPath: long } }),
    );

    expect(job).toMatchObject({ Status: "Failed", FailureReason: "The specified bucket does not exist" });
    expect(tooLong).toMatchObject({ Status: "Failed", FailureReason: "Your key is too long" });
    expect(job.ExportArtifacts).toBeUndefined();
  });

  it("fails where the card is being deleted meanwhile, and goes with the card", async () => {
    const { client, start, ended, describe, context, create, list } = await startWithCard({
      exportingMs: 1_000,
      deletingMs: 60_000,
    });
    const arn = await start();

    await client.send(new DeleteModelCardCommand({ ModelCardName: "churn" }));
    await context.clock.advance(1_000);
    const job = await ended(arn);
    await context.clock.advance(60_000);
    const gone = await errorOf(describe(arn));
    await create("churn");

    expect(job).toMatchObject({ Status: "Failed", FailureReason: "Model card is being deleted" });
    expect(gone.name).toBe("ResourceNotFound");
    expect(await list()).toStrictEqual([]);
    expect(await start()).toBe(arn);
  });

  it("exports a card that is archived", async () => {
    const { client, start, ended } = await startWithCard();
    await client.send(new UpdateModelCardCommand({ ModelCardName: "churn", ModelCardStatus: "Archived" }));

    expect(await ended(await start())).toMatchObject({ Status: "Completed" });
  });

  it("refuses a name that the card's jobs have already, also after they are over", async () => {
    const { start, ended, create } = await startWithCard();
    await ended(await start());
    await create("other");

    expect(await errorOf(start())).toMatchObject({ name: "ConflictException", status: 400 });
    expect(await start({ ModelCardName: "other" })).toBe(jobArn("first", "other"));
  });

  it("refuses a card and a version that are not there", async () => {
    const { start } = await startWithCard();

    expect(await errorOf(start({ ModelCardName: "nothing" }))).toMatchObject({
      name: "ResourceNotFound",
      message: "Modelcard nothing does not exist",
    });
    expect(await errorOf(start({ ModelCardVersion: 2 }))).toMatchObject({
      name: "ResourceNotFound",
      message: "Modelcard with name churn and version: 2 does not exist",
    });
  });

  it("refuses one job more than an account may have under way", async () => {
    const { start, ended } = await startWithCard({ exportingMs: 1_000, exportJobsAtOnce: 2 });
    for (const ModelCardExportJobName of ["one", "two"]) await start({ ModelCardExportJobName });

    const refusal = await errorOf(start({ ModelCardExportJobName: "one-too-many" }));
    await ended(jobArn("one"));
    await start({ ModelCardExportJobName: "one-more" });

    expect(defaultModelCardBehaviour.exportJobsAtOnce).toBe(20);
    expect(refusal).toMatchObject({
      name: "ResourceLimitExceeded",
      message: expect.stringMatching(/is 2 Model Card Export Jobs, with current utilization of 2 /),
    });
  });

  it.each([
    [{ ModelCardExportJobName: "a_b" }, "Value 'a_b' at 'modelCardExportJobName'"],
    [{ ModelCardExportJobName: "x".repeat(64) }, "'modelCardExportJobName'"],
    [{ ModelCardName: "a b" }, "Value 'a b' at 'modelCardName'"],
    [{ OutputConfig: { S3OutputPath: "ftp://x" } }, "Value 'ftp://x' at 'outputConfig.s3OutputPath'"],
    [{ OutputConfig: { S3OutputPath: `s3://x/${"y".repeat(1024)}` } }, "'outputConfig.s3OutputPath'"],
    [{ OutputConfig: { S3OutputPath: "https://x/y" } }, "S3OutputPath must begin with s3://."],
    [{ ModelCardName: "arn:aws:sagemaker:us-east-1:111111111111:model-card/churn" }, "The Region us-east-1"],
  ])("refuses %j", async (input, message) => {
    const { start } = await startWithCard();

    expect(await errorOf(start(input))).toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining(message),
      status: 400,
    });
  });
});

describe("DescribeModelCardExportJob", () => {
  it("refuses a job that is not there, and an ARN of something else or from elsewhere", async () => {
    const { describe } = await startWithCard();
    const elsewhere = jobArn("first").replace(region, "us-east-1");

    expect(await errorOf(describe(jobArn("first")))).toMatchObject({ name: "ResourceNotFound", status: 400 });
    expect(await errorOf(describe(jobArn("first").replace("/export-job/", "/")))).toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining("at 'modelCardExportJobArn' failed to satisfy constraint"),
    });
    expect(await errorOf(describe(elsewhere))).toMatchObject({ name: "ValidationException" });
  });
});

describe("ListModelCardExportJobs", () => {
  /** The jobs `b`, `c` and `a`, a second after each other; `c` has failed, and `a` is of version 2 and not over. */
  async function startWithJobs() {
    const started = await startWithCard();
    const { start, ended, client, context, behaviour } = started;
    await ended(await start({ ModelCardExportJobName: "b" }));
    await context.clock.advance(1_000);
    await ended(await start({ ModelCardExportJobName: "c", OutputConfig: { S3OutputPath: "s3://nowhere" } }));
    await context.clock.advance(1_000);
    await client.send(new UpdateModelCardCommand({ ModelCardName: "churn", Content: "{}" }));
    behaviour.exportingMs = 60_000;
    await start({ ModelCardExportJobName: "a" });
    return started;
  }

  it("sums the jobs of one card up", async () => {
    const { client, create, start } = await startWithJobs();
    await create("other");
    await start({ ModelCardName: "other" });

    const { ModelCardExportJobSummaries } = await client.send(
      new ListModelCardExportJobsCommand({ ModelCardName: "churn", SortBy: "Name", MaxResults: 1 }),
    );

    expect(ModelCardExportJobSummaries).toStrictEqual([
      {
        ModelCardExportJobName: "a",
        ModelCardExportJobArn: jobArn("a"),
        Status: "InProgress",
        ModelCardName: "churn",
        ModelCardVersion: 2,
        CreatedAt: expect.any(Date),
        LastModifiedAt: expect.any(Date),
      },
    ]);
  });

  it("sorts by creation time, name or status, in either direction", async () => {
    const { list } = await startWithJobs();

    expect(await list()).toStrictEqual(["b", "c", "a"]);
    expect(await list({ SortOrder: "Descending" })).toStrictEqual(["a", "c", "b"]);
    expect(await list({ SortBy: "Name" })).toStrictEqual(["a", "b", "c"]);
    expect(await list({ SortBy: "Status" })).toStrictEqual(["b", "c", "a"]);
    expect(await list({ SortBy: "Status", SortOrder: "Descending" })).toStrictEqual(["a", "c", "b"]);
  });

  it("filters by version, status, name and time", async () => {
    const { list, describe } = await startWithJobs();
    const { CreatedAt } = await describe(jobArn("c"));

    expect(await list({ ModelCardVersion: 2 })).toStrictEqual(["a"]);
    expect(await list({ StatusEquals: "Failed" })).toStrictEqual(["c"]);
    expect(await list({ StatusEquals: "Completed" })).toStrictEqual(["b"]);
    expect(await list({ ModelCardExportJobNameContains: "B" })).toStrictEqual(["b"]);
    expect(await list({ CreationTimeAfter: CreatedAt })).toStrictEqual(["a"]);
    expect(await list({ CreationTimeBefore: CreatedAt })).toStrictEqual(["b"]);
  });

  it("pages, and takes a token only for the list that it was given out for", async () => {
    const { client, list } = await startWithJobs();

    const pages = await collect(
      paginateListModelCardExportJobs({ client, pageSize: 2 }, { ModelCardName: "churn" }),
    );
    const NextToken = pages[0]?.NextToken;

    expect(
      pages.map(({ ModelCardExportJobSummaries = [] }) =>
        ModelCardExportJobSummaries.map(({ ModelCardExportJobName }) => ModelCardExportJobName),
      ),
    ).toStrictEqual([["b", "c"], ["a"]]);
    expect(await errorOf(list({ NextToken, SortBy: "Name" }))).toMatchObject({ name: "ValidationException" });
  });

  it("takes the name of a card and no ARN, and lists nothing of a card that is not there", async () => {
    const { list } = await startWithJobs();
    const ModelCardName = `arn:aws:sagemaker:${region}:${ownerAccountId}:model-card/churn`;

    expect(await errorOf(list({ ModelCardName }))).toMatchObject({ name: "ValidationException" });
    expect(await errorOf(list({ MaxResults: 101 }))).toMatchObject({ name: "ValidationException" });
    expect(await list({ ModelCardName: "nothing" })).toStrictEqual([]);
  });
});
