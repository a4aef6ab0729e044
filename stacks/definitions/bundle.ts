/** How SST bundles a function: members of `nodejs` of `sst.aws.Function`. */
export interface Bundling {
  format: "cjs" | "esm";
  minify: boolean;
  banner: string;
  esbuild: { keepNames: boolean; mainFields: string[]; external: string[] };
}

const eventStreams = "@smithy/core/event-streams";

/** Functions with a client that loads what streams events whether it uses it or not, as S3's does. */
const withEventStreams: readonly string[] = ["functions/console/handler.ts"];

/** How the function of a module is bundled. */
export function bundlingOf(handlerPath: string): Bundling {
  if (!withEventStreams.includes(handlerPath)) return bundling;
  const external = bundling.esbuild.external.filter((name) => name !== eventStreams);
  return { ...bundling, esbuild: { ...bundling.esbuild, external } };
}

/**
 * How functions are bundled; `test/bundles/` asserts what comes of it, and docs/decisions/0018-bundles.md says what each
 * part is worth.
 *
 * @see https://sst.dev/docs/component/aws/function#nodejs
 */
const bundling: Bundling = {
  // An ES module's import of `node:http` reads all that it exports, and so loads a whole `fetch` that nobody calls.
  format: "cjs",
  minify: true,
  // The X-Ray SDK asks semver only about version 2 of the AWS SDK, which is not here.
  banner: `"use strict";require=(load=>name=>name==="semver"?{}:load(name))(require);`,
  esbuild: {
    // The names that are read at run time, those of errors, clients and commands, are literals.
    keepNames: false,
    // For CommonJS SST takes "main" alone, and of the AWS SDK's CommonJS nothing can be left out.
    mainFields: ["module", "main"],
    external: [
      "semver",
      // The SDK imports these when it needs them, which is never: Lambda gives credentials as variables, and no call of
      // ours streams events.
      "@aws-sdk/credential-provider-http",
      "@aws-sdk/credential-provider-ini",
      "@aws-sdk/credential-provider-process",
      "@aws-sdk/credential-provider-sso",
      "@aws-sdk/credential-provider-web-identity",
      eventStreams,
      "@smithy/credential-provider-imds",
    ],
  },
};
