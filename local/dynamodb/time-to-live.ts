import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";
import { namedTable, TableNameSchema, tableOperation } from "./table-operations.ts";
import type { TableOperation } from "./table-operations.ts";

/**
 * `UpdateTimeToLive` and `DescribeTimeToLive`. A change takes effect at once; AWS takes up to an hour for it.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
 */
export const timeToLiveOperations: Record<string, TableOperation> = {
  UpdateTimeToLive: tableOperation(
    z.strictObject({
      TableName: TableNameSchema,
      TimeToLiveSpecification: z.strictObject({
        AttributeName: z.string().min(1).max(255),
        Enabled: z.boolean(),
      }),
    }),
    ({ TableName, TimeToLiveSpecification }, database) => {
      const table = namedTable(database, TableName);
      const { AttributeName, Enabled } = TimeToLiveSpecification;
      const current = table.timeToLiveAttribute;
      if (Enabled && current !== undefined) throw invalid("TimeToLive is already enabled");
      if (!Enabled && current === undefined) throw invalid("TimeToLive is already disabled");
      if (!Enabled && current !== AttributeName) {
        throw invalid(
          `TimeToLive is active on a different AttributeName: current AttributeName is ${current}`,
        );
      }
      if (Enabled) table.enableTimeToLive(AttributeName, database.context.clock.now());
      else table.disableTimeToLive();
      database.tables.touch(TableName);
      return { TimeToLiveSpecification };
    },
  ),
  DescribeTimeToLive: tableOperation(
    z.strictObject({ TableName: TableNameSchema }),
    ({ TableName }, database) => {
      const AttributeName = namedTable(database, TableName).timeToLiveAttribute;
      return {
        TimeToLiveDescription:
          AttributeName === undefined
            ? { TimeToLiveStatus: "DISABLED" }
            : { TimeToLiveStatus: "ENABLED", AttributeName },
      };
    },
  ),
};

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
