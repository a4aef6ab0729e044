import { unknownPermission } from "./ram-error.ts";

/** The one type of resource that can be shared here. */
export const modelCardResourceType = "sagemaker:ModelCard";

/** A set of actions that RAM lets the principals of a share do with its resources. */
export interface ManagedPermission {
  arn: string;
  name: string;
  /** For example `sagemaker:DescribeModelCard`. */
  actions: readonly string[];
  /** Whether a share gets it where no permission is asked for. */
  isResourceTypeDefault: boolean;
}

const sharedActions = [
  "sagemaker:DescribeModelCard",
  "sagemaker:ListModelCardVersions",
  "sagemaker:UpdateModelCard",
];

/**
 * AWS's managed permissions for model cards. Both include the update: there is none for reading only.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-cards-xaccount.html
 */
export const managedPermissions: readonly ManagedPermission[] = [
  {
    arn: "arn:aws:ram::aws:permission/AWSRAMPermissionSageMakerModelCards",
    name: "AWSRAMPermissionSageMakerModelCards",
    actions: sharedActions,
    isResourceTypeDefault: true,
  },
  {
    arn: "arn:aws:ram::aws:permission/AWSRAMPermissionSageMakerModelCardsAllowExport",
    name: "AWSRAMPermissionSageMakerModelCardsAllowExport",
    actions: [...sharedActions, "sagemaker:CreateModelCardExportJob", "sagemaker:DescribeModelCardExportJob"],
    isResourceTypeDefault: false,
  },
];

/** @throws {AwsError} `UnknownResourceException` */
export function managedPermission(permissionArn: string): ManagedPermission {
  const found = managedPermissions.find(({ arn }) => arn === permissionArn);
  if (found === undefined) throw unknownPermission(permissionArn);
  return found;
}

export function defaultPermission(): ManagedPermission | undefined {
  return managedPermissions.find(({ isResourceTypeDefault }) => isResourceTypeDefault);
}

/** When AWS made the permissions is nowhere said; some moment after model cards could be shared. */
const permissionTime = new Date("2023-08-31T00:00:00.000Z");

/** A permission as the API shows it. */
export function describePermission({ arn, name, isResourceTypeDefault }: ManagedPermission) {
  return {
    arn,
    version: "1",
    defaultVersion: true,
    name,
    resourceType: modelCardResourceType,
    status: "ATTACHABLE",
    creationTime: permissionTime,
    lastUpdatedTime: permissionTime,
    isResourceTypeDefault,
    permissionType: "AWS_MANAGED",
    featureSet: "STANDARD",
  };
}
