import type * as z from "zod";
import { invitationAccepterRoleName } from "../../functions/lifecycle/invitation-accepter-role.ts";
import { attentionIndexName, dayIndexName, digestIndexName } from "../../functions/records/table.ts";
import { verifierRoleName } from "../../functions/lifecycle/verifier-role.ts";
import type {
  ApprovalPageEnvironmentSchema,
  ConsoleLoginEnvironmentSchema,
  EffectsEnvironmentSchema,
  MailEnvironmentSchema,
  OperateEnvironmentSchema,
  RequestApprovalEnvironmentSchema,
  RetireSharesEnvironmentSchema,
  SweepEnvironmentSchema,
  TableEnvironmentSchema,
} from "../../functions/runtime/environment.ts";
import { useCardKeys } from "./card-keys.ts";
import {
  type Deployment,
  arnOf,
  configurationSetName,
  eventBusArn,
  eventBusName,
  functionArn,
  linkKeyAlias,
  roleArnOf,
  stateMachineArn,
  sweepStateMachineArn,
  sweepWorkflowName,
  tableArn,
  tableName,
  workflowName,
} from "./deployment.ts";
import { evidenceBucket } from "./evidence-bucket.ts";
import { kept } from "./kept.ts";
import type { PolicyStatement } from "./policy.ts";

/** One Lambda function: what it runs, what it is told, and all that it may do. */
export interface FunctionDefinition {
  /** `cardway-` and the name of its folder in `functions/`, which is the workflow's state name in kebab case. */
  functionName: string;
  description: string;
  /** Module with the export `handler`, from the repository's root. */
  handlerPath: string;
  timeoutSeconds: number;
  memoryMb: number;
  /**
   * How many of it run at once at most, taken from the account's concurrency; unlimited where it is left out. RAM throttles
   * its changes at rates that AWS does not publish, so functions that change shares come in small numbers; who is too many is
   * refused by Lambda, and the workflow tries again.
   */
  reservedConcurrency?: number;
  environment(deployment: Deployment): Record<string, string>;
  permissions(deployment: Deployment): PolicyStatement[];
}

const tableEnvironment = (): z.input<typeof TableEnvironmentSchema> => ({ TABLE_NAME: tableName });

const effectsEnvironment = (): z.input<typeof EffectsEnvironmentSchema> => ({
  TABLE_NAME: tableName,
  EVENT_BUS_NAME: eventBusName,
});

const mailEnvironment = (): z.input<typeof MailEnvironmentSchema> => ({
  ...effectsEnvironment(),
  CONFIGURATION_SET_NAME: configurationSetName,
});

const linkKeyId = (deployment: Deployment): string => arnOf("kms", linkKeyAlias, deployment);

const requestApprovalEnvironment = (
  deployment: Deployment,
): z.input<typeof RequestApprovalEnvironmentSchema> => ({
  ...mailEnvironment(),
  LINK_KEY_ID: linkKeyId(deployment),
  APPROVAL_PAGE_URL: deployment.approvalPageUrl,
});

const approvalPageEnvironment = (deployment: Deployment): z.input<typeof ApprovalPageEnvironmentSchema> => ({
  TABLE_NAME: tableName,
  STATE_MACHINE_ARN: stateMachineArn(deployment),
});

const consoleLoginEnvironment = ({
  consoleUrl = "",
}: Deployment): z.input<typeof ConsoleLoginEnvironmentSchema> => ({ CONSOLE_URL: consoleUrl });

const sweepEnvironment = (deployment: Deployment): z.input<typeof SweepEnvironmentSchema> => ({
  ...effectsEnvironment(),
  STATE_MACHINE_ARN: stateMachineArn(deployment),
});

const operateEnvironment = (deployment: Deployment): z.input<typeof OperateEnvironmentSchema> => ({
  ...sweepEnvironment(deployment),
  SWEEP_STATE_MACHINE_ARN: sweepStateMachineArn(deployment),
  FUNCTION_ARN: functionArn(functionNameOf("operate"), deployment),
});

const retireSharesEnvironment = (deployment: Deployment): z.input<typeof RetireSharesEnvironmentSchema> => ({
  ...effectsEnvironment(),
  FUNCTION_ARN: functionArn(functionNameOf("retire-shares"), deployment),
  KEPT: kept.join("\n"),
});

const allow = (actions: string[], resources: string[]): PolicyStatement => ({
  Effect: "Allow",
  Action: actions,
  Resource: resources,
});

/**
 * A policy cannot name an alias as its resource, so it asks for an alias of the key. A key that was rotated out stays
 * usable while it has another alias that starts in the same way.
 */
const useLinkKey = (actions: string[], deployment: Deployment): PolicyStatement => ({
  ...allow(actions, [arnOf("kms", "key/*", deployment)]),
  Condition: { "ForAnyValue:StringLike": { "kms:ResourceAliases": `${linkKeyAlias}*` } },
});

const modelCards = (deployment: Deployment): string[] => [arnOf("sagemaker", "model-card/*", deployment)];

const executions = (deployment: Deployment): string[] => [
  arnOf("states", `execution:${workflowName}:*`, deployment),
];

const useTable = (deployment: Deployment): PolicyStatement =>
  allow(["dynamodb:GetItem", "dynamodb:PutItem"], [tableArn(deployment)]);

const indexArn = (indexName: string, deployment: Deployment): string =>
  `${tableArn(deployment)}/index/${indexName}`;

const publish = (deployment: Deployment): PolicyStatement =>
  allow(["events:PutEvents"], [eventBusArn(deployment)]);

const describeCards = (deployment: Deployment): PolicyStatement =>
  allow(["sagemaker:DescribeModelCard"], modelCards(deployment));

const readTags = (deployment: Deployment): PolicyStatement =>
  allow(["sagemaker:ListTags"], modelCards(deployment));

/** Content only: what is read of a card besides needs no key. */
const decryptCards = (deployment: Deployment): PolicyStatement[] => useCardKeys("kms:Decrypt", deployment);

const setStatus = (deployment: Deployment): PolicyStatement[] => [
  allow(["sagemaker:UpdateModelCard"], modelCards(deployment)),
  ...decryptCards(deployment),
  ...useCardKeys("kms:GenerateDataKey", deployment),
];

/** RAM's list calls know no resource. */
const readShares = (): PolicyStatement =>
  allow(["ram:GetResourceShares", "ram:GetResourceShareAssociations"], ["*"]);

const readAssociations = (): PolicyStatement => allow(["ram:GetResourceShareAssociations"], ["*"]);

const listPrincipals = (): PolicyStatement => allow(["ram:ListPrincipals"], ["*"]);

/** RAM reads, writes and deletes the policy of a card as whoever changes its shares, and IAM knows no resource for that. */
const letRamKeepPolicies = (): PolicyStatement =>
  allow(
    ["sagemaker:GetResourcePolicy", "sagemaker:PutResourcePolicy", "sagemaker:DeleteResourcePolicy"],
    ["*"],
  );

const shares = (deployment: Deployment): string[] => [arnOf("ram", "resource-share/*", deployment)];

const resumeExecution = (): PolicyStatement => allow(["states:SendTaskSuccess"], ["*"]);

const describeExecutions = (deployment: Deployment): PolicyStatement =>
  allow(["states:DescribeExecution"], executions(deployment));

const verifyReaderRoles = (): PolicyStatement =>
  allow(["sts:AssumeRole"], [roleArnOf(verifierRoleName, "*")]);

const acceptInvitations = ({ shareOutsideOrganization = false }: Deployment): PolicyStatement[] =>
  shareOutsideOrganization ? [allow(["sts:AssumeRole"], [roleArnOf(invitationAccepterRoleName, "*")])] : [];

/** SES asks about the identity that the sender belongs to, its address or its domain, and about the configuration set. */
const sendMail = (deployment: Deployment): PolicyStatement =>
  allow(
    ["ses:SendEmail"],
    [
      arnOf("ses", "identity/*", deployment),
      arnOf("ses", `configuration-set/${configurationSetName}`, deployment),
    ],
  );

const disassociate = (deployment: Deployment): PolicyStatement =>
  allow(["ram:DisassociateResourceShare"], shares(deployment));

/**
 * How many functions of one kind change shares at once. One makes two to six calls of RAM, of which one or two are changes, so
 * this keeps to about ten changes a second.
 */
const sharesAtOnce = 5;

/** How many functions of one kind read shares at once, so that a thousand cards of one moment do not all ask RAM in that moment. */
const askRamAtOnce = 5;

/** What operators set going. */
const operatePermissions = (deployment: Deployment): PolicyStatement[] => [
  useTable(deployment),
  publish(deployment),
  resumeExecution(),
  allow(["states:StartExecution"], [stateMachineArn(deployment), sweepStateMachineArn(deployment)]),
  allow(
    ["states:DescribeExecution", "states:RedriveExecution", "states:StopExecution"],
    [...executions(deployment), arnOf("states", `execution:${sweepWorkflowName}:*`, deployment)],
  ),
];

/** What the console shows of cards and executions, and evidence of. Whoever acts there does as operators do. */
const consolePermissions = (deployment: Deployment): PolicyStatement[] => [
  ...operatePermissions(deployment),
  allow(["dynamodb:BatchGetItem", "dynamodb:Query"], [tableArn(deployment)]),
  allow(["dynamodb:Query", "dynamodb:Scan"], [indexArn(dayIndexName, deployment)]),
  allow(["dynamodb:Scan"], [indexArn(attentionIndexName, deployment)]),
  allow(["sagemaker:ListModelCards"], ["*"]),
  allow(
    ["sagemaker:DescribeModelCard", "sagemaker:ListModelCardVersions", "sagemaker:ListTags"],
    modelCards(deployment),
  ),
  readShares(),
  listPrincipals(),
  allow(["states:ListExecutions"], [stateMachineArn(deployment), sweepStateMachineArn(deployment)]),
  allow(
    ["states:GetExecutionHistory"],
    [...executions(deployment), arnOf("states", `execution:${sweepWorkflowName}:*`, deployment)],
  ),
  allow(["sagemaker:CreateModelCardExportJob"], modelCards(deployment)),
  allow(
    ["sagemaker:DescribeModelCardExportJob"],
    [arnOf("sagemaker", "model-card/*/export-job/evidence-*", deployment)],
  ),
  ...decryptCards(deployment),
  ...keepEvidence(deployment),
];

/** An object that is not there is told as that only to who may list. SageMaker, too, writes in the function's name. */
function keepEvidence(deployment: Deployment): PolicyStatement[] {
  const { bucketArn } = evidenceBucket(deployment);
  return [allow(["s3:GetObject", "s3:PutObject"], [`${bucketArn}/*`]), allow(["s3:ListBucket"], [bucketArn])];
}

/** The functions of every deployment, in the order in which the workflow meets them; those that the workflow does not run last. */
export const functions: readonly FunctionDefinition[] = [
  define("read-card", "Reads the card as it is now, takes it, and plans its access.", {
    reservedConcurrency: askRamAtOnce,
    environment: tableEnvironment,
    permissions: (deployment) => [
      useTable(deployment),
      allow(
        ["sagemaker:DescribeModelCard", "sagemaker:ListModelCardVersions", "sagemaker:ListTags"],
        modelCards(deployment),
      ),
      readShares(),
      listPrincipals(),
      describeExecutions(deployment),
    ],
  }),
  define("revert-update", "Sets back what a principal of a read-only stage has written.", {
    environment: effectsEnvironment,
    permissions: (deployment) => [
      useTable(deployment),
      publish(deployment),
      describeCards(deployment),
      ...setStatus(deployment),
    ],
  }),
  define("close-request", "Ends an approval request that the card has left behind.", {
    environment: effectsEnvironment,
    permissions: (deployment) => [
      useTable(deployment),
      publish(deployment),
      describeCards(deployment),
      resumeExecution(),
    ],
  }),
  define("revoke-access", "Takes the card out of shares that its status does not call for.", {
    reservedConcurrency: sharesAtOnce,
    environment: effectsEnvironment,
    permissions: (deployment) => [
      useTable(deployment),
      publish(deployment),
      describeCards(deployment),
      readAssociations(),
      disassociate(deployment),
      letRamKeepPolicies(),
    ],
  }),
  define("grant-access", "Puts the card into the shares that its status calls for.", {
    reservedConcurrency: sharesAtOnce,
    environment: effectsEnvironment,
    permissions: (deployment) => [
      useTable(deployment),
      publish(deployment),
      describeCards(deployment),
      readShares(),
      allow(["ram:CreateResourceShare"], ["*"]),
      allow(
        [
          "ram:AssociateResourceShare",
          "ram:DisassociateResourceShare",
          "ram:TagResource",
          "ram:UpdateResourceShare",
        ],
        shares(deployment),
      ),
      letRamKeepPolicies(),
      verifyReaderRoles(),
    ],
  }),
  define("confirm-access", "Reads access back, proves that read-only is read-only, and announces it.", {
    reservedConcurrency: askRamAtOnce,
    environment: effectsEnvironment,
    permissions: (deployment) => [
      useTable(deployment),
      publish(deployment),
      describeCards(deployment),
      readShares(),
      listPrincipals(),
      disassociate(deployment),
      letRamKeepPolicies(),
      verifyReaderRoles(),
      ...acceptInvitations(deployment),
    ],
  }),
  define("record-waiting", "Notes and announces whose access is still waited for.", {
    environment: effectsEnvironment,
    permissions: (deployment) => [useTable(deployment), publish(deployment)],
  }),
  define("notify-outcome", "Tells everybody who was asked how the request ended, and the author.", {
    environment: mailEnvironment,
    permissions: (deployment) => [useTable(deployment), publish(deployment), sendMail(deployment)],
  }),
  define("return-to-review", "Sets a card that was edited after its approval back to review.", {
    environment: effectsEnvironment,
    permissions: (deployment) => [
      useTable(deployment),
      publish(deployment),
      describeCards(deployment),
      ...setStatus(deployment),
    ],
  }),
  define("request-approval", "Asks approvers about this version of the card, each by a link of their own.", {
    environment: requestApprovalEnvironment,
    permissions: (deployment) => [
      useTable(deployment),
      publish(deployment),
      describeCards(deployment),
      ...decryptCards(deployment),
      resumeExecution(),
      describeExecutions(deployment),
      sendMail(deployment),
      useLinkKey(["kms:DescribeKey", "kms:GenerateMac"], deployment),
    ],
  }),
  define("remind-approvers", "Does what the time calls for on a request: reminders, deputies, its end.", {
    environment: effectsEnvironment,
    permissions: (deployment) => [
      useTable(deployment),
      publish(deployment),
      describeCards(deployment),
      ...decryptCards(deployment),
      readTags(deployment),
    ],
  }),
  define("apply-decision", "Gives the card the status that was decided on.", {
    environment: effectsEnvironment,
    permissions: (deployment) => [
      useTable(deployment),
      publish(deployment),
      describeCards(deployment),
      readTags(deployment),
      ...setStatus(deployment),
      describeExecutions(deployment),
    ],
  }),
  define("record-outcome", "Records and announces the outcome, and lets the card go.", {
    environment: effectsEnvironment,
    permissions: (deployment) => [useTable(deployment), publish(deployment), describeCards(deployment)],
  }),
  define("record-failure", "Records and announces a failure, and lets the card go.", {
    environment: effectsEnvironment,
    permissions: (deployment) => [useTable(deployment), publish(deployment)],
  }),
  define("approval-page", "Shows a card to an approver and takes the decision.", {
    environment: approvalPageEnvironment,
    permissions: (deployment) => [
      useTable(deployment),
      describeCards(deployment),
      readTags(deployment),
      ...decryptCards(deployment),
      resumeExecution(),
      allow(["states:StartExecution"], [stateMachineArn(deployment)]),
      useLinkKey(["kms:VerifyMac"], deployment),
    ],
  }),
  define("sweep", "Compares every card with what it should be and starts promotions for those that differ.", {
    timeoutSeconds: 300,
    environment: sweepEnvironment,
    permissions: (deployment) => [
      allow(["sagemaker:ListModelCards", "sagemaker:Search"], ["*"]),
      readShares(),
      describeCards(deployment),
      readTags(deployment),
      useTable(deployment),
      allow(["dynamodb:Scan"], [indexArn(digestIndexName, deployment)]),
      allow(["states:StartExecution", "states:ListExecutions"], [stateMachineArn(deployment)]),
      describeExecutions(deployment),
      verifyReaderRoles(),
      publish(deployment),
    ],
  }),
  define("operate", "Does what an operator asks for on the command line, and records who asked.", {
    environment: operateEnvironment,
    permissions: operatePermissions,
  }),
  define("retire-shares", "Ends the access of stages that a deployment takes out, and of all at removal.", {
    timeoutSeconds: 900,
    // A deployment that loses its connection calls again; the one at work goes on alone.
    reservedConcurrency: 1,
    environment: retireSharesEnvironment,
    permissions: (deployment) => [
      useTable(deployment),
      publish(deployment),
      readShares(),
      allow(["ram:DisassociateResourceShare", "ram:DeleteResourceShare"], shares(deployment)),
      letRamKeepPolicies(),
    ],
  }),
];

/** The functions of the operations console, where there is one. */
export const consoleFunctions: readonly FunctionDefinition[] = [
  define("console-authorizer", "Says whether a request may reach the console, and as whom.", {
    timeoutSeconds: 10,
    environment: () => ({}),
    permissions: () => [],
  }),
  define("console-login", "Signs people in to the console, and knows nothing of cards.", {
    environment: consoleLoginEnvironment,
    permissions: () => [],
  }),
  define("console", "Shows operators and auditors what Cardway does, and acts for operators.", {
    environment: operateEnvironment,
    permissions: consolePermissions,
  }),
];

/** Every function of a deployment. */
export function functionsOf({ consoleUrl }: Deployment): readonly FunctionDefinition[] {
  return consoleUrl === undefined ? functions : [...functions, ...consoleFunctions];
}

function define(
  folder: string,
  description: string,
  rest: Pick<FunctionDefinition, "environment" | "permissions"> &
    Partial<Pick<FunctionDefinition, "timeoutSeconds" | "reservedConcurrency">>,
): FunctionDefinition {
  return {
    functionName: functionNameOf(folder),
    description,
    handlerPath: `functions/${folder}/handler.ts`,
    timeoutSeconds: 30,
    memoryMb: 512,
    ...rest,
  };
}

/** `read-card` as `cardway-read-card`. */
export function functionNameOf(folder: string): string {
  return `cardway-${folder}`;
}
