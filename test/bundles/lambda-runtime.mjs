// Starts a bundle as Lambda's runtime does, in a process of its own: `node lambda-runtime.mjs <bundle> <event as JSON>`.
// Its answer is the last line. Plain JavaScript, so that nothing but the bundle has to be loaded.
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [bundle, event] = process.argv.slice(2);
const { handler } = createRequire(import.meta.url)(resolve(bundle));
const answer = await handler(JSON.parse(event), {
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  invokedFunctionArn: `arn:aws:lambda:us-east-1:111111111111:function:${process.env.AWS_LAMBDA_FUNCTION_NAME}`,
  awsRequestId: "request-1",
  memoryLimitInMB: "512",
  getRemainingTimeInMillis: () => 30_000,
});
process.stdout.write(`\n${JSON.stringify(answer ?? null)}\n`);
