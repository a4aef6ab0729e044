import {
  CreateModelCardCommand,
  DeleteModelCardCommand,
  DescribeModelCardCommand,
  ListModelCardsCommand,
  ListModelCardVersionsCommand,
  type ModelCardStatus,
  type SageMakerClient,
  UpdateModelCardCommand,
} from "@aws-sdk/client-sagemaker";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { modelCardStatuses } from "../../../events/model-card.ts";
import { roleOf, userOf } from "./callers.ts";
import { ownerAccountId, region, startSageMaker } from "./sagemaker-in-process.ts";

const arn = `arn:aws:sagemaker:${region}:${ownerAccountId}:model-card/churn`;

function create(
  client: SageMakerClient,
  input: { status?: ModelCardStatus; content?: string; name?: string } = {},
) {
  const { status = "Draft", content = "{}", name = "churn" } = input;
  return client.send(
    new CreateModelCardCommand({ ModelCardName: name, Content: content, ModelCardStatus: status }),
  );
}

function describeCard(client: SageMakerClient, version?: number) {
  return client.send(new DescribeModelCardCommand({ ModelCardName: "churn", ModelCardVersion: version }));
}

function setStatus(client: SageMakerClient, status: ModelCardStatus) {
  return client.send(new UpdateModelCardCommand({ ModelCardName: "churn", ModelCardStatus: status }));
}

function setContent(client: SageMakerClient, content: string) {
  return client.send(new UpdateModelCardCommand({ ModelCardName: "churn", Content: content }));
}

describe("CreateModelCard", () => {
  it("dates creation and last change of a new card with the same instant", async () => {
    const { client, context } = startSageMaker();
    let readings = 0;
    const { clock } = context;
    const start = clock.now().getTime();
    clock.now = () => new Date(start + (readings += 1));

    await create(client);

    const { CreationTime, LastModifiedTime } = await describeCard(client);
    expect(LastModifiedTime).toStrictEqual(CreationTime);
  });

  it("refuses content that is nested deeper than AWS's services read", async () => {
    const { client } = startSageMaker();
    const content = `{"model_package_details":{"later":${"[".repeat(40_000)}${"]".repeat(40_000)}}}`;

    await expect(create(client, { content })).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("answers with the card's ARN and keeps all that was sent", async () => {
    const { client, context } = startSageMaker();
    const content = '{ "model_overview": {\n "model_description": "naïve" } }';

    const { ModelCardArn } = await client.send(
      new CreateModelCardCommand({
        ModelCardName: "churn",
        Content: content,
        ModelCardStatus: "PendingReview",
        SecurityConfig: { KmsKeyId: "alias/cards" },
      }),
    );

    expect(ModelCardArn).toBe(arn);
    const { $metadata: _metadata, ...card } = await describeCard(client);
    expect(card).toStrictEqual({
      ModelCardArn: arn,
      ModelCardName: "churn",
      ModelCardVersion: 1,
      Content: content,
      ModelCardStatus: "PendingReview",
      SecurityConfig: { KmsKeyId: "alias/cards" },
      CreationTime: context.clock.now(),
      CreatedBy: {},
      LastModifiedTime: context.clock.now(),
      LastModifiedBy: {},
    });
  });

  it("refuses a name that is taken", async () => {
    const { client } = startSageMaker();
    await create(client);

    await expect(create(client)).rejects.toMatchObject({
      name: "ConflictException",
      message: "Modelcard churn already exists",
    });
  });

  it("keeps accounts and regions apart", async () => {
    const { client, clientOf } = startSageMaker();
    await create(client);

    await create(clientOf(userOf("222222222222")));
    await create(clientOf(userOf(ownerAccountId), "us-east-1"));

    const { ModelCardSummaries } = await client.send(new ListModelCardsCommand({}));
    expect(ModelCardSummaries).toHaveLength(1);
  });

  it.each(["", "-churn", "churn-", "chu rn", "chürn", "c".repeat(64)])(
    "refuses the name %j",
    async (name) => {
      const { client } = startSageMaker();

      await expect(create(client, { name })).rejects.toMatchObject({ name: "ValidationException" });
    },
  );

  it("words a broken constraint as AWS does", async () => {
    const { client } = startSageMaker();

    await expect(create(client, { name: "chu rn" })).rejects.toMatchObject({
      message:
        "1 validation error detected: Value 'chu rn' at 'modelCardName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}",
    });
  });

  it("refuses content that is too long without repeating it", async () => {
    const { client } = startSageMaker();
    const content = JSON.stringify({
      additional_information: { ethical_considerations: "secret ".repeat(20_000) },
    });

    const refusal = await create(client, { content }).catch((error: unknown) => error);

    expect(refusal).toMatchObject({ name: "ValidationException" });
    expect(String(refusal)).toContain(
      "'content' failed to satisfy constraint: Member must have length less than",
    );
    expect(String(refusal)).not.toContain("secret");
  });

  it("takes exactly 100,000 characters", async () => {
    const { client } = startSageMaker();

    await create(client, { content: `{}${" ".repeat(99_998)}` });

    await expect(create(client, { content: `{}${" ".repeat(99_999)}` })).rejects.toMatchObject({
      name: "ValidationException",
    });
  });
});

describe("DescribeModelCard", () => {
  it("shows the latest version, or the one asked for", async () => {
    const { client, context } = startSageMaker();
    await create(client);
    const creationTime = context.clock.now();
    await context.clock.advance(60_000);
    await setContent(client, '{"intended_uses":{"risk_rating":"High"}}');

    const latest = await describeCard(client);
    const first = await describeCard(client, 1);

    expect(latest).toMatchObject({
      ModelCardVersion: 2,
      Content: '{"intended_uses":{"risk_rating":"High"}}',
    });
    expect(latest).toMatchObject({ CreationTime: creationTime, LastModifiedTime: context.clock.now() });
    expect(first).toMatchObject({ ModelCardVersion: 1, Content: "{}", LastModifiedTime: creationTime });
  });

  it("takes the card's ARN for its name", async () => {
    const { client } = startSageMaker();
    await create(client);

    const card = await client.send(new DescribeModelCardCommand({ ModelCardName: arn }));

    expect(card.ModelCardName).toBe("churn");
  });

  it("refuses a card and a version that do not exist", async () => {
    const { client } = startSageMaker();
    await expect(describeCard(client)).rejects.toMatchObject({
      name: "ResourceNotFound",
      message: "Modelcard churn does not exist",
    });

    await create(client);

    for (const version of [0, -1, 2]) {
      await expect(describeCard(client, version)).rejects.toMatchObject({
        name: "ResourceNotFound",
        message: `Modelcard with name churn and version: ${version} does not exist`,
      });
    }
  });

  it.each([
    "arn:aws:sagemaker:us-east-1:111111111111:model-card/churn",
    "arn:aws:sagemaker:eu-west-1:111111111111:model-card/churn/export-job/one",
    "arn:aws:sagemaker:eu-west-1:111111111111:model-card/_churn/a",
  ])("refuses the ARN %s", async (name) => {
    const { client } = startSageMaker();
    await create(client);

    await expect(client.send(new DescribeModelCardCommand({ ModelCardName: name }))).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  it("shows of the content only five members where metadata is asked for", async () => {
    const { client } = startSageMaker();
    const content = {
      model_overview: { model_id: "id-1", model_name: "churn-xgb", model_owner: "Ann" },
      intended_uses: { risk_rating: "High", purpose_of_model: "retention" },
      model_package_details: { model_package_group_name: "group", model_package_arn: "arn:p", task: "x" },
      business_details: { line_of_business: "retail" },
    };
    await create(client, { content: JSON.stringify(content) });

    const card = await client.send(
      new DescribeModelCardCommand({ ModelCardName: "churn", IncludedData: "MetadataOnly" }),
    );

    expect(JSON.parse(card.Content ?? "")).toStrictEqual({
      model_overview: { model_id: "id-1", model_name: "churn-xgb" },
      intended_uses: { risk_rating: "High" },
      model_package_details: { model_package_group_name: "group", model_package_arn: "arn:p" },
    });
  });

  it("shows an empty document where there is no metadata", async () => {
    const { client } = startSageMaker();
    await create(client, { content: '{"business_details":{}}' });

    const card = await client.send(
      new DescribeModelCardCommand({ ModelCardName: "churn", IncludedData: "MetadataOnly" }),
    );

    expect(card.Content).toBe("{}");
  });

  it.each([
    { behaviour: "empty" as const, expected: {} },
    {
      behaviour: "iam-identity" as const,
      expected: {
        IamIdentity: {
          Arn: "arn:aws:sts::111111111111:assumed-role/author/session",
          PrincipalId: "AROAauthor:session",
        },
      },
    },
  ])("tells who created and changed a card as $behaviour", async ({ behaviour, expected }) => {
    const { clientOf } = startSageMaker({ userContext: behaviour });
    const author = clientOf(roleOf(ownerAccountId, "author"));
    await create(author);

    const card = await describeCard(author);

    expect(card).toMatchObject({ CreatedBy: expected, LastModifiedBy: expected });
  });

  it("names the editor of each version and the creator of the card", async () => {
    const { client, clientOf } = startSageMaker({ userContext: "iam-identity" });
    await create(client);
    await setContent(clientOf(roleOf(ownerAccountId, "editor")), "{}");

    const card = await describeCard(client);

    expect(card.CreatedBy?.IamIdentity?.Arn).toBe("arn:aws:iam::111111111111:user/lead");
    expect(card.LastModifiedBy?.IamIdentity?.PrincipalId).toBe("AROAeditor:session");
  });
});

describe("UpdateModelCard", () => {
  it("changes the status of the latest version and nothing else", async () => {
    const { client, context } = startSageMaker();
    await create(client);
    await setContent(client, '{"business_details":{}}');
    const before = await describeCard(client, 1);
    await context.clock.advance(1000);

    const { ModelCardArn } = await setStatus(client, "Approved");

    expect(ModelCardArn).toBe(arn);
    expect(await describeCard(client)).toMatchObject({
      ModelCardVersion: 2,
      ModelCardStatus: "Approved",
      Content: '{"business_details":{}}',
      LastModifiedTime: context.clock.now(),
    });
    const { $metadata: _after, ...first } = await describeCard(client, 1);
    const { $metadata: _before, ...expected } = before;
    expect(first).toStrictEqual(expected);
  });

  it.each([
    { statusOfNewVersion: "kept" as const, expected: "Approved" },
    { statusOfNewVersion: "Draft" as const, expected: "Draft" },
  ])("gives a new version the status $expected where it is $statusOfNewVersion", async (given) => {
    const { client } = startSageMaker({ statusOfNewVersion: given.statusOfNewVersion });
    await create(client, { status: "Approved" });

    await setContent(client, '{"business_details":{}}');

    expect(await describeCard(client)).toMatchObject({
      ModelCardVersion: 2,
      ModelCardStatus: given.expected,
    });
    expect(await describeCard(client, 1)).toMatchObject({ ModelCardStatus: "Approved" });
  });

  it("makes a version even of the same content", async () => {
    const { client } = startSageMaker();
    await create(client);

    await setContent(client, "{}");

    expect((await describeCard(client)).ModelCardVersion).toBe(2);
  });

  it("refuses content and status in one call", async () => {
    const { client } = startSageMaker();
    await create(client);

    const update = client.send(
      new UpdateModelCardCommand({ ModelCardName: "churn", Content: "{}", ModelCardStatus: "Approved" }),
    );

    await expect(update).rejects.toMatchObject({
      name: "ValidationException",
      message: "You cannot update both model card content and model card status in a single call.",
    });
  });

  it("refuses a call with neither", async () => {
    const { client } = startSageMaker();
    await create(client);

    await expect(client.send(new UpdateModelCardCommand({ ModelCardName: "churn" }))).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  it("refuses invalid content and keeps the card as it is", async () => {
    const { client, stateChanges } = startSageMaker();
    await create(client);

    await expect(setContent(client, '{"unknown":1}')).rejects.toMatchObject({ name: "ValidationException" });

    expect((await describeCard(client)).ModelCardVersion).toBe(1);
    expect(stateChanges()).toStrictEqual(["Draft@1"]);
  });

  it("refuses more versions than a card can have", async () => {
    const { client } = startSageMaker({ versionsPerCard: 2 });
    await create(client);
    await setContent(client, "{}");

    await expect(setContent(client, "{}")).rejects.toMatchObject({ name: "ResourceLimitExceeded" });
    await expect(setStatus(client, "Approved")).resolves.toBeDefined();
  });

  it("refuses the content of an archived card, or takes it where AWS might", async () => {
    const { client, behaviour } = startSageMaker();
    await create(client, { status: "Archived" });
    await expect(setContent(client, "{}")).rejects.toMatchObject({
      name: "ValidationException",
      message: "Model Card is in Archived state",
    });

    behaviour.archivedRefusesContent = false;

    await expect(setContent(client, "{}")).resolves.toMatchObject({ ModelCardArn: arn });
  });

  it("lets a card leave Archived, or refuses where AWS might", async () => {
    const { client, behaviour } = startSageMaker();
    await create(client, { status: "Archived" });
    await setStatus(client, "Draft");
    await setStatus(client, "Archived");

    behaviour.statusMayLeaveArchived = false;

    await expect(setStatus(client, "Draft")).rejects.toMatchObject({ name: "ValidationException" });
    await expect(setStatus(client, "Archived")).resolves.toBeDefined();
  });

  it("keeps every version as it was but for the status of the latest, whatever happens", async () => {
    const edit = fc.oneof(
      fc.record({ content: fc.string({ maxLength: 20 }) }),
      fc.record({ status: fc.constantFrom(...modelCardStatuses) }),
    );

    await fc.assert(
      fc.asyncProperty(fc.array(edit, { maxLength: 12 }), async (edits) => {
        const { client } = startSageMaker({ archivedRefusesContent: false });
        await create(client);
        const expected = [{ content: "{}", status: "Draft" }];
        for (const change of edits) {
          const latest = expected.at(-1) ?? { content: "", status: "" };
          if ("status" in change) {
            await setStatus(client, change.status);
            latest.status = change.status;
          } else {
            const content = JSON.stringify({
              additional_information: { custom_details: { a: change.content } },
            });
            await setContent(client, content);
            expected.push({ content, status: latest.status });
          }
        }

        const { ModelCardVersionSummaryList: versions = [] } = await client.send(
          new ListModelCardVersionsCommand({ ModelCardName: "churn", MaxResults: 100 }),
        );

        expect(versions.map(({ ModelCardStatus }) => ModelCardStatus)).toStrictEqual(
          expected.map(({ status }) => status),
        );
        for (const [index, { content }] of expected.entries()) {
          expect((await describeCard(client, index + 1)).Content).toBe(content);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe("DeleteModelCard", () => {
  const remove = (client: SageMakerClient, name = "churn") =>
    client.send(new DeleteModelCardCommand({ ModelCardName: name }));

  it("deletes the card with all its versions, so that the name is free again", async () => {
    const { client, findModelCard } = startSageMaker();
    await create(client);
    await setContent(client, "{}");
    expect(findModelCard(arn)).toBeDefined();

    await remove(client);

    expect(findModelCard(arn)).toBeUndefined();
    await expect(describeCard(client)).rejects.toMatchObject({ name: "ResourceNotFound" });
    await create(client);
    expect((await describeCard(client)).ModelCardVersion).toBe(1);
  });

  it("takes its time where it is asked to", async () => {
    const { client, context, findModelCard } = startSageMaker({ deletingMs: 60_000 });
    await create(client);

    await remove(client);

    const isBeingDeleted = { name: "ValidationException", message: "Model card is being deleted" };
    await expect(describeCard(client)).rejects.toMatchObject(isBeingDeleted);
    await expect(setStatus(client, "Draft")).rejects.toMatchObject(isBeingDeleted);
    await expect(create(client)).rejects.toMatchObject({ name: "ConflictException" });
    await expect(remove(client)).rejects.toMatchObject({ name: "ConflictException" });
    expect((await client.send(new ListModelCardsCommand({}))).ModelCardSummaries).toHaveLength(1);
    expect(findModelCard(arn)).toBeUndefined();
    await context.clock.advance(60_000);
    expect((await client.send(new ListModelCardsCommand({}))).ModelCardSummaries).toHaveLength(0);
    await expect(describeCard(client)).rejects.toMatchObject({ name: "ResourceNotFound" });
  });

  it("refuses a card that does not exist, and an ARN", async () => {
    const { client } = startSageMaker();

    await expect(remove(client)).rejects.toMatchObject({ name: "ResourceNotFound" });
    await expect(remove(client, arn)).rejects.toMatchObject({ name: "ValidationException" });
  });
});

describe("state change events", () => {
  it("are sent for creation, content and status", async () => {
    const { client, stateChanges } = startSageMaker();
    await create(client);
    await setContent(client, "{}");
    await setStatus(client, "PendingReview");
    await client.send(new DeleteModelCardCommand({ ModelCardName: "churn" }));

    expect(stateChanges()).toStrictEqual(["Draft@1", "Draft@2", "PendingReview@2"]);
  });

  it("are left out or added as AWS might", async () => {
    const { client, stateChanges } = startSageMaker({
      emitsOnCreate: false,
      emitsOnContentUpdate: false,
      emitsOnDelete: true,
      eventCopies: 2,
    });
    await create(client);
    await setContent(client, "{}");
    await setStatus(client, "PendingReview");
    await client.send(new DeleteModelCardCommand({ ModelCardName: "churn" }));

    expect(stateChanges()).toStrictEqual([
      "PendingReview@2",
      "PendingReview@2",
      "PendingReview@2",
      "PendingReview@2",
    ]);
  });
});
