"""What tools from outside may rely on, played with boto3 and the real `aws` program against a running Cardway.

    /usr/bin/python3 test/outside/contract.py --aws http://127.0.0.1:4566 --web http://127.0.0.1:4567

Prints one line a check, and ends with `N passed, N failed, 0 skipped`; exit code 1 if a check failed. Every run uses names of
its own, except for the article's `Customer-Churn-Model-Card`, which it deletes in the end.
"""

import argparse
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import boto3
import botocore.config
import botocore.exceptions

OWNER, DEV, TEST, PROD = "111111111111", "222222222222", "333333333333", "444444444444"
OUTSIDE = "555555555555"  # an account that is not in the organisation
HOME_REGION = "us-east-1"
READER = f"arn:aws:iam::{PROD}:role/cardway-card-reader"
PATIENCE_SECONDS = 60
ARTICLE_CARD = "Customer-Churn-Model-Card"
ARTICLE_CONTENT = '{"model_overview": {"model_owner": "model-owner","problem_type": "Customer Churn Model"}}'

arguments = argparse.ArgumentParser(description="Checks the contract for tools from outside.")
arguments.add_argument("--aws", required=True, help="address of the AWS endpoint")
arguments.add_argument("--web", required=True, help="address of the web pages")
arguments.add_argument("--aws-program", default=shutil.which("aws") or "aws", help="the aws program to use")
arguments.add_argument("--only", default="", help="play only the sections whose name contains this")
options = arguments.parse_args()

run_id = f"{int(time.time()):x}"
counts = {"passed": 0, "failed": 0}


# Checks

def check(name, expected, actual):
    """One line of the report. `expected` is a value, or a function that says whether the actual value is right."""
    good = expected(actual) if callable(expected) else expected == actual
    counts["passed" if good else "failed"] += 1
    if good:
        print(f"ok {name}", flush=True)
    else:
        wanted = (expected.__doc__ or "another value") if callable(expected) else repr(expected)
        print(f"FAILED {name}: expected {wanted} got {str(actual)[:600]!r}", flush=True)
    return good


def matching(pattern):
    def matches(actual):
        return re.search(pattern, str(actual), re.DOTALL) is not None
    matches.__doc__ = f"a match of {pattern}"
    return matches


def containing(*parts):
    def contains(actual):
        return all(part in actual for part in parts)
    contains.__doc__ = f"something with {parts}"
    return contains


def below(number):
    def low_enough(actual):
        return actual < number
    low_enough.__doc__ = f"less than {number}"
    return low_enough


def answer(call, /, **parameters):
    """The error code and HTTP status of a call that AWS refuses; `("works", 200)` where it does not."""
    try:
        call(**parameters)
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
    except botocore.exceptions.BotoCoreError as error:
        return type(error).__name__, str(error)
    return "works", 200


def refused(title, code, status, call, /, **parameters):
    check(title, (code, status), answer(call, **parameters))


def denied(title, call, /, **parameters):
    refused(title, "AccessDeniedException", 400, call, **parameters)


def works(title, call, /, **parameters):
    return check(title, ("works", 200), answer(call, **parameters))


class NeverHappened(Exception):
    pass


def until(what, find):
    """The first truthy value of `find`, which is asked again and again."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = find()
        if found:
            return found
        time.sleep(0.1)
    raise NeverHappened(f"{what} did not happen within {PATIENCE_SECONDS} s")


def happens(name, find):
    """A check of something that Cardway does by itself after a while."""
    try:
        found = until(name, find)
    except NeverHappened as error:
        check(name, "to happen", str(error))
        raise
    check(name, True, True)
    return found


# Clients

def client(service, account=OWNER, region=HOME_REGION, token=None, secret="any-secret", **config):
    return boto3.client(
        service,
        endpoint_url=options.aws,
        region_name=region,
        aws_access_key_id=account,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=botocore.config.Config(retries={"max_attempts": 0}, max_pool_connections=20, **config),
    )


def reader_client(service, region=HOME_REGION):
    """A client of the one role in prod that can read cards."""
    session = client("sts", PROD, region).assume_role(RoleArn=READER, RoleSessionName="contract")["Credentials"]
    return client(service, session["AccessKeyId"], region, session["SessionToken"], session["SecretAccessKey"])


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def code(self):
        """The AWS error code, as SDKs find it."""
        code = self.headers.get("x-amzn-errortype") or json.loads(self.body or "{}").get("__type", "")
        return code.split(":")[0].split("#")[-1]


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def http(method, url, body=None, headers=None):
    """A plain HTTP request; every status is an answer."""
    request = urllib.request.Request(url, data=body, headers=headers or {}, method=method)
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=60) as response:
            return Answer(response.status, response.headers, response.read().decode())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error.read().decode())


def signature(service, account=OWNER, region=HOME_REGION):
    scope = f"{account}/20260101/{region}/{service}/aws4_request"
    return f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature={'0' * 64}"


def raw_call(target, body, service="sagemaker", version="1.1", method="POST"):
    """A call without an SDK: what boto3 would not send, or is too old for."""
    return http(method, f"{options.aws}/", body if isinstance(body, bytes) else json.dumps(body).encode(), {
        "X-Amz-Target": target,
        "Content-Type": f"application/x-amz-json-{version}",
        "Authorization": signature(service),
    })


program_home = tempfile.mkdtemp(prefix="cardway-contract-")
program_version = tuple(int(part) for part in re.findall(
    r"aws-cli/(\d+)\.(\d+)", subprocess.run([options.aws_program, "--version"], capture_output=True, text=True).stdout)[0])
# Older programs do not know the variable AWS_ENDPOINT_URL.
knows_variable = program_version >= (2, 13) or (1, 29) <= program_version < (2, 0)


def aws(command, account=OWNER, region=HOME_REGION, environment=None):
    """Runs a command as a user pastes it into a shell."""
    # Version 1 of the program sends SQS in us-east-1 to queue.amazonaws.com, whatever the variable says.
    endpoint = "" if knows_variable and " sqs " not in f" {command} " else ' --endpoint-url "$AWS_ENDPOINT_URL"'
    script = f'aws() {{ "$AWS_PROGRAM" "$@"{endpoint}; }}\n{command}'
    return subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=120, env={
        "PATH": os.environ["PATH"], "HOME": program_home, "AWS_PROGRAM": options.aws_program, "AWS_PAGER": "",
        "AWS_ENDPOINT_URL": options.aws, "AWS_ACCESS_KEY_ID": account, "AWS_SECRET_ACCESS_KEY": "any-secret",
        "AWS_DEFAULT_REGION": region, "AWS_EC2_METADATA_DISABLED": "true", "LC_ALL": "C.UTF-8",
        **({"PYENV_VERSION": os.environ["PYENV_VERSION"]} if "PYENV_VERSION" in os.environ else {}),
        **(environment or {}),
    })


def aws_json(name, command, **where):
    """The JSON answer of a command that must work; nothing where it does not."""
    result = aws(command, **where)
    check(f"aws: {name}", (0, ""), (result.returncode, result.stderr.strip()))
    try:
        return json.loads(result.stdout or "{}")
    except json.JSONDecodeError:
        check(f"aws: {name} answers JSON", "JSON", result.stdout)
        return {}


def aws_refused(name, code, command, **where):
    result = aws(command, **where)
    check(f"aws: {name}", matching(rf"^\(?25[2-5].*An error occurred \({code}\) when calling"),
          f"{result.returncode} {result.stderr.strip()}")


# Cards and approvals

def card_arn(name, region=HOME_REGION):
    return f"arn:aws:sagemaker:{region}:{OWNER}:model-card/{name}"


LOW_RISK = '{"intended_uses":{"risk_rating":"Low"}}'


def create_card(name, region=HOME_REGION, status="Draft", content=LOW_RISK, **more):
    return client("sagemaker", OWNER, region).create_model_card(
        ModelCardName=name, Content=content, ModelCardStatus=status, **more)["ModelCardArn"]


def can_describe(sagemaker, arn):
    return answer(sagemaker.describe_model_card, ModelCardName=arn) == ("works", 200)


def mails(name, address="model-approver@example.com"):
    query = urllib.parse.urlencode({"email": address})
    messages = json.loads(http("GET", f"{options.aws}/_aws/ses?{query}").body)["messages"]
    return [message for message in messages if name in message["Subject"]]


def newest_link(name, address="model-approver@example.com"):
    links = [re.search(r"https?://\S+/approvals/\S+", mail["Body"]["text_part"]) for mail in mails(name, address)]
    return ([link.group() for link in links if link] or [None])[-1]


def form_of(link):
    """The hidden fields of the page's form, which a browser posts along."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', http("GET", link).body))


def decide(link, decision, comment="", form=None):
    fields = {**(form_of(link) if form is None else form), "decision": decision, "comment": comment}
    return http("POST", link, urllib.parse.urlencode(fields).encode(),
                {"Content-Type": "application/x-www-form-urlencoded"})


def open_link(name):
    """The link of the request that is open now; an older one may have been superseded."""
    return until(f"a mail with an open request about {name}", lambda: (
        (link := newest_link(name)) and "<form" in http("GET", link).body and link))


def state_machine(region=HOME_REGION):
    return f"arn:aws:states:{region}:{OWNER}:stateMachine:cardway-promotion"


def waiting_request(arn):
    """The approval request of a card that an execution waits for, from Cardway's table."""
    items = [item for page in client("dynamodb").get_paginator("scan").paginate(TableName="cardway") for item in page["Items"]]
    for item in items:
        data = item.get("data", {}).get("M", {})
        if data.get("status", {}).get("S") == "open" and "waiting" in data and arn in json.dumps(data):
            waiting = data["waiting"]["M"]
            return waiting["executionArn"]["S"], waiting["taskToken"]["S"]
    return None


def status_of(execution):
    return client("stepfunctions").describe_execution(executionArn=execution)["status"]


# Sections

def the_articles_own_commands():
    """The commands of the article, verbatim but for the placeholders."""
    sagemaker, ram = client("sagemaker"), client("ram")
    if can_describe(sagemaker, ARTICLE_CARD):
        sagemaker.delete_model_card(ModelCardName=ARTICLE_CARD)
        until("the old card is gone", lambda: not can_describe(sagemaker, ARTICLE_CARD))
    for share in ram.get_resource_shares(resourceOwner="SELF", name=ARTICLE_CARD)["resourceShares"]:
        if share["status"] == "ACTIVE":
            ram.delete_resource_share(resourceShareArn=share["resourceShareArn"])

    arn = aws_json("create-model-card", 'aws sagemaker create-model-card --model-card-name Customer-Churn-Model-Card --content "{\\"model_overview\\": {\\"model_owner\\": \\"model-owner\\",\\"problem_type\\": \\"Customer Churn Model\\"}}" --model-card-status Draft').get("ModelCardArn")
    check("create-model-card answers the card's ARN", card_arn(ARTICLE_CARD), arn)
    share = aws_json("create-resource-share", "aws ram create-resource-share --name Customer-Churn-Model-Card")["resourceShare"]
    check("create-resource-share answers an active share", ("Customer-Churn-Model-Card", "ACTIVE", OWNER),
          (share["name"], share["status"], share["owningAccountId"]))
    share_arn = share["resourceShareArn"]
    associations = aws_json("associate-resource-share", f"aws ram associate-resource-share --resource-share-arn {share_arn} --resource-arns {arn}")
    check("associate-resource-share answers the association", [arn],
          [association["associatedEntity"] for association in associations["resourceShareAssociations"]])
    aws_json("associate-resource-share with an account", f"aws ram associate-resource-share --resource-share-arn {share_arn} --principals {TEST}")
    happens("the account of the share reads the card", lambda: can_describe(client("sagemaker", TEST), arn))
    described = aws_json("describe-model-card by ARN from the shared account", f"aws sagemaker describe-model-card --model-card-name {arn}", account=TEST)
    check("describe-model-card answers the content as it was sent", (ARTICLE_CONTENT, "Draft", 1),
          (described["Content"], described["ModelCardStatus"], described["ModelCardVersion"]))
    updated = aws_json("update-model-card by ARN from the shared account", f'aws sagemaker update-model-card --model-card-name {arn} --content "{{\\"model_overview\\": {{\\"model_owner\\": \\"model-owner\\",\\"problem_type\\": \\"Customer Churn Model\\"}}}}"', account=TEST)
    check("update-model-card answers the card's ARN", arn, updated.get("ModelCardArn"))
    happens("the model card account sees the new version",
            lambda: sagemaker.describe_model_card(ModelCardName=ARTICLE_CARD)["ModelCardVersion"] == 2)

    listed = aws("aws sagemaker list-model-cards --name-contains Customer-Churn --output text")
    check("aws: list-model-cards as text", matching(r"^MODELCARDSUMMARIES\t.*\tCustomer-Churn-Model-Card\tDraft"), listed.stdout)
    table = aws(f"aws sagemaker list-model-card-versions --model-card-name {ARTICLE_CARD} --output table")
    check("aws: list-model-card-versions as a table", matching(r"ListModelCardVersions.*ModelCardVersion"), table.stdout)
    query = aws("aws ram list-resources --resource-owner OTHER-ACCOUNTS --query 'resources[].arn' --output text", account=TEST)
    check("aws: list-resources with --query", matching(re.escape(arn)), query.stdout)
    aws_refused("describe-model-card from an account without a share", "AccessDeniedException", f"aws sagemaker describe-model-card --model-card-name {arn}", account=OUTSIDE)
    aws_refused("describe-model-card of a card that is not there", "ResourceNotFound", "aws sagemaker describe-model-card --model-card-name no-such-card")
    aws_refused("create-model-card with an unknown status", "ValidationException", "aws sagemaker create-model-card --model-card-name x --content {} --model-card-status Done")

    aws_json("disassociate-resource-share", f"aws ram disassociate-resource-share --resource-share-arn {share_arn} --principals {TEST}")
    happens("the account loses the card", lambda: not can_describe(client("sagemaker", TEST), arn))
    check("aws: delete-resource-share", True, aws_json("delete-resource-share", f"aws ram delete-resource-share --resource-share-arn {share_arn}").get("returnValue"))
    aws_json("delete-model-card", "aws sagemaker delete-model-card --model-card-name Customer-Churn-Model-Card")
    happens("the card is gone", lambda: not can_describe(sagemaker, ARTICLE_CARD))


def commands_of_operators():
    """Commands that people paste to look into a running Cardway."""
    identity = aws_json("sts get-caller-identity", "aws sts get-caller-identity", account=PROD)
    check("get-caller-identity answers the account of the key", PROD, identity["Account"])
    check("a key that is no account is the model card account", OWNER,
          client("sts", "AKIAEXAMPLE").get_caller_identity()["Account"])
    assumed = aws_json("sts assume-role", f"aws sts assume-role --role-arn {READER} --role-session-name cli", account=PROD)
    session = {"AWS_ACCESS_KEY_ID": assumed["Credentials"]["AccessKeyId"],
               "AWS_SECRET_ACCESS_KEY": assumed["Credentials"]["SecretAccessKey"],
               "AWS_SESSION_TOKEN": assumed["Credentials"]["SessionToken"]}
    check("the role's credentials are the role's", matching("assumed-role/cardway-card-reader/cli$"),
          aws_json("get-caller-identity as the role", "aws sts get-caller-identity", environment=session)["Arn"])
    machines = aws_json("stepfunctions list-state-machines", "aws stepfunctions list-state-machines")
    check("list-state-machines names the promotion", containing(state_machine()),
          [machine["stateMachineArn"] for machine in machines["stateMachines"]])
    aws_json("stepfunctions list-executions", f"aws stepfunctions list-executions --state-machine-arn {state_machine()} --max-items 2")
    rules = aws_json("events list-rules", "aws events list-rules")
    check("list-rules names the trigger", containing("cardway-model-card-state-change"), [rule["Name"] for rule in rules["Rules"]])
    tables = aws_json("dynamodb list-tables", "aws dynamodb list-tables")
    check("list-tables names Cardway's table", containing("cardway"), tables["TableNames"])
    queue = aws_json("sqs get-queue-url", "aws sqs get-queue-url --queue-name cardway-model-card-state-change-dead-letters").get("QueueUrl", "")
    attributes = aws_json("sqs get-queue-attributes", f"aws sqs get-queue-attributes --queue-url '{queue}' --attribute-names All")
    check("the dead-letter queue is empty", "0", attributes.get("Attributes", {}).get("ApproximateNumberOfMessages"))
    output = os.path.join(program_home, "invoked")
    aws_json("lambda invoke", f"aws lambda invoke --function-name cardway-read-card --payload '{'e30=' if program_version >= (2, 0) else '{}'}' {output}")
    check("lambda invoke writes the function's answer", matching(r"errorType"), open(output, encoding="utf-8").read())


def card_operations():
    sagemaker = client("sagemaker")
    name = f"Card-{run_id}"
    content = json.dumps({"model_overview": {"model_owner": "Zoë 日本語 😀 \u2028 \"quoted\" \\ /", "problem_type": "x\ny"},
                          "intended_uses": {"risk_rating": "High"}}, ensure_ascii=False)
    created = sagemaker.create_model_card(ModelCardName=name, Content=content, ModelCardStatus="Draft",
                                          Tags=[{"Key": "team", "Value": "churn"}, {"Key": "empty", "Value": ""}])
    check("a card's ARN", card_arn(name), created["ModelCardArn"])
    described = sagemaker.describe_model_card(ModelCardName=name)
    check("content comes back as it was sent", content, described["Content"])
    check("describe answers all members", containing("ModelCardArn", "ModelCardName", "ModelCardVersion", "Content",
          "ModelCardStatus", "CreationTime", "CreatedBy"), list(described))
    check("tags are kept", [("empty", ""), ("team", "churn")],
          sorted((tag["Key"], tag["Value"]) for tag in sagemaker.list_tags(ResourceArn=card_arn(name))["Tags"]))
    metadata = json.loads(raw_call("SageMaker.DescribeModelCard", {"ModelCardName": name, "IncludedData": "MetadataOnly"}).body)
    check("metadata only: the risk rating and no more", {"intended_uses": {"risk_rating": "High"}}, json.loads(metadata["Content"]))

    works("a status update", sagemaker.update_model_card, ModelCardName=name, ModelCardStatus="PendingReview")
    check("a status update makes no version", 1, sagemaker.describe_model_card(ModelCardName=name)["ModelCardVersion"])
    works("a content update", sagemaker.update_model_card, ModelCardName=card_arn(name), Content="{}")
    check("a content update makes a version", 2, sagemaker.describe_model_card(ModelCardName=name)["ModelCardVersion"])
    check("an old version is kept", content, sagemaker.describe_model_card(ModelCardName=name, ModelCardVersion=1)["Content"])
    refused("both in one call are refused", "ValidationException", 400, sagemaker.update_model_card,
            ModelCardName=name, Content="{}", ModelCardStatus="Draft")
    refused("an unknown version is refused", "ResourceNotFound", 400, sagemaker.describe_model_card, ModelCardName=name, ModelCardVersion=9)
    works("content of 100,000 characters", sagemaker.update_model_card, ModelCardName=name,
          Content=json.dumps({"model_overview": {"problem_type": "x" * (100_000 - len('{"model_overview": {"problem_type": ""}}'))}}))
    versions = list_all(sagemaker, "list_model_card_versions", "ModelCardVersionSummaryList", ModelCardName=name, MaxResults=1)
    check("versions page by page", {1, 2, 3}, {version["ModelCardVersion"] for version in versions})
    refused("a name twice is refused", "ConflictException", 400, sagemaker.create_model_card,
            ModelCardName=name, Content="{}", ModelCardStatus="Draft")

    many = [f"Page-{run_id}-{index:02}" for index in range(12)]
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        arns = list(pool.map(create_card, many))
    check("concurrent creates", [card_arn(one) for one in many], arns)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(lambda _: answer(create_card, name=f"Race-{run_id}"), range(8)))
    check("one name created by many at once is created once", [("ConflictException", 400)] * 7 + [("works", 200)], answers)
    summaries = list_all(sagemaker, "list_model_cards", "ModelCardSummaries", NameContains=f"Page-{run_id}",
                         SortBy="Name", SortOrder="Ascending", MaxResults=5)
    check("cards page by page, in order", many, [summary["ModelCardName"] for summary in summaries])
    check("cards in descending order", many[::-1], [summary["ModelCardName"] for summary in sagemaker.list_model_cards(
        NameContains=f"Page-{run_id}", SortBy="Name", SortOrder="Descending", MaxResults=50)["ModelCardSummaries"]])
    check("no card of many is modified before it is created", [], [one["ModelCardName"] for one in sagemaker.list_model_cards(
        NameContains=f"Page-{run_id}", MaxResults=50)["ModelCardSummaries"] if one["LastModifiedTime"] < one["CreationTime"]])
    check("a page holds ten cards by default", 10, len(sagemaker.list_model_cards(NameContains=f"Page-{run_id}")["ModelCardSummaries"]))
    check("tokens handed on by hand", 12, sum(len(page["ModelCardSummaries"]) for page in paginate_by_hand(
        sagemaker.list_model_cards, NameContains=f"page-{run_id}", MaxResults=7)))
    check("a filter that nothing matches lists nothing", [], sagemaker.list_model_cards(NameContains="nobody-has-this")["ModelCardSummaries"])
    check("a filter by status", True, all(summary["ModelCardStatus"] == "PendingReview" for summary in
          sagemaker.list_model_cards(ModelCardStatus="PendingReview")["ModelCardSummaries"]))
    refused("a token that nobody issued is refused", "ValidationException", 400, sagemaker.list_model_cards, NextToken="not-a-token")
    check("another account lists none of them", [], client("sagemaker", OUTSIDE).list_model_cards(NameContains=run_id)["ModelCardSummaries"])
    check("another Region lists none of them", [], client("sagemaker", OWNER, "ap-southeast-2").list_model_cards(
        NameContains=run_id)["ModelCardSummaries"])
    check("another account has cards of its own", f"arn:aws:sagemaker:us-east-1:{OUTSIDE}:model-card/own-{run_id}", client(
        "sagemaker", OUTSIDE).create_model_card(ModelCardName=f"own-{run_id}", Content="{}", ModelCardStatus="Draft")["ModelCardArn"])
    refused("delete takes no ARN", "ValidationException", 400, sagemaker.delete_model_card, ModelCardName=card_arn(name))
    for one in [name, f"Race-{run_id}", *many]:
        sagemaker.delete_model_card(ModelCardName=one)
    happens("deleted cards are gone", lambda: not sagemaker.list_model_cards(NameContains=run_id)["ModelCardSummaries"])
    refused("a deleted card is not there", "ResourceNotFound", 400, sagemaker.describe_model_card, ModelCardName=name)


def paginate_by_hand(call, **parameters):
    page = call(**parameters)
    yield page
    while page.get("NextToken"):
        page = call(**parameters, NextToken=page["NextToken"])
        yield page


def list_all(sagemaker, operation, member, MaxResults, **parameters):
    return [item for page in sagemaker.get_paginator(operation).paginate(
        **parameters, PaginationConfig={"PageSize": MaxResults}) for item in page[member]]


def journey(region):
    """A card from Draft to production and back, in one Region."""
    name = f"Journey-{run_id}"
    arn = card_arn(name, region)
    owner, dev, test, prod, stranger = (client("sagemaker", account, region) for account in (OWNER, DEV, TEST, PROD, OUTSIDE))
    reader = reader_client("sagemaker", region)

    check(f"{region}: create", arn, create_card(name, region, content=ARTICLE_CONTENT))
    happens(f"{region}: Draft is shared with dev", lambda: can_describe(dev, arn))
    happens(f"{region}: dev's RAM lists the card", lambda: arn in [resource["arn"] for resource in client(
        "ram", DEV, region).list_resources(resourceOwner="OTHER-ACCOUNTS", resourceType="sagemaker:ModelCard")["resources"]])
    denied(f"{region}: Draft is refused to test", test.describe_model_card, ModelCardName=arn)
    denied(f"{region}: Draft is refused to prod's administrator", prod.describe_model_card, ModelCardName=arn)
    denied(f"{region}: Draft is refused to prod's reader", reader.describe_model_card, ModelCardName=arn)
    denied(f"{region}: Draft is refused to a stranger", stranger.describe_model_card, ModelCardName=arn)
    denied(f"{region}: an update is refused to a stranger", stranger.update_model_card, ModelCardName=arn, Content="{}")
    refused(f"{region}: dev finds no card of that name of its own", "ResourceNotFound", 400, dev.describe_model_card, ModelCardName=name)
    works(f"{region}: dev updates the content", dev.update_model_card, ModelCardName=arn,
          Content='{"model_overview":{"model_owner":"dev"},"intended_uses":{"purpose_of_model":"<script>alert(1)</script>"}}')
    works(f"{region}: dev sets PendingReview", dev.update_model_card, ModelCardName=arn, ModelCardStatus="PendingReview")
    happens(f"{region}: PendingReview is shared with test", lambda: can_describe(test, arn))
    works(f"{region}: test lists the versions", test.list_model_card_versions, ModelCardName=arn)
    works(f"{region}: test updates the content", test.update_model_card, ModelCardName=arn, Content='{"model_overview":{"model_owner":"test"},"intended_uses":{"risk_rating":"High"}}')

    link = happens(f"{region}: approvers get a link", lambda: open_link_about(name, 3))
    officers = happens(f"{region}: high risk takes a risk officer too", lambda: newest_link(name, "risk-officer@example.com"))
    check(f"{region}: every approver gets a link of his own", False, officers == link)
    check(f"{region}: a deputy is not asked yet", [], mails(name, "head-of-models@example.com"))
    page = http("GET", link)
    check(f"{region}: the page shows the card", containing(name, "<form"), page.body)
    check(f"{region}: HEAD shows it too", 200, http("HEAD", link).status)
    start, mac = link.rsplit("/", 1)
    check(f"{region}: a changed link is none", 404, http("GET", f"{start}/{'B' if mac[0] == 'A' else 'A'}{mac[1:]}").status)
    # The last character of 32 bytes in base64url has two bits that a decoder ignores.
    check(f"{region}: another spelling of a link is none", 404, http("GET", f"{start}/{mac[:-1]}{chr(ord(mac[-1]) + 1)}").status)
    check(f"{region}: only POST decides", 405, http("DELETE", link).status)
    check(f"{region}: no decision is none", 400, decide(link, "perhaps").status)
    check(f"{region}: a rejection needs a reason", 400, decide(link, "reject").status)
    check(f"{region}: looking changes nothing", "PendingReview", owner.describe_model_card(ModelCardName=name)["ModelCardStatus"])
    check(f"{region}: a post that no page made decides nothing", 403, decide(link, "approve", form={}).status)
    check(f"{region}: nor does another page's form", 403, decide(link, "approve", form=form_of(officers)).status)
    form = form_of(link)
    check(f"{region}: one of two approves", 200, decide(link, "approve", "Reviewed from outside.", form).status)
    check(f"{region}: the same once more does not count", 409, decide(link, "approve", "Reviewed from outside.", form).status)
    check(f"{region}: one approval is not enough", "PendingReview", owner.describe_model_card(ModelCardName=name)["ModelCardStatus"])
    check(f"{region}: the other sees who has approved", containing("Approved", "Reviewed from outside."), http("GET", officers).body)
    form = form_of(officers)
    check(f"{region}: the risk officer approves", 200, decide(officers, "approve", "", form).status)
    check(f"{region}: a later decision does not count", 409, decide(officers, "reject", "too late", form).status)
    check(f"{region}: and hears who decided", containing("Already approved by you (Risk officer)"), http("GET", officers).body)
    happens(f"{region}: the card is Approved", lambda: owner.describe_model_card(ModelCardName=name)["ModelCardStatus"] == "Approved")
    happens(f"{region}: prod's reader reads the card", lambda: can_describe(reader, arn))
    works(f"{region}: prod's reader lists the versions", reader.list_model_card_versions, ModelCardName=arn)
    denied(f"{region}: prod's reader cannot update the content", reader.update_model_card, ModelCardName=arn, Content="{}")
    denied(f"{region}: prod's reader cannot update the status", reader.update_model_card, ModelCardName=arn, ModelCardStatus="Draft")
    denied(f"{region}: prod's reader cannot list its account's cards", reader.list_model_cards)
    denied(f"{region}: prod's administrator cannot read", prod.describe_model_card, ModelCardName=arn)
    denied(f"{region}: prod's administrator cannot update", prod.update_model_card, ModelCardName=arn, ModelCardStatus="Draft")
    denied(f"{region}: a stranger cannot read", stranger.describe_model_card, ModelCardName=arn)
    check(f"{region}: test still reads and dev still reads", (True, True), (can_describe(test, arn), can_describe(dev, arn)))

    works(f"{region}: dev edits the approved card", dev.update_model_card, ModelCardName=arn, Content="{}")
    happens(f"{region}: an edited card goes back to review",
            lambda: owner.describe_model_card(ModelCardName=name)["ModelCardStatus"] == "PendingReview")
    happens(f"{region}: and production loses it", lambda: not can_describe(reader, arn))
    link = happens(f"{region}: approvers get a new link", lambda: open_link_about(name, 4))
    check(f"{region}: reject", 200, decide(link, "reject", "Evaluation is missing: \u201cplease add\u201d").status)
    happens(f"{region}: the author hears the reason", lambda: any("Evaluation is missing" in mail["Body"]["text_part"]
            for mail in mails(name, "data-science@example.com")))
    happens(f"{region}: a rejected card is Draft", lambda: owner.describe_model_card(ModelCardName=name)["ModelCardStatus"] == "Draft")
    happens(f"{region}: and test loses it", lambda: not can_describe(test, arn))
    works(f"{region}: archive", owner.update_model_card, ModelCardName=name, ModelCardStatus="Archived")
    happens(f"{region}: and dev loses it", lambda: not can_describe(dev, arn))
    denied(f"{region}: dev cannot update it any more", dev.update_model_card, ModelCardName=arn, ModelCardStatus="Draft")
    works(f"{region}: delete", owner.delete_model_card, ModelCardName=name)
    happens(f"{region}: every promotion of the journey ends well", lambda: not [execution for status in ("RUNNING", "FAILED", "ABORTED", "TIMED_OUT")
            for execution in client("stepfunctions", OWNER, region).list_executions(
                stateMachineArn=state_machine(region), statusFilter=status)["executions"]] if region != HOME_REGION else True)


def open_link_about(name, version):
    link = newest_link(name)
    page = http("GET", link).body if link else ""
    return link if "<form" in page and re.search(rf"version\s*(<[^>]*>\s*)*{version}\b", page, re.IGNORECASE) else None


def journey_at_home():
    journey(HOME_REGION)


def journey_in_another_region():
    journey("eu-west-1")


def sharing_by_hand():
    """RAM by hand: with accounts of the organisation, and with one outside of it, which is invited."""
    ram, guest = client("ram"), client("ram", OUTSIDE)
    name = f"Hand-{run_id}"
    arn = create_card(name)
    tagged = ram.create_resource_share(name=f"share-{run_id}", resourceArns=[arn], principals=[OUTSIDE],
                                       tags=[{"key": "made", "value": "by hand"}])["resourceShare"]
    share = tagged["resourceShareArn"]
    check("a share outside of the organisation allows external principals", True, tagged["allowExternalPrincipals"])
    denied("an invited account cannot read before it accepts", client("sagemaker", OUTSIDE).describe_model_card, ModelCardName=arn)
    invitation = happens("the account is invited", lambda: next((invitation for invitation in guest.get_resource_share_invitations()[
        "resourceShareInvitations"] if invitation["resourceShareArn"] == share and invitation["status"] == "PENDING"), None))
    check("the invitation names both accounts", (OWNER, OUTSIDE), (invitation["senderAccountId"], invitation["receiverAccountId"]))
    check("an invited account sees no share yet", [], guest.get_resource_shares(resourceOwner="OTHER-ACCOUNTS", resourceShareArns=[share])[
        "resourceShares"] if answer(guest.get_resource_shares, resourceOwner="OTHER-ACCOUNTS", resourceShareArns=[share])[0] == "works" else [])
    accepted = guest.accept_resource_share_invitation(resourceShareInvitationArn=invitation["resourceShareInvitationArn"])
    check("accept answers the invitation", "ACCEPTED", accepted["resourceShareInvitation"]["status"])
    happens("the account that accepted reads the card", lambda: can_describe(client("sagemaker", OUTSIDE), arn))
    refused("an invitation is accepted once", "ResourceShareInvitationAlreadyAcceptedException", 400,
            guest.accept_resource_share_invitation, resourceShareInvitationArn=invitation["resourceShareInvitationArn"])
    check("the account sees the share", [share], [one["resourceShareArn"] for one in guest.get_resource_shares(
        resourceOwner="OTHER-ACCOUNTS", resourceShareArns=[share])["resourceShares"]])
    check("a share is found by its tag", [share], [one["resourceShareArn"] for one in ram.get_resource_shares(
        resourceOwner="SELF", name=f"share-{run_id}", tagFilters=[{"tagKey": "made", "tagValues": ["by hand"]}])["resourceShares"]])
    check("list-principals names the account", [OUTSIDE], [one["id"] for one in ram.list_principals(
        resourceOwner="SELF", resourceShareArns=[share])["principals"]])
    check("list-resources names the card", [arn], [one["arn"] for one in ram.list_resources(
        resourceOwner="SELF", resourceShareArns=[share])["resources"]])
    check("associations of principals", [(OUTSIDE, "ASSOCIATED")], [(one["associatedEntity"], one["status"]) for one in
          ram.get_resource_share_associations(associationType="PRINCIPAL", resourceShareArns=[share])["resourceShareAssociations"]])
    check("associations of resources", [(arn, "ASSOCIATED")], [(one["associatedEntity"], one["status"]) for one in
          ram.get_resource_share_associations(associationType="RESOURCE", resourceShareArns=[share])["resourceShareAssociations"]])
    permissions = ram.list_permissions(resourceType="sagemaker:ModelCard")["permissions"]
    check("list-permissions names AWS's permission for cards", containing("AWSRAMPermissionSageMakerModelCards"), [one["name"] for one in permissions])
    check("the share has the default permission", containing("AWSRAMPermissionSageMakerModelCards"), [one["name"] for one in
          ram.list_resource_share_permissions(resourceShareArn=share)["permissions"]])
    check("delete-resource-share", True, ram.delete_resource_share(resourceShareArn=share)["returnValue"])
    happens("the account loses the card", lambda: not can_describe(client("sagemaker", OUTSIDE), arn))

    second = ram.create_resource_share(name=f"second-{run_id}", resourceArns=[arn], principals=[OUTSIDE])["resourceShare"]["resourceShareArn"]
    invitation = happens("a second invitation", lambda: next((one for one in guest.get_resource_share_invitations(
        resourceShareArns=[second])["resourceShareInvitations"]), None))
    rejected = guest.reject_resource_share_invitation(resourceShareInvitationArn=invitation["resourceShareInvitationArn"])
    check("reject answers the invitation", "REJECTED", rejected["resourceShareInvitation"]["status"])
    denied("an account that rejected cannot read", client("sagemaker", OUTSIDE).describe_model_card, ModelCardName=arn)
    ram.delete_resource_share(resourceShareArn=second)

    refused("outsiders are refused where the share does not allow them", "InvalidParameterException", 400, ram.create_resource_share,
            name="internal", principals=[OUTSIDE], allowExternalPrincipals=False)
    refused("a malformed share ARN", "MalformedArnException", 400, ram.associate_resource_share, resourceShareArn="nonsense", principals=[DEV])
    refused("an unknown share", "UnknownResourceException", 400, ram.associate_resource_share,
            resourceShareArn=f"arn:aws:ram:us-east-1:{OWNER}:resource-share/00000000-0000-4000-8000-000000000000", principals=[DEV])
    refused("a principal that is no account", "InvalidParameterException", 400, ram.create_resource_share, name="x", principals=["12345"])
    check("another account sees none of the shares", [], client("ram", "666666666666").get_resource_shares(resourceOwner="OTHER-ACCOUNTS")["resourceShares"])
    client("sagemaker").delete_model_card(ModelCardName=name)


def events():
    bridge = client("events")
    rule = f"outside-{run_id}"
    arn = bridge.put_rule(Name=rule, EventPattern=json.dumps({"source": [f"outside.{run_id}"], "detail": {"n": [{"numeric": [">", 1]}]}}))["RuleArn"]
    check("put-rule answers the rule's ARN", f"arn:aws:events:us-east-1:{OWNER}:rule/{rule}", arn)
    check("list-rules by prefix", [rule], [one["Name"] for one in bridge.list_rules(NamePrefix=rule)["Rules"]])
    target = {"Id": "promotion", "Arn": state_machine(), "RoleArn": f"arn:aws:iam::{OWNER}:role/cardway-model-card-state-change-rule",
              "Input": json.dumps({"modelCardArn": card_arn("never-there"), "reason": f"from outside {run_id}"})}
    check("put-targets", 0, bridge.put_targets(Rule=rule, Targets=[target])["FailedEntryCount"])
    check("list-targets-by-rule", [target["Arn"]], [one["Arn"] for one in bridge.list_targets_by_rule(Rule=rule)["Targets"]])
    entry = {"Source": f"outside.{run_id}", "DetailType": "test", "Detail": '{"n": 2}'}
    sent = bridge.put_events(Entries=[entry, {**entry, "Detail": "not json"}, {**entry, "Detail": '{"n": 1}'}])
    check("put-events counts what failed", (1, [False, True, False]),
          (sent["FailedEntryCount"], ["ErrorCode" in one for one in sent["Entries"]]))
    check("put-events says why", "MalformedDetail", sent["Entries"][1].get("ErrorCode"))
    happens("the event starts one execution", lambda: len([one for one in client("stepfunctions").list_executions(
        stateMachineArn=state_machine(), maxResults=50)["executions"] if f"from outside {run_id}" in client("stepfunctions").describe_execution(
            executionArn=one["executionArn"])["input"]]) == 1)
    event = json.dumps({"id": "1", "account": OWNER, "source": "s", "time": "2026-01-01T00:00:00Z", "region": HOME_REGION,
                        "resources": [], "detail-type": "t", "detail": {"a": "b"}})
    check("test-event-pattern", (True, False), tuple(bridge.test_event_pattern(EventPattern=json.dumps({"detail": {"a": [value]}}), Event=event)["Result"] for value in "bc"))
    refused("test-event-pattern with a bad pattern", "InvalidEventPatternException", 400, bridge.test_event_pattern, EventPattern='{"a": 1}', Event=event)
    refused("put-rule with a bad pattern", "InvalidEventPatternException", 400, bridge.put_rule, Name="bad", EventPattern="{")
    refused("put-targets of an unknown rule", "ResourceNotFoundException", 400, bridge.put_targets, Rule="no-such-rule", Targets=[target])
    check("remove-targets", 0, bridge.remove_targets(Rule=rule, Ids=["promotion"])["FailedEntryCount"])
    works("delete-rule", bridge.delete_rule, Name=rule)


def the_dead_letter_queue():
    sqs, bridge, rule = client("sqs"), client("events"), f"dead-{run_id}"
    queue = sqs.get_queue_url(QueueName="cardway-model-card-state-change-dead-letters")["QueueUrl"]
    check("list-queues names the queue", containing(queue), sqs.list_queues()["QueueUrls"])
    bridge.put_rule(Name=rule, EventPattern=json.dumps({"source": [rule]}))
    bridge.put_targets(Rule=rule, Targets=[{"Id": "1", "Arn": state_machine() + "-gone", "RoleArn": f"arn:aws:iam::{OWNER}:role/cardway-model-card-state-change-rule",
                       "DeadLetterConfig": {"Arn": f"arn:aws:sqs:us-east-1:{OWNER}:cardway-model-card-state-change-dead-letters"}, "RetryPolicy": {"MaximumRetryAttempts": 0}}])
    bridge.put_events(Entries=[{"Source": rule, "DetailType": "test", "Detail": '{"n": 1}'}])
    message = happens("what cannot be delivered is kept in the queue", lambda: next((one for one in sqs.receive_message(
        QueueUrl=queue, MessageAttributeNames=["All"]).get("Messages", []) if rule in one["Body"]), None))
    check("the message says which rule", matching(rule), message["MessageAttributes"].get("RULE_ARN"))
    works("delete-message", sqs.delete_message, QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    refused("an unknown queue", "AWS.SimpleQueueService.NonExistentQueue", 400, sqs.get_queue_url, QueueName="none")
    bridge.remove_targets(Rule=rule, Ids=["1"])
    bridge.delete_rule(Name=rule)


def what_a_deployment_brings():
    """The sweep and its schedule, a queue for each rule, the stage accounts' roles."""
    states, bridge = client("stepfunctions"), client("events")
    sweep = state_machine().replace("cardway-promotion", "cardway-sweep")
    check("the sweep has a schedule", "rate(1 hour)", bridge.describe_rule(Name="cardway-sweep").get("ScheduleExpression"))
    check("it starts the sweep's state machine", [sweep], [target["Arn"] for target in bridge.list_targets_by_rule(Rule="cardway-sweep")["Targets"]])
    execution = states.start_execution(stateMachineArn=sweep)["executionArn"]
    happens("a sweep that is started by hand ends", lambda: status_of(execution) == "SUCCEEDED")
    rules = [rule["Name"] for rule in bridge.list_rules(NamePrefix="cardway-")["Rules"]]
    queues = [url.split("/")[-1] for url in client("sqs").list_queues()["QueueUrls"]]
    check("each rule has a dead-letter queue of its own", sorted(f"{rule}-dead-letters" for rule in rules), sorted(queue for queue in queues if queue.endswith("-dead-letters")))
    for account, role in ((DEV, "cardway-data-scientist"), (TEST, "cardway-ml-engineer"), (PROD, "cardway-card-reader"), (OWNER, "cardway-operator")):
        check(f"{role} is there", role, client("iam", account).get_role(RoleName=role)["Role"]["RoleName"])


def executions():
    """Step Functions: history, stop and redrive while approvers are asked, callbacks, failure and redrive."""
    states = client("stepfunctions")
    definition = json.loads(states.describe_state_machine(stateMachineArn=state_machine())["definition"])
    check("describe-state-machine answers the definition", containing("ReadCard", "RequestApproval"), list(definition["States"]))

    name = f"Stop-{run_id}"
    arn = create_card(name, status="PendingReview")
    execution, token = happens("an execution waits for approvers", lambda: waiting_request(arn))
    check("it is running", "RUNNING", status_of(execution))
    check("list-executions by status", containing(execution), [one["executionArn"] for page in states.get_paginator("list_executions").paginate(
        stateMachineArn=state_machine(), statusFilter="RUNNING") for one in page["executions"]])
    works("send-task-heartbeat", states.send_task_heartbeat, taskToken=token)
    check("stop-execution", True, "stopDate" in states.stop_execution(executionArn=execution, error="Outside", cause="stopped by hand"))
    described = states.describe_execution(executionArn=execution)
    check("a stopped execution is ABORTED", ("ABORTED", True), (described["status"], "stopDate" in described))
    refused("a token of a stopped execution has ended", "TaskTimedOut", 400, states.send_task_heartbeat, taskToken=token)
    first_link = newest_link(name)
    check("a stopped execution's link still opens", 200, http("GET", first_link).status)
    redriven = raw_call("AWSStepFunctions.RedriveExecution", {"executionArn": execution}, "states", "1.0")
    check("redrive-execution", (200, True), (redriven.status, "redriveDate" in redriven.body))
    again = happens("a redriven execution waits again, with another token",
                    lambda: (found := waiting_request(arn)) and found[1] != token and found)
    check("it is the same execution", execution, again[0])
    check("a running execution is not redriven", "ExecutionNotRedrivable",
          raw_call("AWSStepFunctions.RedriveExecution", {"executionArn": execution}, "states", "1.0").code())
    history = [event for page in states.get_paginator("get_execution_history").paginate(executionArn=execution,
               PaginationConfig={"PageSize": 7}) for event in page["events"]]
    check("the history is numbered without gaps", list(range(1, len(history) + 1)), [event["id"] for event in history])
    check("every event comes after one before it", True, all(event["previousEventId"] < event["id"] for event in history))
    check("the history's first and some other events", containing("ExecutionStarted", "TaskSubmitted", "ExecutionAborted", "ExecutionRedriven"),
          [event["type"] for event in history])
    check("the history backwards", [event["id"] for event in history[:-6:-1]], [event["id"] for event in states.get_execution_history(
        executionArn=execution, reverseOrder=True, maxResults=5)["events"]])
    check("no answer holds the task token", False, token in json.dumps(states.describe_execution(executionArn=execution), default=str))
    check("approve after the redrive", 200, decide(open_link(name), "approve").status)
    happens("the redriven execution succeeds", lambda: status_of(execution) == "SUCCEEDED")
    check("the card is Approved", "Approved", client("sagemaker").describe_model_card(ModelCardName=name)["ModelCardStatus"])
    refused("a decided token is closed", "TaskTimedOut", 400, states.send_task_success, taskToken=again[1], output="{}")
    check("a succeeded execution is not redriven", "ExecutionNotRedrivable",
          raw_call("AWSStepFunctions.RedriveExecution", {"executionArn": execution}, "states", "1.0").code())

    other = f"Fail-{run_id}"
    arn = create_card(other, status="PendingReview")
    execution, token = happens("another execution waits", lambda: waiting_request(arn))
    works("send-task-failure", states.send_task_failure, taskToken=token, error="OutsideError", cause="on purpose")
    happens("the execution fails", lambda: status_of(execution) == "FAILED")
    check("it says why", matching("OutsideError|on purpose|PromotionFailed"), states.describe_execution(executionArn=execution))
    check("redrive after a failure", 200, raw_call("AWSStepFunctions.RedriveExecution", {"executionArn": execution}, "states", "1.0").status)
    check("reject after the redrive", 200, decide(open_link(other), "reject", "no").status)
    happens("the failed execution succeeds in the end", lambda: status_of(execution) == "SUCCEEDED")
    check("the card is Draft", "Draft", client("sagemaker").describe_model_card(ModelCardName=other)["ModelCardStatus"])

    both = f"Both-{run_id}"
    create_card(both, status="PendingReview", content="{}")
    links = [open_link(both), until("the second approver's mail", lambda: newest_link(both, "risk-officer@example.com"))]
    forms = [form_of(link) for link in links]
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(lambda index: decide(links[index % 2], ("approve", "reject")[index // 2 % 2], "at once", forms[index % 2]).status, range(12)))
    check("of many decisions at the same instant each approver's first counts at most", (True, True, {200, 409}), (
        statuses[0::2].count(200) <= 1, statuses[1::2].count(200) <= 1, set(statuses)))

    forged = f"Forge-{run_id}"
    arn = create_card(forged, status="PendingReview")
    execution, token = happens("a third execution waits", lambda: waiting_request(arn))
    works("send-task-success without a decision", states.send_task_success, taskToken=token, output='{"kind": "decided"}')
    happens("the execution goes on waiting, with another token", lambda: (found := waiting_request(arn)) and found[1] != token)
    check("it still runs", "RUNNING", status_of(execution))
    check("a forged callback approves nothing", "PendingReview", client("sagemaker").describe_model_card(ModelCardName=forged)["ModelCardStatus"])

    started = states.start_execution(stateMachineArn=state_machine(), name=f"run-{run_id}", input=json.dumps({"modelCardArn": card_arn(name), "reason": "by hand"}))
    check("start-execution answers the execution's ARN", state_machine().replace("stateMachine", "execution") + f":run-{run_id}", started["executionArn"])
    happens("an execution started by hand ends well", lambda: status_of(started["executionArn"]) == "SUCCEEDED")
    refused("a name twice with other input", "ExecutionAlreadyExists", 400, states.start_execution, stateMachineArn=state_machine(), name=f"run-{run_id}", input="{}")
    refused("input that is no JSON", "InvalidExecutionInput", 400, states.start_execution, stateMachineArn=state_machine(), input="{")
    refused("a name with a slash", "InvalidName", 400, states.start_execution, stateMachineArn=state_machine(), name="a/b")
    refused("an unknown state machine", "StateMachineDoesNotExist", 400, states.start_execution, stateMachineArn=state_machine() + "x")
    refused("an unknown execution", "ExecutionDoesNotExist", 400, states.describe_execution, executionArn=started["executionArn"] + "x")
    refused("a malformed ARN", "InvalidArn", 400, states.describe_execution, executionArn="nonsense")
    refused("a token that nobody issued", "InvalidToken", 400, states.send_task_success, taskToken="nonsense", output="{}")
    denied("another account's execution is refused", client("stepfunctions", DEV).describe_execution, executionArn=started["executionArn"])
    for one in (name, other, forged, both):
        client("sagemaker").delete_model_card(ModelCardName=one)
    happens("no execution keeps running for deleted cards", lambda: not [one for one in states.list_executions(
        stateMachineArn=state_machine(), statusFilter="RUNNING")["executions"]])


def identity():
    sts, iam = client("sts", PROD), client("iam", PROD)
    refused("another account cannot take prod's reader role", "AccessDenied", 403, client("sts", DEV).assume_role, RoleArn=READER, RoleSessionName="contract")
    refused("a role that is not there", "AccessDenied", 403, sts.assume_role, RoleArn=READER + "x", RoleSessionName="contract")
    refused("a malformed role ARN", "ValidationError", 400, sts.assume_role, RoleArn="arn:aws:iam::444444444444:role", RoleSessionName="contract")
    simulated = iam.simulate_principal_policy(PolicySourceArn=READER, ActionNames=["sagemaker:DescribeModelCard", "sagemaker:UpdateModelCard"],
                                              ResourceArns=[card_arn("any")])
    check("simulate-principal-policy", {"sagemaker:DescribeModelCard": "allowed", "sagemaker:UpdateModelCard": "explicitDeny"},
          {one["EvalActionName"]: one["EvalDecision"] for one in simulated["EvaluationResults"]})
    refused("credentials that nobody issued", "UnrecognizedClientException", 403,
            client("sagemaker", "ASIAAAAAAAAAAAAAAAAA", token="nonsense").list_model_cards)
    check("an account works in every Region", PROD, client("sts", PROD, "sa-east-1").get_caller_identity()["Account"])


def functions_and_keys():
    functions, keys = client("lambda"), client("kms")
    names = [one["FunctionName"] for page in functions.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 4}) for one in page["Functions"]]
    check("list-functions names the workflow's functions", containing("cardway-read-card", "cardway-grant-access", "cardway-request-approval"), names)
    check("list-functions names each once", len(set(names)), len(names))
    invoked = functions.invoke(FunctionName="cardway-read-card", Payload=b"{}")
    check("invoke with nonsense answers the function's error", (200, "Unhandled", True),
          (invoked["StatusCode"], invoked.get("FunctionError"), "errorType" in json.load(invoked["Payload"])))
    refused("invoke of an unknown function", "ResourceNotFoundException", 404, functions.invoke, FunctionName="no-such-function")
    refused("invoke with a payload that is no JSON", "InvalidRequestContentException", 400, functions.invoke, FunctionName="cardway-read-card", Payload=b"{")
    signed = keys.generate_mac(KeyId="alias/cardway-approval-links", MacAlgorithm="HMAC_SHA_256", Message=b"hello")
    check("verify-mac", True, keys.verify_mac(KeyId=signed["KeyId"], MacAlgorithm="HMAC_SHA_256", Message=b"hello", Mac=signed["Mac"])["MacValid"])
    refused("verify-mac of another message", "KMSInvalidMacException", 400, keys.verify_mac, KeyId="alias/cardway-approval-links",
            MacAlgorithm="HMAC_SHA_256", Message=b"other", Mac=signed["Mac"])
    refused("generate-mac with an unknown key", "NotFoundException", 400, keys.generate_mac, KeyId="alias/none", MacAlgorithm="HMAC_SHA_256", Message=b"x")


def the_table():
    dynamo, table = client("dynamodb"), f"outside-{run_id}"
    key = lambda index: {"pk": {"S": "a"}, "sk": {"N": str(index)}}
    dynamo.create_table(TableName=table, BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
                        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "N"}])
    works("boto3's waiter for a table", dynamo.get_waiter("table_exists").wait, TableName=table, WaiterConfig={"Delay": 1, "MaxAttempts": 20})
    check("describe-table", "ACTIVE", dynamo.describe_table(TableName="cardway")["Table"]["TableStatus"])
    for index in range(5):
        dynamo.put_item(TableName=table, Item={**key(index), "text": {"S": "ü😀"}, "list": {"L": [{"BOOL": True}, {"NULL": True}, {"B": b"\x00\xff"}]}})
    check("get-item", {"S": "ü😀"}, dynamo.get_item(TableName=table, Key=key(1), ConsistentRead=True)["Item"]["text"])
    check("get-item of nothing", False, "Item" in dynamo.get_item(TableName=table, Key=key(99)))
    check("query page by page, backwards", ["4", "3", "2"], [item["sk"]["N"] for page in dynamo.get_paginator("query").paginate(
        TableName=table, KeyConditionExpression="pk = :p AND sk > :s", ExpressionAttributeValues={":p": {"S": "a"}, ":s": {"N": "1"}},
        ScanIndexForward=False, PaginationConfig={"PageSize": 2}) for item in page["Items"]])
    check("scan", 5, dynamo.scan(TableName=table)["Count"])
    refused("a condition that does not hold", "ConditionalCheckFailedException", 400, dynamo.put_item, TableName=table, Item=key(1), ConditionExpression="attribute_not_exists(pk)")
    works("transact-write-items", dynamo.transact_write_items, TransactItems=[{"Put": {"TableName": table, "Item": key(10)}}, {"Delete": {"TableName": table, "Key": key(0)}}])
    refused("a transaction of which one condition does not hold", "TransactionCanceledException", 400, dynamo.transact_write_items, TransactItems=[
        {"Put": {"TableName": table, "Item": key(11)}}, {"ConditionCheck": {"TableName": table, "Key": key(0), "ConditionExpression": "attribute_exists(pk)"}}])
    check("it wrote nothing", False, "Item" in dynamo.get_item(TableName=table, Key=key(11)))
    refused("an unknown table", "ResourceNotFoundException", 400, dynamo.get_item, TableName="none", Key=key(1))
    works("delete-table", dynamo.delete_table, TableName=table)


def faults():
    """What a client gets wrong is answered with AWS's code and status, and harms nobody."""
    sagemaker = client("sagemaker", parameter_validation=False)
    create = {"ModelCardName": f"Fault-{run_id}", "Content": "{}", "ModelCardStatus": "Draft"}

    def invalid(name, code="ValidationException", **changes):
        refused(name, code, 400, sagemaker.create_model_card, **{**create, **changes})

    invalid("content that is no JSON", Content="{not json")
    invalid("content that is a JSON list", Content="[]")
    invalid("content that is empty", Content="")
    invalid("content over 100,000 characters", Content=json.dumps({"model_overview": {"model_owner": "x" * 100_000}}))
    invalid("content with an unknown section", Content='{"no_such_section": {}}')
    invalid("content with a wrong type inside", Content='{"model_overview": {"model_owner": 5}}')
    invalid("an unknown status", ModelCardStatus="Done")
    invalid("a status in the wrong case", ModelCardStatus="draft")
    invalid("a name with a slash", ModelCardName="a/b")
    invalid("a name with an umlaut", ModelCardName="Kärtchen")
    invalid("a name that is empty", ModelCardName="")
    invalid("a name of 64 characters", ModelCardName="x" * 64)
    invalid("a name that ends in a hyphen", ModelCardName="x-")
    invalid("51 tags", Tags=[{"Key": str(index), "Value": ""} for index in range(51)])
    for member, value in {"Content": 5, "ModelCardName": ["x"], "ModelCardStatus": True, "Tags": "x"}.items():
        wrong = raw_call("SageMaker.CreateModelCard", {**create, member: value})
        check(f"{member} of a wrong type", (400, "SerializationException"), (wrong.status, wrong.code()))
    missing = raw_call("SageMaker.CreateModelCard", {})
    check("missing members", (400, "ValidationException"), (missing.status, missing.code()))
    check("the message names them", matching("modelCardName.*Member must not be null"), json.loads(missing.body).get("message", ""))
    refused("a malformed ARN", "ValidationException", 400, sagemaker.describe_model_card, ModelCardName="arn:aws:sagemaker:us-east-1:model-card/x")
    denied("a card of an unknown account", sagemaker.describe_model_card, ModelCardName="arn:aws:sagemaker:us-east-1:999999999999:model-card/x")
    refused("an update of a card that is not there", "ResourceNotFound", 400, sagemaker.update_model_card, ModelCardName="no-such-card", Content="{}")
    refused("a deletion of a card that is not there", "ResourceNotFound", 400, sagemaker.delete_model_card, ModelCardName="no-such-card")
    refused("too large a page", "ValidationException", 400, sagemaker.list_model_cards, MaxResults=101)

    for name in ("constructor", "toString", "hasOwnProperty"):
        works(f"a card may be called {name}", sagemaker.create_model_card, **{**create, "ModelCardName": name})
        works(f"and be deleted, {name}", sagemaker.delete_model_card, ModelCardName=name)
    for body, name in ((b"{", "half a body"), (b"[]", "a list as body"), (b"\xff\xfe", "a body that is no text"), (b'"x"', "a text as body")):
        malformed = raw_call("SageMaker.CreateModelCard", body)
        check(f"JSON: {name}", (400, "SerializationException"), (malformed.status, malformed.code()))
    unknown = raw_call("SageMaker.NoSuchOperation", {})
    check("JSON: an unknown operation", (400, "UnknownOperationException"), (unknown.status, unknown.code()))
    nobody = raw_call("NoSuchService.Operation", {}, "nosuchservice")
    check("JSON: an unknown service", (400, "UnknownOperationException"), (nobody.status, nobody.code()))
    check("JSON: GET instead of POST", (404, "UnknownOperationException"), (lambda got: (got.status, got.code()))(
        http("GET", f"{options.aws}/", None, {"X-Amz-Target": "SageMaker.ListModelCards", "Authorization": signature("sagemaker")})))
    ram_headers = {"Authorization": signature("ram"), "Content-Type": "application/json"}
    for method, path, body, name, expected in (
        ("POST", "/nosuchoperation", b"{}", "an unknown operation", (404, "UnknownOperationException")),
        ("GET", "/createresourceshare", None, "GET instead of POST", (404, "UnknownOperationException")),
        ("POST", "/createresourceshare", b"{", "half a body", (400, "SerializationException")),
        ("POST", "/createresourceshare", b'{"name": 5}', "a wrong type", (400, "SerializationException")),
    ):
        got = http(method, options.aws + path, body, ram_headers)
        check(f"REST: {name}", expected, (got.status, got.code()))
    query = http("POST", f"{options.aws}/", b"Action=NoSuchAction&Version=2011-06-15",
                 {"Authorization": signature("sts"), "Content-Type": "application/x-www-form-urlencoded"})
    check("Query: an unknown action", (400, True), (query.status, "<Code>InvalidAction</Code>" in query.body))
    unsigned = http("POST", f"{options.aws}/", b"{}", {"X-Amz-Target": "SageMaker.ListModelCards", "Content-Type": "application/x-amz-json-1.1"})
    check("a call without a signature", (403, "MissingAuthenticationTokenException"), (unsigned.status, unsigned.code()))
    deep = "[" * 100_000 + "]" * 100_000
    for name, call in {
        "execution's input": ("AWSStepFunctions.StartExecution", {"stateMachineArn": state_machine(), "input": deep}, "states", "1.0"),
        "event": ("AWSEvents.PutEvents", {"Entries": [{"Source": "a", "DetailType": "b", "Detail": f'{{"a":{deep}}}'}]}, "events"),
        "item": ("DynamoDB_20120810.PutItem", f'{{"TableName":"cardway","Item":{{"pk":{deep}}}}}'.encode(), "dynamodb", "1.0"),
        "item of nested lists": ("DynamoDB_20120810.PutItem", ('{"TableName":"cardway","Item":{"pk":' + '{"L":[' * 50_000 + "]}" * 50_000 + "}}").encode(), "dynamodb", "1.0"),
    }.items():
        check(f"JSON: an {name} nested deeper than any stack is no failure of the server", below(500), raw_call(*call).status)
    large = raw_call("SageMaker.CreateModelCard", b'{"Content": "' + b"x" * 9_000_000 + b'"}')
    check("a body of 9 MB", 413, large.status)
    check("every answer carries a request id", True, bool(unknown.headers.get("x-amzn-requestid")))
    check("nothing was created", [], sagemaker.list_model_cards(NameContains=f"Fault-{run_id}")["ModelCardSummaries"])
    check("the web pages answer", 404, http("GET", f"{options.web}/approvals/x/y/z").status)
    check("the inbox answers", 200, http("GET", f"{options.web}/inbox").status)
    works("the server is still up", sagemaker.list_model_cards)


def exports():
    """A card as a PDF in the bucket for evidence, and what else a bucket is good for."""
    sagemaker, s3 = client("sagemaker"), client("s3")
    name, bucket = f"Export-{run_id}", f"cardway-evidence-{OWNER}-{HOME_REGION}"
    card = create_card(name, content='{"model_overview": {"model_owner": "Zoë"}}')
    check("the bucket for evidence is there from the start", containing(bucket), [one["Name"] for one in s3.list_buckets()["Buckets"]])

    arn = sagemaker.create_model_card_export_job(ModelCardName=card, ModelCardExportJobName="boto3",
                                                 OutputConfig={"S3OutputPath": f"s3://{bucket}/exports"})["ModelCardExportJobArn"]
    check("an export job's ARN", f"{card}/export-job/boto3", arn)
    job = happens("the export is completed", lambda: (found := sagemaker.describe_model_card_export_job(
        ModelCardExportJobArn=arn))["Status"] == "Completed" and found)
    artifacts = job["ExportArtifacts"]["S3ExportArtifacts"]
    check("the PDF is below the path that was asked for", matching(rf"^s3://{bucket}/exports/.*\.pdf$"), artifacts)
    key = artifacts.split("/", 3)[3]
    pdf = s3.get_object(Bucket=bucket, Key=key)
    content = pdf["Body"].read()
    check("it is a PDF", ("application/pdf", True, True), (pdf["ContentType"], content.startswith(b"%PDF-"), content.rstrip().endswith(b"%%EOF")))
    refused("a job's name twice is refused", "ConflictException", 400, sagemaker.create_model_card_export_job, ModelCardName=name,
            ModelCardExportJobName="boto3", OutputConfig={"S3OutputPath": f"s3://{bucket}"})
    refused("a card that is not there is not exported", "ResourceNotFound", 400, sagemaker.create_model_card_export_job,
            ModelCardName="no-such-card", ModelCardExportJobName="x", OutputConfig={"S3OutputPath": f"s3://{bucket}"})
    denied("a card that is not shared is not exported", client("sagemaker", OUTSIDE).create_model_card_export_job, ModelCardName=card,
           ModelCardExportJobName="x", OutputConfig={"S3OutputPath": f"s3://{bucket}"})
    lost = sagemaker.create_model_card_export_job(ModelCardName=name, ModelCardExportJobName="lost", OutputConfig={
        "S3OutputPath": "s3://nobody-has-this"})["ModelCardExportJobArn"]
    failed = happens("an export to nowhere fails", lambda: (found := sagemaker.describe_model_card_export_job(
        ModelCardExportJobArn=lost))["Status"] == "Failed" and found)
    check("and says why", "The specified bucket does not exist", failed["FailureReason"])
    check("the jobs of a card", ["boto3", "lost"], [one["ModelCardExportJobName"] for one in list_all(
        sagemaker, "list_model_card_export_jobs", "ModelCardExportJobSummaries", ModelCardName=name, MaxResults=1)])

    started = aws_json("create-model-card-export-job", f"aws sagemaker create-model-card-export-job --model-card-name {name} "
                       f"--model-card-export-job-name cli --output-config S3OutputPath=s3://{bucket}/cli")["ModelCardExportJobArn"]
    done = happens("aws: describe-model-card-export-job says Completed", lambda: (found := json.loads(aws(
        f"aws sagemaker describe-model-card-export-job --model-card-export-job-arn {started}").stdout))["Status"] == "Completed" and found)
    downloaded = os.path.join(program_home, "card.pdf")
    copied = aws(f"aws s3 cp {done['ExportArtifacts']['S3ExportArtifacts']} {downloaded}")
    check("aws: s3 cp downloads the PDF", (0, ""), (copied.returncode, copied.stderr.strip()))
    check("it is one too", True, open(downloaded, "rb").read().startswith(b"%PDF-"))
    check("aws: s3 ls shows it", matching(r"cli/Export-"), aws(f"aws s3 ls s3://{bucket}/cli --recursive").stdout)
    uploaded = aws(f"aws s3 cp {downloaded} s3://{bucket}/{run_id}/uploaded.pdf --metadata source=contract")
    check("aws: s3 cp uploads", (0, ""), (uploaded.returncode, uploaded.stderr.strip()))
    head = aws_json("s3api head-object", f"aws s3api head-object --bucket {bucket} --key {run_id}/uploaded.pdf")
    check("head-object tells length, kind and metadata", (os.path.getsize(downloaded), "application/pdf", {"source": "contract"}),
          (head["ContentLength"], head["ContentType"], head["Metadata"]))
    aws_refused("s3api get-object of what is not there", "NoSuchKey", f"aws s3api get-object --bucket {bucket} --key no-such-key {downloaded}")
    removed = aws(f"aws s3 rm s3://{bucket}/{run_id}/uploaded.pdf")
    check("aws: s3 rm", (0, ""), (removed.returncode, removed.stderr.strip()))

    own = f"contract-{run_id}"
    works("a bucket of one's own", s3.create_bucket, Bucket=own)
    refused("which nobody else may have", "BucketAlreadyExists", 409, client("s3", OUTSIDE).create_bucket, Bucket=own)
    refused("nor read", "AccessDenied", 403, client("s3", OUTSIDE).get_object, Bucket=bucket, Key=key)
    works("a bucket in another Region", client("s3", OWNER, "eu-west-1").create_bucket, Bucket=f"{own}-eu",
          CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    works("which is there", client("s3", OWNER, "eu-west-1").head_bucket, Bucket=f"{own}-eu")
    refused("a bucket that is not there", "404", 404, s3.head_bucket, Bucket="nobody-has-this")
    keys = [f"{folder}/Zoë & {index:02} %.txt" for folder in "ab" for index in range(6)]
    for one in keys:
        s3.put_object(Bucket=own, Key=one, Body=one.encode())
    check("objects page by page", keys, [one["Key"] for page in s3.get_paginator("list_objects_v2").paginate(
        Bucket=own, PaginationConfig={"PageSize": 5}) for one in page["Contents"]])
    check("folders", ["a/", "b/"], [one["Prefix"] for one in s3.list_objects_v2(Bucket=own, Delimiter="/")["CommonPrefixes"]])
    check("a part of an object", keys[0].encode()[2:5], s3.get_object(Bucket=own, Key=keys[0], Range="bytes=2-4")["Body"].read())
    check("a presigned URL", keys[0], http("GET", client("s3", signature_version="s3v4").generate_presigned_url(
        "get_object", Params={"Bucket": own, "Key": keys[0]})).body)
    hosted = http("GET", f"{options.aws}/{urllib.parse.quote(keys[0])}", None,
                  {"Authorization": signature("s3"), "Host": f"{own}.localhost"})
    check("a bucket before the host's name", (200, keys[0]), (hosted.status, hosted.body))
    works("a deletion", s3.delete_object, Bucket=own, Key=keys[0])
    refused("and then it is gone", "NoSuchKey", 404, s3.get_object, Bucket=own, Key=keys[0])
    by_path = client("s3", s3={"addressing_style": "path"})
    check("path-style by configuration", keys[1].encode(), by_path.get_object(Bucket=own, Key=keys[1])["Body"].read())
    sagemaker.delete_model_card(ModelCardName=name)
    refused("a card's jobs go with it", "ResourceNotFound", 400, sagemaker.describe_model_card_export_job, ModelCardExportJobArn=arn)


def main():
    sections = (the_articles_own_commands, commands_of_operators, card_operations, exports, sharing_by_hand, journey_at_home, journey_in_another_region,
                events, the_dead_letter_queue, what_a_deployment_brings, executions, identity, functions_and_keys, the_table, faults)
    for section in sections:
        if options.only not in section.__name__:
            continue
        try:
            section()
        except Exception as error:  # One broken section must not hide the others.
            check(f"{section.__name__.replace('_', ' ')} is played to its end", "no exception", f"{type(error).__name__}: {error}")
    shutil.rmtree(program_home)
    print(f"{counts['passed']} passed, {counts['failed']} failed, 0 skipped", flush=True)
    sys.exit(1 if counts["failed"] else 0)


main()
