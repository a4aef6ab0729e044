import { AwsError } from "../wire/aws-error.ts";
import type { FunctionLocation } from "./local-function.ts";

/** What Lambda takes for a function: its name, a partial ARN or its ARN, each with or without a qualifier. */
export const functionNamePattern =
  /^(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?$/;

const parts =
  /^(?:arn:aws[a-zA-Z-]*:lambda:)?(?:(?<region>[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d):)?(?:(?<accountId>\d{12}):)?(?:function:)?(?<name>[a-zA-Z0-9-_.]+)(?::(?<qualifier>[$.a-zA-Z0-9-_]+))?$/;

export interface FunctionName extends FunctionLocation {
  name: string;
  qualifier: string | undefined;
}

/**
 * Takes a function's name apart; what it leaves out comes from the caller.
 *
 * @throws {AwsError} `ResourceNotFoundException`, `InvalidParameterValueException`.
 */
export function parseFunctionName(
  text: string,
  caller: FunctionLocation,
  givenQualifier?: string,
): FunctionName {
  const { region, accountId, name, qualifier } = parts.exec(text)?.groups ?? {};
  if (name === undefined) throw functionNotFound(text);
  if (region !== undefined && region !== caller.region) {
    throw lambdaError(
      "ResourceNotFoundException",
      `Functions from '${region}' are not reachable in this region ('${caller.region}')`,
      404,
    );
  }
  if (qualifier !== undefined && givenQualifier !== undefined && qualifier !== givenQualifier) {
    throw lambdaError(
      "InvalidParameterValueException",
      "The derived qualifier from the function name does not match the specified qualifier.",
      400,
    );
  }
  return {
    accountId: accountId ?? caller.accountId,
    region: caller.region,
    name,
    qualifier: qualifier ?? givenQualifier,
  };
}

export function functionArn({ accountId, region }: FunctionLocation, name: string): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${name}`;
}

/** The ARN with its qualifier, where there is one. */
export function qualifiedArn(name: FunctionName): string {
  const arn = functionArn(name, name.name);
  return name.qualifier === undefined ? arn : `${arn}:${name.qualifier}`;
}

export function functionNotFound(arn: string): AwsError {
  return lambdaError("ResourceNotFoundException", `Function not found: ${arn}`, 404);
}

export function lambdaError(code: string, message: string, status: number): AwsError {
  return new AwsError(code, message, status, { Type: status >= 500 ? "Service" : "User" });
}
