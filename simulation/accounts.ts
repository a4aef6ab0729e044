/** Who takes part, by account. */
export const accounts = {
  owner: "111111111111",
  dev: "222222222222",
  test: "333333333333",
  prod: "444444444444",
  /** Where the stage `test` can move to. */
  moved: "555555555555",
};

export const region = "us-east-1";

export const pageUrl = "http://approvals.test";

export function cardArn(name: string): string {
  return `arn:aws:sagemaker:${region}:${accounts.owner}:model-card/${name}`;
}

/** How SageMaker and CloudTrail name the one user of an account. */
export function userArn(accountId: string): string {
  return `arn:aws:iam::${accountId}:user/administrator`;
}
