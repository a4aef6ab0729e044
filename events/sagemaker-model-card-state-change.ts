import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { ModelCardStatusSchema } from "./model-card.ts";

/** What SageMaker does not know it may leave out or send as null: AWS shows one event, of a Studio user. */
const mayLack = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);

/** Who did something, as SageMaker tells it; members are there for Studio users only. */
const UserContextSchema = z.looseObject({
  DomainId: mayLack(z.string()),
  UserProfileArn: mayLack(z.string()),
  UserProfileName: mayLack(z.string()),
  /** Not in AWS's sample; where it comes, it names who is no Studio user. */
  IamIdentity: mayLack(z.looseObject({ Arn: mayLack(z.string()) })),
});

/**
 * SageMaker's own event: a model card has changed. Best effort, may come several times, in any order, and tells only
 * the new status; the ARN is in `resources[0]`.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html
 */
export const SageMakerModelCardStateChange = defineEvent({
  source: "aws.sagemaker",
  detailType: "SageMaker Model Card State Change",
  detail: z.looseObject({
    ModelCardVersion: z.int(),
    ModelCardName: z.string(),
    ModelCardStatus: ModelCardStatusSchema,
    AccountId: z.string(),
    ModelId: mayLack(z.string()),
    CreationTime: z.string(),
    /** ISO 8601 with nanoseconds. */
    LastModifiedTime: mayLack(z.string()),
    CreatedBy: mayLack(UserContextSchema),
    LastModifiedBy: mayLack(UserContextSchema),
    SecurityConfig: mayLack(z.looseObject({ KmsKeyId: mayLack(z.string()) })),
  }),
  sample: {
    version: "0",
    id: "aa7a9c4f-2caa-4d04-a6de-e67227ba4302",
    "detail-type": "SageMaker Model Card State Change",
    source: "aws.sagemaker",
    account: "123456789012",
    time: "2022-12-03T00:09:44Z",
    region: "us-east-1",
    resources: ["arn:aws:sagemaker:us-east-1:123456789012:model-card/example-card"],
    detail: {
      ModelCardVersion: 2,
      LastModifiedTime: "2022-12-03T00:09:44.893854735Z",
      LastModifiedBy: {
        DomainId: "us-east-1.domain-id",
        UserProfileArn: "arn:aws:sagemaker:us-east-1:123456789012:user-profile/domain-id/user",
        UserProfileName: "user",
      },
      CreationTime: "2022-12-03T00:09:33.084Z",
      CreatedBy: {
        DomainId: "us-east-1.domain-id",
        UserProfileArn: "arn:aws:sagemaker:us-east-1:123456789012:user-profile/domain-id/user",
        UserProfileName: "user",
      },
      ModelCardName: "example-card",
      ModelId: "example-model",
      ModelCardStatus: "Draft",
      AccountId: "123456789012",
      SecurityConfig: {},
    },
  },
});
