import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as events from "@aws-sdk/client-eventbridge";
import * as iam from "@aws-sdk/client-iam";
import * as kms from "@aws-sdk/client-kms";
import * as ram from "@aws-sdk/client-ram";
import * as s3 from "@aws-sdk/client-s3";
import * as sagemaker from "@aws-sdk/client-sagemaker";
import * as ses from "@aws-sdk/client-sesv2";
import * as sfn from "@aws-sdk/client-sfn";
import * as sqs from "@aws-sdk/client-sqs";
import type { LocalCloud } from "../../../local/cloud.ts";

export const region = "us-east-1";
export const owner = "111111111111";
export const stranger = "555555555555";
const evidence = `cardway-evidence-${owner}-${region}`;
const roleArn = `arn:aws:iam::${owner}:role/cardway-promotion`;
const machineArn = (name: string) => `arn:aws:states:${region}:${owner}:stateMachine:${name}`;
const cardArn = (name: string) => `arn:aws:sagemaker:${region}:${owner}:model-card/${name}`;

/** A call with small random parts: one of a few names, and a number. Most calls are refused sometimes. */
export type Act = (name: string, n: number) => Promise<unknown>;

/** What can be done to a service, and all that can be seen of it, both through AWS's API. */
export interface Subject {
  acts: Act[];
  portrait(): Promise<unknown>;
}

/** One subject for each service. Nothing is remembered here: ids are looked up, so a restart changes nothing. */
export function subjects({ requestHandler, ses: mailbox }: LocalCloud): Record<string, Subject> {
  const config = (accountId: string) => ({
    endpoint: "http://aws.test",
    region,
    credentials: { accessKeyId: accountId, secretAccessKey: "any" },
    requestHandler,
    maxAttempts: 1,
  });
  const cards = new sagemaker.SageMakerClient(config(owner));
  const table = new dynamodb.DynamoDBClient(config(owner));
  const queues = new sqs.SQSClient(config(owner));
  const keys = new kms.KMSClient(config(owner));
  const mails = new ses.SESv2Client(config(owner));
  const roles = new iam.IAMClient(config(owner));
  const bus = new events.EventBridgeClient(config(owner));
  const machines = new sfn.SFNClient(config(owner));
  const buckets = new s3.S3Client(config(owner));
  const shares = new ram.RAMClient(config(owner));
  const guest = new ram.RAMClient(config(stranger));

  const content = (n: number) => JSON.stringify({ model_overview: { model_description: `v${n}` } });
  /** An export job once it is over, and whether its PDF is there; a PDF takes real time to be made. */
  const exportOf = async (ModelCardExportJobArn = "") => {
    for (;;) {
      const { $metadata: _call, ...job } = await cards.send(
        new sagemaker.DescribeModelCardExportJobCommand({ ModelCardExportJobArn }),
      );
      const { Status, ExportArtifacts } = job;
      if (Status === "InProgress") {
        await new Promise((resolve) => setImmediate(resolve));
        continue;
      }
      const Key = ExportArtifacts?.S3ExportArtifacts?.split("/").slice(3).join("/");
      const pdf = Key && (await buckets.send(new s3.HeadObjectCommand({ Bucket: evidence, Key })));
      return [job.ModelCardExportJobName, Status, job.FailureReason, pdf && pdf.ContentType];
    }
  };
  const url = (name: string) => `http://aws.test/${owner}/${name}`;
  const shareArn = async (name: string) => {
    const { resourceShares = [] } = await shares.send(
      new ram.GetResourceSharesCommand({ resourceOwner: "SELF", name }),
    );
    return resourceShares.findLast(({ status }) => status === "ACTIVE")?.resourceShareArn ?? "";
  };
  const keyId = async (n: number) => {
    const { Keys = [] } = await keys.send(new kms.ListKeysCommand({}));
    return Keys[n % Keys.length]?.KeyId ?? "";
  };
  const receipt = async (name: string, VisibilityTimeout: number) => {
    const received = await queues.send(
      new sqs.ReceiveMessageCommand({ QueueUrl: url(name), VisibilityTimeout }),
    );
    return received.Messages?.[0]?.ReceiptHandle ?? "";
  };
  const definition = (n: number) =>
    JSON.stringify({
      QueryLanguage: "JSONata",
      StartAt: "A",
      States: { A: { Type: "Wait", Seconds: n, End: true } },
    });
  const policy = (n: number) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: `sqs:A${n}`, Resource: "*" }],
    });
  const trust = (n: number) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: `S${n}`,
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "lambda.amazonaws.com" },
        },
      ],
    });

  return {
    sagemaker: {
      acts: [
        (name, n) =>
          cards.send(
            new sagemaker.CreateModelCardCommand({
              ModelCardName: name,
              Content: content(n),
              ModelCardStatus: "Draft",
            }),
          ),
        (name, n) =>
          cards.send(new sagemaker.UpdateModelCardCommand({ ModelCardName: name, Content: content(n) })),
        (name, n) =>
          cards.send(
            new sagemaker.UpdateModelCardCommand({
              ModelCardName: name,
              ModelCardStatus: n % 2 ? "PendingReview" : "Draft",
            }),
          ),
        (name, n) =>
          cards.send(
            new sagemaker.AddTagsCommand({
              ResourceArn: cardArn(name),
              Tags: [{ Key: `k${n % 2}`, Value: name }],
            }),
          ),
        (name, n) =>
          cards.send(new sagemaker.DeleteTagsCommand({ ResourceArn: cardArn(name), TagKeys: [`k${n % 2}`] })),
        (name) => cards.send(new sagemaker.DeleteModelCardCommand({ ModelCardName: name })),
        (name, n) =>
          cards.send(
            new sagemaker.CreateModelCardExportJobCommand({
              ModelCardName: name,
              ModelCardExportJobName: `export-${n}`,
              OutputConfig: { S3OutputPath: `s3://${n % 3 ? evidence : "nowhere"}` },
            }),
          ),
      ],
      async portrait() {
        const { ModelCardSummaries = [] } = await cards.send(new sagemaker.ListModelCardsCommand({}));
        const { Results } = await cards.send(new sagemaker.SearchCommand({ Resource: "ModelCard" }));
        const each = await Promise.all(
          ModelCardSummaries.map(async ({ ModelCardName }) => {
            const { ModelCardVersionSummaryList: versions = [] } = await cards.send(
              new sagemaker.ListModelCardVersionsCommand({ ModelCardName }),
            );
            const contents = versions.map(({ ModelCardVersion }) =>
              answer(cards.send(new sagemaker.DescribeModelCardCommand({ ModelCardName, ModelCardVersion }))),
            );
            const tags = await answer(
              cards.send(new sagemaker.ListTagsCommand({ ResourceArn: cardArn(ModelCardName ?? "") })),
            );
            const { ModelCardExportJobSummaries: jobs = [] } = await cards.send(
              new sagemaker.ListModelCardExportJobsCommand({ ModelCardName }),
            );
            const exported = await Promise.all(
              jobs.map(({ ModelCardExportJobArn }) => exportOf(ModelCardExportJobArn)),
            );
            return [versions, await Promise.all(contents), tags, exported];
          }),
        );
        return [each, Results];
      },
    },
    s3: {
      acts: [
        (name, n) => buckets.send(new s3.PutObjectCommand({ Bucket: evidence, Key: name, Body: `v${n}` })),
        (name, n) => buckets.send(new s3.CreateBucketCommand({ Bucket: `${name}-${n}` })),
        (name) => buckets.send(new s3.DeleteObjectCommand({ Bucket: evidence, Key: name })),
        async (name, n) => {
          const put = await buckets.send(
            new s3.PutObjectCommand({ Bucket: evidence, Key: name, Body: `v${n}`, Metadata: { n: `${n}` } }),
          );
          if (n % 2 === 0) return;
          await buckets.send(
            new s3.DeleteObjectCommand({ Bucket: evidence, Key: name, VersionId: put.VersionId }),
          );
        },
        (name, n) =>
          buckets.send(
            new s3.PutObjectCommand({ Bucket: `${name}-${n}`, Key: name, Body: "x", ContentType: "a/b" }),
          ),
      ],
      async portrait() {
        const { Buckets = [] } = await buckets.send(new s3.ListBucketsCommand({}));
        return Promise.all(
          Buckets.map(async ({ Name: Bucket, CreationDate }) => {
            const { Contents = [] } = await buckets.send(new s3.ListObjectsV2Command({ Bucket }));
            const objects = Contents.map(async ({ Key }) => {
              const {
                $metadata: _call,
                Body,
                ...object
              } = await buckets.send(new s3.GetObjectCommand({ Bucket, Key }));
              return [Key, object, await Body?.transformToString()];
            });
            return [Bucket, CreationDate, await Promise.all(objects)];
          }),
        );
      },
    },
    ram: {
      acts: [
        (name, n) =>
          shares.send(
            new ram.CreateResourceShareCommand({
              name,
              resourceArns: n % 2 === 0 ? [] : [cardArn(`${name}${n}`)],
              principals: [stranger],
              clientToken: `${name}${n}`,
            }),
          ),
        async (name, n) =>
          shares.send(
            new ram.AssociateResourceShareCommand({
              resourceShareArn: await shareArn(name),
              resourceArns: [cardArn(`c${n}`)],
            }),
          ),
        async (name, n) =>
          shares.send(
            new ram.AssociateResourceShareCommand({
              resourceShareArn: await shareArn(name),
              principals: [n % 2 ? stranger : "222222222222"],
            }),
          ),
        async (name, n) =>
          shares.send(
            new ram.DisassociateResourceShareCommand({
              resourceShareArn: await shareArn(name),
              ...(n % 2 ? { principals: [stranger] } : { resourceArns: [cardArn(`c${n}`)] }),
            }),
          ),
        async (name, n) =>
          shares.send(
            new ram.UpdateResourceShareCommand({
              resourceShareArn: await shareArn(name),
              name: `renamed${n}`,
            }),
          ),
        async (name, n) =>
          shares.send(
            new ram.TagResourceCommand({
              resourceShareArn: await shareArn(name),
              tags: [{ key: `k${n % 2}`, value: name }],
            }),
          ),
        async (name, n) =>
          shares.send(
            new ram.UntagResourceCommand({ resourceShareArn: await shareArn(name), tagKeys: [`k${n % 2}`] }),
          ),
        async (name) =>
          shares.send(new ram.DeleteResourceShareCommand({ resourceShareArn: await shareArn(name) })),
        async (_name, n) => {
          const { resourceShareInvitations = [] } = await guest.send(
            new ram.GetResourceShareInvitationsCommand({}),
          );
          const { resourceShareInvitationArn } =
            resourceShareInvitations[n % resourceShareInvitations.length] ?? {};
          const Answer =
            n % 2 ? ram.AcceptResourceShareInvitationCommand : ram.RejectResourceShareInvitationCommand;
          return guest.send(new Answer({ resourceShareInvitationArn }));
        },
      ],
      async portrait() {
        const { resourceShares = [] } = await shares.send(
          new ram.GetResourceSharesCommand({ resourceOwner: "SELF" }),
        );
        return Promise.all(
          [
            ...resourceShares.map(({ resourceShareArn }) =>
              shares.send(new ram.ListResourceSharePermissionsCommand({ resourceShareArn })),
            ),
            shares.send(new ram.GetResourceSharesCommand({ resourceOwner: "SELF" })),
            shares.send(new ram.GetResourceShareAssociationsCommand({ associationType: "PRINCIPAL" })),
            shares.send(new ram.GetResourceShareAssociationsCommand({ associationType: "RESOURCE" })),
            shares.send(new ram.ListPrincipalsCommand({ resourceOwner: "SELF" })),
            guest.send(new ram.GetResourceSharesCommand({ resourceOwner: "OTHER-ACCOUNTS" })),
            guest.send(new ram.ListResourcesCommand({ resourceOwner: "OTHER-ACCOUNTS" })),
            guest.send(new ram.GetResourceShareInvitationsCommand({})),
          ].map(answer),
        );
      },
    },
    dynamodb: {
      acts: [
        (name) =>
          table.send(
            new dynamodb.CreateTableCommand({
              TableName: `table-${name}`,
              BillingMode: "PAY_PER_REQUEST",
              KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
              AttributeDefinitions: [
                { AttributeName: "pk", AttributeType: "S" },
                { AttributeName: "other", AttributeType: "S" },
              ],
              GlobalSecondaryIndexes: [
                {
                  IndexName: "others",
                  KeySchema: [{ AttributeName: "other", KeyType: "HASH" }],
                  Projection: { ProjectionType: "ALL" },
                },
              ],
            }),
          ),
        (name, n) =>
          table.send(
            new dynamodb.PutItemCommand({
              TableName: `table-${name}`,
              Item: { pk: { S: `p${n}` }, other: { S: "x" }, expiry: { N: "1767225660" } },
            }),
          ),
        (name, n) =>
          table.send(
            new dynamodb.DeleteItemCommand({ TableName: `table-${name}`, Key: { pk: { S: `p${n}` } } }),
          ),
        (name, n) =>
          table.send(
            new dynamodb.UpdateItemCommand({
              TableName: `table-${name}`,
              Key: { pk: { S: `p${n}` } },
              UpdateExpression: "ADD seen :one",
              ExpressionAttributeValues: { ":one": { N: "1" } },
            }),
          ),
        (name, n) =>
          table.send(
            new dynamodb.TransactWriteItemsCommand({
              ClientRequestToken: `t${n}`,
              TransactItems: [
                { Put: { TableName: `table-${name}`, Item: { pk: { S: `t${n}` }, other: { S: "x" } } } },
              ],
            }),
          ),
        (name, n) =>
          table.send(
            new dynamodb.UpdateTimeToLiveCommand({
              TableName: `table-${name}`,
              TimeToLiveSpecification: { AttributeName: "expiry", Enabled: n % 2 === 0 },
            }),
          ),
        (name, n) =>
          table.send(
            new dynamodb.UpdateTableCommand({
              TableName: `table-${name}`,
              DeletionProtectionEnabled: n % 2 === 0,
            }),
          ),
        (name, n) =>
          table.send(
            new dynamodb.TagResourceCommand({
              ResourceArn: `arn:aws:dynamodb:${region}:${owner}:table/table-${name}`,
              Tags: [{ Key: `k${n % 2}`, Value: "v" }],
            }),
          ),
        (name, n) =>
          table.send(
            new dynamodb.UntagResourceCommand({
              ResourceArn: `arn:aws:dynamodb:${region}:${owner}:table/table-${name}`,
              TagKeys: [`k${n % 2}`],
            }),
          ),
        (name) => table.send(new dynamodb.DeleteTableCommand({ TableName: `table-${name}` })),
      ],
      async portrait() {
        const { TableNames = [] } = await table.send(new dynamodb.ListTablesCommand({}));
        return Promise.all(
          TableNames.filter((name) => name.startsWith("table-")).map((TableName) =>
            Promise.all(
              [
                table.send(new dynamodb.ScanCommand({ TableName })),
                table.send(
                  new dynamodb.QueryCommand({
                    TableName,
                    IndexName: "others",
                    KeyConditionExpression: "other = :x",
                    ExpressionAttributeValues: { ":x": { S: "x" } },
                  }),
                ),
                table.send(new dynamodb.DescribeTableCommand({ TableName })),
                table.send(new dynamodb.DescribeTimeToLiveCommand({ TableName })),
                table.send(
                  new dynamodb.ListTagsOfResourceCommand({
                    ResourceArn: `arn:aws:dynamodb:${region}:${owner}:table/${TableName}`,
                  }),
                ),
              ].map(answer),
            ),
          ),
        );
      },
    },
    sqs: {
      acts: [
        (name, n) =>
          queues.send(
            new sqs.CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: String(n) } }),
          ),
        (name, n) =>
          queues.send(
            new sqs.SendMessageCommand({
              QueueUrl: url(name),
              MessageBody: `${name}${n}`,
              DelaySeconds: n % 3,
            }),
          ),
        (name, n) => receipt(name, n),
        async (name) =>
          queues.send(
            new sqs.DeleteMessageCommand({ QueueUrl: url(name), ReceiptHandle: await receipt(name, 0) }),
          ),
        async (name, n) =>
          queues.send(
            new sqs.ChangeMessageVisibilityCommand({
              QueueUrl: url(name),
              ReceiptHandle: await receipt(name, 30),
              VisibilityTimeout: n,
            }),
          ),
        (name, n) =>
          queues.send(
            new sqs.SetQueueAttributesCommand({
              QueueUrl: url(name),
              Attributes: { DelaySeconds: String(n) },
            }),
          ),
        (name) => queues.send(new sqs.PurgeQueueCommand({ QueueUrl: url(name) })),
        (name) => queues.send(new sqs.DeleteQueueCommand({ QueueUrl: url(name) })),
      ],
      async portrait() {
        const { QueueUrls = [] } = await queues.send(new sqs.ListQueuesCommand({}));
        return Promise.all(
          QueueUrls.map(async (QueueUrl) => [
            await answer(
              queues.send(new sqs.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] })),
            ),
            await answer(
              queues.send(
                new sqs.ReceiveMessageCommand({
                  QueueUrl,
                  MaxNumberOfMessages: 10,
                  VisibilityTimeout: 0,
                }),
              ),
            ),
          ]),
        );
      },
    },
    kms: {
      acts: [
        () => keys.send(new kms.CreateKeyCommand({ KeyUsage: "GENERATE_VERIFY_MAC", KeySpec: "HMAC_256" })),
        async (name, n) =>
          keys.send(new kms.CreateAliasCommand({ AliasName: `alias/${name}`, TargetKeyId: await keyId(n) })),
        async (name, n) =>
          keys.send(new kms.UpdateAliasCommand({ AliasName: `alias/${name}`, TargetKeyId: await keyId(n) })),
        (name) => keys.send(new kms.DeleteAliasCommand({ AliasName: `alias/${name}` })),
        async (_name, n) => keys.send(new kms.DisableKeyCommand({ KeyId: await keyId(n) })),
        async (_name, n) => keys.send(new kms.EnableKeyCommand({ KeyId: await keyId(n) })),
        async (_name, n) =>
          keys.send(new kms.ScheduleKeyDeletionCommand({ KeyId: await keyId(n), PendingWindowInDays: 7 })),
        async (_name, n) => keys.send(new kms.CancelKeyDeletionCommand({ KeyId: await keyId(n) })),
      ],
      async portrait() {
        const { Keys = [] } = await keys.send(new kms.ListKeysCommand({}));
        const mac = { Message: Buffer.from("link"), MacAlgorithm: "HMAC_SHA_256" } as const;
        return [
          await answer(keys.send(new kms.ListAliasesCommand({}))),
          ...(await Promise.all(
            Keys.map(async ({ KeyId }) => [
              await answer(keys.send(new kms.DescribeKeyCommand({ KeyId }))),
              await answer(keys.send(new kms.GenerateMacCommand({ KeyId, ...mac }))),
            ]),
          )),
        ];
      },
    },
    ses: {
      acts: [
        (name, n) =>
          mails.send(
            new ses.SendEmailCommand({
              FromEmailAddress: "a@example.com",
              Destination: { ToAddresses: [`${name}@example.com`] },
              Content: { Simple: { Subject: { Data: `mail ${n}` }, Body: { Text: { Data: "ä" } } } },
            }),
          ),
        (name) => mails.send(new ses.CreateEmailIdentityCommand({ EmailIdentity: `${name}.example.com` })),
        (name) => mails.send(new ses.DeleteEmailIdentityCommand({ EmailIdentity: `${name}.example.com` })),
      ],
      portrait: async () => [
        mailbox.messages(),
        await answer(mails.send(new ses.ListEmailIdentitiesCommand({}))),
        await answer(mails.send(new ses.GetAccountCommand({}))),
      ],
    },
    iam: {
      acts: [
        (name, n) =>
          roles.send(new iam.CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust(n) })),
        (name, n) =>
          roles.send(
            new iam.PutRolePolicyCommand({
              RoleName: name,
              PolicyName: `p${n % 3}`,
              PolicyDocument: policy(n),
            }),
          ),
        (name, n) => roles.send(new iam.DeleteRolePolicyCommand({ RoleName: name, PolicyName: `p${n % 3}` })),
        (name, n) =>
          roles.send(new iam.UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument: trust(n) })),
        (name) =>
          roles.send(
            new iam.PutRolePermissionsBoundaryCommand({
              RoleName: name,
              PermissionsBoundary: "arn:aws:iam::aws:policy/AdministratorAccess",
            }),
          ),
        (name) => roles.send(new iam.DeleteRolePermissionsBoundaryCommand({ RoleName: name })),
        (name) => roles.send(new iam.DeleteRoleCommand({ RoleName: name })),
        // By hand, on a role that was deployed.
        (_name, n) =>
          roles.send(
            new iam.PutRolePolicyCommand({
              RoleName: "cardway-sweep",
              PolicyName: "by-hand",
              PolicyDocument: policy(n),
            }),
          ),
      ],
      async portrait() {
        const { Roles = [] } = await roles.send(new iam.ListRolesCommand({ MaxItems: 1000 }));
        return Promise.all(
          Roles.map(async ({ RoleName }) => {
            const { PolicyNames = [] } = await roles.send(new iam.ListRolePoliciesCommand({ RoleName }));
            const policies = PolicyNames.map((PolicyName) =>
              answer(roles.send(new iam.GetRolePolicyCommand({ RoleName, PolicyName }))),
            );
            return [
              await answer(roles.send(new iam.GetRoleCommand({ RoleName }))),
              await Promise.all(policies),
            ];
          }),
        );
      },
    },
    events: {
      acts: [
        (name) => bus.send(new events.CreateEventBusCommand({ Name: name })),
        (name) => bus.send(new events.DeleteEventBusCommand({ Name: name })),
        (name, n) =>
          bus.send(
            new events.PutRuleCommand({
              Name: `rule-${n % 3}`,
              EventBusName: name,
              EventPattern: JSON.stringify({ source: [name] }),
            }),
          ),
        (name, n) => bus.send(new events.DisableRuleCommand({ Name: `rule-${n % 3}`, EventBusName: name })),
        (name, n) =>
          bus.send(
            new events.PutTargetsCommand({
              Rule: `rule-${n % 3}`,
              EventBusName: name,
              Targets: [{ Id: `t${n}`, Arn: `arn:aws:sqs:${region}:${owner}:cardway-sweep` }],
            }),
          ),
        (name, n) =>
          bus.send(
            new events.RemoveTargetsCommand({ Rule: `rule-${n % 3}`, EventBusName: name, Ids: [`t${n}`] }),
          ),
        (name, n) => bus.send(new events.DeleteRuleCommand({ Name: `rule-${n % 3}`, EventBusName: name })),
        (name, n) =>
          bus.send(
            new events.TagResourceCommand({
              ResourceARN: `arn:aws:events:${region}:${owner}:rule/${name}/rule-${n % 3}`,
              Tags: [{ Key: `k${n % 2}`, Value: "v" }],
            }),
          ),
        (name, n) =>
          bus.send(
            new events.UntagResourceCommand({
              ResourceARN: `arn:aws:events:${region}:${owner}:event-bus/${name}`,
              TagKeys: [`k${n % 2}`],
            }),
          ),
        (name, n) =>
          bus.send(
            new events.TagResourceCommand({
              ResourceARN: `arn:aws:events:${region}:${owner}:event-bus/${name}`,
              Tags: [{ Key: `k${n % 2}`, Value: "v" }],
            }),
          ),
      ],
      async portrait() {
        const { EventBuses = [] } = await bus.send(new events.ListEventBusesCommand({}));
        return Promise.all(
          EventBuses.map(async (found) => {
            const { Rules = [] } = await bus.send(new events.ListRulesCommand({ EventBusName: found.Name }));
            const details = Rules.map(async ({ Name, Arn }) => [
              await answer(
                bus.send(new events.ListTargetsByRuleCommand({ Rule: Name, EventBusName: found.Name })),
              ),
              await answer(bus.send(new events.ListTagsForResourceCommand({ ResourceARN: Arn }))),
            ]);
            return [
              found,
              Rules,
              await Promise.all(details),
              await answer(bus.send(new events.ListTagsForResourceCommand({ ResourceARN: found.Arn }))),
            ];
          }),
        );
      },
    },
    states: {
      acts: [
        (name, n) =>
          machines.send(new sfn.CreateStateMachineCommand({ name, definition: definition(n + 1), roleArn })),
        (name, n) =>
          machines.send(
            new sfn.UpdateStateMachineCommand({
              stateMachineArn: machineArn(name),
              definition: definition(n + 1),
            }),
          ),
        (name, n) =>
          machines.send(
            new sfn.StartExecutionCommand({
              stateMachineArn: machineArn(name),
              name: `e${n}`,
              input: JSON.stringify({ n }),
            }),
          ),
        (name, n) =>
          machines.send(
            new sfn.StopExecutionCommand({
              executionArn: `${machineArn(name).replace("stateMachine", "execution")}:e${n}`,
              error: "Stopped",
            }),
          ),
        (name, n) =>
          machines.send(
            new sfn.RedriveExecutionCommand({
              executionArn: `${machineArn(name).replace("stateMachine", "execution")}:e${n}`,
            }),
          ),
        (name, n) =>
          machines.send(
            new sfn.TagResourceCommand({
              resourceArn: machineArn(name),
              tags: [{ key: `k${n % 2}`, value: "v" }],
            }),
          ),
        (name) => machines.send(new sfn.DeleteStateMachineCommand({ stateMachineArn: machineArn(name) })),
      ],
      async portrait() {
        const { stateMachines = [] } = await machines.send(new sfn.ListStateMachinesCommand({}));
        return Promise.all(
          stateMachines.map(async ({ stateMachineArn }) => {
            const { executions = [] } = await machines.send(
              new sfn.ListExecutionsCommand({ stateMachineArn }),
            );
            const details = executions.map(async ({ executionArn }) => [
              await answer(machines.send(new sfn.DescribeExecutionCommand({ executionArn }))),
              await answer(machines.send(new sfn.GetExecutionHistoryCommand({ executionArn }))),
            ]);
            return [
              await answer(machines.send(new sfn.DescribeStateMachineCommand({ stateMachineArn }))),
              await answer(
                machines.send(new sfn.ListTagsForResourceCommand({ resourceArn: stateMachineArn })),
              ),
              await Promise.all(details),
            ];
          }),
        );
      },
    },
  };
}

/** What a call answers or is refused with, without what the SDK says about the call itself. */
export async function answer(call: Promise<{ $metadata?: unknown }>): Promise<unknown> {
  try {
    const { $metadata: _ofTheCall, ...said } = await call;
    return said;
  } catch (error) {
    return error instanceof Error ? error.name : error;
  }
}
