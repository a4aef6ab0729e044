import * as z from "zod";
import { AwsError } from "../../wire/aws-error.ts";
import { type Operation, operation } from "../../wire/operation.ts";
import { stateMachineArn } from "../arn.ts";
import type { Executions } from "../executions.ts";
import type { Revision, StateMachineRecord } from "../records.ts";
import { notBuilt } from "../refusals.ts";
import type { StateMachines } from "../state-machines.ts";
import {
  ArnSchema,
  DefinitionSchema,
  IncludedDataSchema,
  NameSchema,
  PageSizeSchema,
  PageTokenSchema,
} from "./fields.ts";
import { decodeToken, page } from "./page.ts";
import { TagListSchema, tagsFrom } from "./tag-operations.ts";
import { visibleExecution, visibleStateMachine } from "./visible.ts";

/** What AWS offers around a state machine and the local endpoint does not have: only the switched-off value is taken. */
const surroundings = {
  loggingConfiguration: z
    .object({
      level: z.enum(["ALL", "ERROR", "FATAL", "OFF"]).optional(),
      includeExecutionData: z.boolean().optional(),
      destinations: z.array(z.unknown()).optional(),
    })
    .optional(),
  tracingConfiguration: z.object({ enabled: z.boolean().optional() }).optional(),
  encryptionConfiguration: z
    .object({ type: z.enum(["AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY"]) })
    .optional(),
  publish: z.boolean().optional(),
  versionDescription: z.string().max(256).optional(),
};

const SurroundingsSchema = z.object(surroundings);

function refuseWhatIsNotBuilt(input: z.output<typeof SurroundingsSchema>): void {
  if ((input.loggingConfiguration?.level ?? "OFF") !== "OFF") {
    throw new AwsError(
      "InvalidLoggingConfiguration",
      "Invalid Logging Configuration: 'Logging to CloudWatch Logs is not built in the local endpoint'",
    );
  }
  if (input.tracingConfiguration?.enabled) {
    throw new AwsError(
      "InvalidTracingConfiguration",
      "Invalid Tracing Configuration: 'Tracing is not built in the local endpoint'",
    );
  }
  if (input.encryptionConfiguration?.type === "CUSTOMER_MANAGED_KMS_KEY") {
    throw new AwsError(
      "InvalidEncryptionConfiguration",
      "Invalid Encryption Configuration: 'Customer managed keys are not built in the local endpoint'",
    );
  }
  if (input.publish || input.versionDescription !== undefined) throw notBuilt("Publishing a version");
}

export function stateMachineOperations(
  machines: StateMachines,
  executions: Executions,
): Record<string, Operation> {
  return {
    CreateStateMachine: operation({
      input: z.strictObject({
        name: NameSchema,
        definition: DefinitionSchema,
        roleArn: ArnSchema,
        type: z.enum(["STANDARD", "EXPRESS"]).optional(),
        tags: TagListSchema.optional(),
        ...surroundings,
      }),
      action: "states:CreateStateMachine",
      resource: ({ name }, { caller, region }) =>
        stateMachineArn({ accountId: caller.accountId, region }, name),
      run: ({ name, definition, roleArn, type, tags = [], ...others }, { caller, region }) => {
        if (type === "EXPRESS") {
          throw new AwsError(
            "StateMachineTypeNotSupported",
            "State machines of type EXPRESS are not built in the local endpoint",
          );
        }
        refuseWhatIsNotBuilt(others);
        const record = machines.create(
          { name, definition, roleArn, tags: tagsFrom({}, tags) },
          { accountId: caller.accountId, region },
        );
        return { stateMachineArn: record.arn, creationDate: record.creationDate };
      },
    }),

    UpdateStateMachine: operation({
      input: z.strictObject({
        stateMachineArn: ArnSchema,
        definition: DefinitionSchema.optional(),
        roleArn: ArnSchema.optional(),
        ...surroundings,
      }),
      action: "states:UpdateStateMachine",
      resource: (input) => input.stateMachineArn,
      run: ({ stateMachineArn, definition, roleArn, ...others }, call) => {
        refuseWhatIsNotBuilt(others);
        const record = visibleStateMachine(machines, stateMachineArn, call);
        const { revisionId, updateDate } = machines.update(record, {
          ...(definition !== undefined && { definition }),
          ...(roleArn !== undefined && { roleArn }),
        });
        return { updateDate, ...(revisionId !== undefined && { revisionId }) };
      },
    }),

    DeleteStateMachine: operation({
      input: z.strictObject({ stateMachineArn: ArnSchema }),
      action: "states:DeleteStateMachine",
      resource: (input) => input.stateMachineArn,
      run: ({ stateMachineArn }, call) => {
        try {
          executions.deleteStateMachine(visibleStateMachine(machines, stateMachineArn, call));
        } catch (error) {
          // Deleting what is not there is no error in AWS.
          if (!(error instanceof AwsError && error.code === "StateMachineDoesNotExist")) throw error;
        }
        return {};
      },
    }),

    ListStateMachines: operation({
      input: z.strictObject({ maxResults: PageSizeSchema, nextToken: PageTokenSchema }),
      action: "states:ListStateMachines",
      run: ({ maxResults, nextToken }, { caller, region }) => {
        const after = decodeToken(nextToken, "stateMachines");
        const remaining = machines
          .list({ accountId: caller.accountId, region })
          .filter(({ name }) => after === undefined || name > after);
        const { entries, ...rest } = page(remaining, maxResults, ({ name }) => name, "stateMachines");
        return {
          stateMachines: entries.map(({ arn, name, creationDate }) => ({
            stateMachineArn: arn,
            name,
            type: "STANDARD",
            creationDate,
          })),
          ...rest,
        };
      },
    }),

    DescribeStateMachine: operation({
      input: z.strictObject({ stateMachineArn: ArnSchema, includedData: IncludedDataSchema }),
      action: "states:DescribeStateMachine",
      resource: (input) => input.stateMachineArn,
      run: ({ stateMachineArn, includedData }, call) => {
        const record = visibleStateMachine(machines, stateMachineArn, call);
        return {
          ...describe(record, record.revision, includedData),
          status: record.isDeleting ? "DELETING" : "ACTIVE",
          type: "STANDARD",
          creationDate: record.creationDate,
        };
      },
    }),

    DescribeStateMachineForExecution: operation({
      input: z.strictObject({ executionArn: ArnSchema, includedData: IncludedDataSchema }),
      action: "states:DescribeStateMachineForExecution",
      resource: (input) => input.executionArn,
      run: ({ executionArn, includedData }, call) => {
        const { revision, stateMachineArn } = visibleExecution(executions, executionArn, call);
        return {
          ...describe(machines.get(stateMachineArn), revision, includedData),
          updateDate: revision.updateDate,
        };
      },
    }),
  };
}

function describe(
  { arn, name }: StateMachineRecord,
  { definition, roleArn, revisionId }: Revision,
  includedData: "ALL_DATA" | "METADATA_ONLY" | undefined,
): object {
  return {
    stateMachineArn: arn,
    name,
    // A required member: AWS leaves its data out by leaving it empty.
    definition: includedData === "METADATA_ONLY" ? "" : definition,
    roleArn,
    ...(revisionId !== undefined && { revisionId }),
    loggingConfiguration: { level: "OFF", includeExecutionData: false },
    tracingConfiguration: { enabled: false },
    encryptionConfiguration: { type: "AWS_OWNED_KEY" },
  };
}
