import type { AddCommand } from "./command.ts";
import { accessCommand } from "./commands/access.ts";
import { auditCommand } from "./commands/audit.ts";
import { cardCommand } from "./commands/card.ts";
import { deadLettersCommand } from "./commands/dead-letters.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { evidenceCommand } from "./commands/evidence.ts";
import { executionCommand } from "./commands/execution.ts";
import { executionsCommand } from "./commands/executions.ts";
import { explainCommand } from "./commands/explain.ts";
import { lookCommand } from "./commands/look.ts";
import { memberTemplateCommand } from "./commands/member-template.ts";
import { redriveCommand } from "./commands/redrive.ts";
import { remindCommand } from "./commands/remind.ts";
import { requestsCommand } from "./commands/requests.ts";
import { statusCommand } from "./commands/status.ts";
import { stopCommand } from "./commands/stop.ts";
import { sweepCommand } from "./commands/sweep.ts";
import { withdrawCommand } from "./commands/withdraw.ts";

/** Every command, in the order of the help, by the heading that it stands under. A new one is a file in `commands/` and a name here. */
export const commands: Readonly<Record<string, readonly AddCommand[]>> = {
  Look: [
    statusCommand,
    cardCommand,
    explainCommand,
    executionsCommand,
    executionCommand,
    requestsCommand,
    accessCommand,
    auditCommand,
    evidenceCommand,
  ],
  Act: [
    sweepCommand,
    lookCommand,
    redriveCommand,
    stopCommand,
    deadLettersCommand,
    remindCommand,
    withdrawCommand,
  ],
  "Set up": [doctorCommand, memberTemplateCommand],
};
