import type { PropsWithChildren } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import {
  IdTokenExpiredError,
  IdTokenRefusedError,
  IssuerUnreachableError,
  SignInDeniedError,
} from "../../functions/errors.ts";
import type { ConsoleSettings } from "../../functions/lifecycle/console-settings.ts";
import { MessagePage, Notice } from "../page.tsx";
import { oneLine } from "../untrusted-text.ts";
import { consolePath, loginPath } from "./console-paths.ts";

/** What part of Cardway the pages around the console belong to. */
export const consoleArea = "Operations console";

/** Why somebody is not in, what to do, and the way to try again. */
function OutsidePage({
  title,
  heading,
  children,
}: PropsWithChildren<{ title: string; heading: string }>): JSX.Element {
  return (
    <MessagePage title={title} area={consoleArea}>
      <Notice kind="bad" title={heading}>
        {children}
      </Notice>
      <p>
        <a class="button" href={loginPath}>
          Sign in again
        </a>
      </p>
    </MessagePage>
  );
}

export function SignInOverPage(): JSX.Element {
  return (
    <OutsidePage title="This sign-in is over" heading="You are not signed in by it">
      <p>
        It was used already, took longer than ten minutes, or began in another browser or tab. Begin anew, and
        leave only one tab open meanwhile.
      </p>
    </OutsidePage>
  );
}

export function NoRolePage({ name, settings }: { name: string; settings: ConsoleSettings }): JSX.Element {
  const { issuer, operators, auditors } = settings;
  return (
    <OutsidePage title="You have no role here" heading="None of your groups may use this console">
      <p>
        You are signed in as {oneLine(name, 100)}. Ask whoever manages groups at {new URL(issuer).host} to put
        you into one of these, then sign in again:
      </p>
      <ul class="plain-list">
        <li>to act: {operators.join(", ")}</li>
        {auditors.length > 0 && <li>to look: {auditors.join(", ")}</li>}
      </ul>
    </OutsidePage>
  );
}

export function TokenTooLargePage({ bytes }: { bytes: number }): JSX.Element {
  return (
    <OutsidePage title="You cannot be signed in" heading="Your ID token is too large">
      <p>
        It has {bytes} bytes, and browsers keep about 4,000. Ask whoever manages the issuer to let it name
        fewer groups, for example only those of this console.
      </p>
    </OutsidePage>
  );
}

export function SignedOutPage(): JSX.Element {
  return (
    <MessagePage title="You are signed out" area={consoleArea}>
      <p>
        Your session at the issuer may go on: where others use this browser, sign out there too.{" "}
        <a href={loginPath}>Sign in again</a>
      </p>
    </MessagePage>
  );
}

export function NotSignedOutPage(): JSX.Element {
  return (
    <MessagePage title="You are still signed in" area={consoleArea}>
      <p>
        Another page tried to sign you out. <a href={consolePath}>Go to the console</a>
      </p>
    </MessagePage>
  );
}

export function NoSuchPage(): JSX.Element {
  return (
    <MessagePage title="There is no such page" area={consoleArea}>
      <p>
        <a href={consolePath}>Go to the console</a>
      </p>
    </MessagePage>
  );
}

interface Problem {
  status: ContentfulStatusCode;
  title: string;
  heading: string;
  text: string;
}

const notIn = "You are not signed in";
const ifItStays = "Where it stays so, tell whoever operates Cardway.";

/** Why a sign-in failed, in the words of who wanted to get in. */
function problemOf(error: Error): Problem {
  if (error instanceof IssuerUnreachableError) {
    return {
      status: 503,
      title: "The issuer cannot be reached",
      heading: "Nobody can sign in for now",
      text: `Try again in a minute. ${ifItStays}`,
    };
  }
  if (error instanceof SignInDeniedError) {
    return {
      status: 403,
      title: "The issuer did not let you in",
      heading: notIn,
      text: `${error.message} Ask whoever manages the issuer to let you use this application.`,
    };
  }
  if (error instanceof IdTokenExpiredError) {
    return {
      status: 403,
      title: "Two clocks differ",
      heading: notIn,
      text: `By the clock here, the issuer's ID token is not valid now. Try again. ${ifItStays}`,
    };
  }
  if (error instanceof IdTokenRefusedError) {
    return {
      status: 403,
      title: "The issuer's answer is not accepted",
      heading: notIn,
      text: `It does not belong to this sign-in, or its ID token is not for this console. Try again. ${ifItStays}`,
    };
  }
  return {
    status: 500,
    title: "Something went wrong on our side",
    heading: notIn,
    text: `Try again. ${ifItStays}`,
  };
}

/** The page that says why a sign-in failed. */
export function failedSignIn(error: Error): { page: JSX.Element; status: ContentfulStatusCode } {
  const { status, title, heading, text } = problemOf(error);
  const page = (
    <OutsidePage title={title} heading={heading}>
      <p>{text}</p>
    </OutsidePage>
  );
  return { page, status };
}
