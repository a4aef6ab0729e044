/**
 * Cardway in AWS. `npx sst deploy --stage production` deploys the model card account; `--stage dev-account` (and so on, one for
 * each stage of lifecycle.config.ts) deploys the roles of a lifecycle account. See docs/deploy.md.
 */
export default $config({
  async app({ stage }) {
    const { default: settings } = await import("./lifecycle.config.ts");
    const { deployableAccounts } = await import("./functions/lifecycle/stage-accounts.ts");
    return {
      name: "cardway",
      home: "aws",
      removal: "retain",
      providers: {
        aws: {
          version: "7.20.0",
          region: settings.deployment.region,
          // Credentials of any other account are refused before anything is made.
          allowedAccountIds: deployableAccounts(stage, settings),
          defaultTags: { tags: { application: "cardway", "sst:stage": stage } },
        },
        command: "1.0.1",
      },
    };
  },

  async run() {
    const { default: settings } = await import("./lifecycle.config.ts");
    const { stageAccountOf } = await import("./functions/lifecycle/stage-accounts.ts");
    const accountId = stageAccountOf($app.stage, settings);
    if (accountId !== undefined) {
      const { createStageAccount } = await import("./stacks/stage-account/roles.ts");
      return createStageAccount(accountId, settings);
    }
    const { createModelCardAccount } = await import("./stacks/model-card-account/model-card-account.ts");
    return createModelCardAccount(settings);
  },
});
